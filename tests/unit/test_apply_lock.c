#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base_test.h"

#include "backend/backend.h"
#include "plan/stack_lock.h"

static void the_pool_is_named_after_the_stack(void **state)
{
	struct phx_arena a = {0};
	struct phx_params p = {0};

	(void)state;
	assert_str(phx_stack_lock_pool(&a, PHX_STR("lab")), "phx-lock-lab");
	assert_str(phx_stack_lock_path(&a, PHX_STR("lab")), "/pools/phx-lock-lab");
	assert_true(phx_stack_lock_is(PHX_STR("phx-lock-lab")));
	assert_false(phx_stack_lock_is(PHX_STR("phx-lock-")));
	assert_false(phx_stack_lock_is(PHX_STR("lab")));
	phx_stack_lock_params(&a, PHX_STR("lab"), &p);
	assert_int_equal(p.v.n, 2);
	assert_str(p.v.v[0].name, "poolid");
	assert_str(p.v.v[1].value, "(who and when)");
	phx_arena_done(&a);
}

static void a_holder_is_read_as_it_was_written(void **state)
{
	struct phx_arena a = {0};
	struct phx_stack_holder self = phx_stack_holder_self(&a, PHX_STR("root@pam!phx"), 1795176000000),
				back;
	struct phx_str comment = phx_stack_holder_print(&a, &self);

	(void)state;
	assert_int_equal(self.pid, getpid());
	assert_str(self.started, "2026-11-20T12:00:00Z");
	assert_true(phx_stack_holder_read(&a, phx_str_printf(&a, " " PHX_STR_FMT "\n", PHX_STR_ARG(comment)),
					  &back));
	assert_true(phx_str_eq(back.who, self.who));
	assert_true(phx_str_eq(back.machine, self.machine));
	assert_true(phx_str_eq(back.boot, self.boot));
	assert_true(phx_str_eq(back.run, self.run));
	assert_int_equal(back.pid, self.pid);
	assert_int_equal(back.ticks, self.ticks);
	assert_true(strstr(phx_stack_holder_text(&a, &back).ptr, "root@pam!phx on ") != NULL);
	phx_arena_done(&a);
}

static void comments_of_others_are_no_holders(void **state)
{
	static const char *const bad[] = {"",
					  "my pool",
					  "phx lock",
					  "phx lock ",
					  "phx lock who=a",
					  "phx lock who=a host=b pid=x started=c run=d",
					  "phx lock who=a host=b pid=0 started=c run=d",
					  "phx lock who=a host=b pid=1 started=c ticks=-1 run=d"};
	struct phx_arena a = {0};
	struct phx_stack_holder h;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(bad); i++)
		assert_false(phx_stack_holder_read(&a, phx_str_c(bad[i]), &h));
	assert_true(phx_stack_holder_read(
		&a, PHX_STR("phx lock who=a\x1b host=b pid=1 started=c run=d later=1"), &h));
	assert_str(h.who, "a_");
	phx_arena_done(&a);
}

static void a_holder_is_dead_only_when_that_is_sure(void **state)
{
	struct phx_arena a = {0};
	struct phx_stack_holder self = phx_stack_holder_self(&a, PHX_STR("w"), 0), h = self;

	(void)state;
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_SELF);
	h.run = PHX_STR("other");
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_ALIVE);
	h.ticks++; /* the pid belongs to another process now */
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_DEAD);
	h = self;
	h.run = PHX_STR("other");
	h.pid = 999999999;
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_DEAD);
	h.boot = PHX_STR("earlier");
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_DEAD);
	h.machine = PHX_STR("elsewhere");
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_ELSEWHERE);
	h.machine = PHX_STR("");
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_ELSEWHERE);
	phx_arena_done(&a);
}

/* Where nobody waits for processes (a container whose first one does not), the killed holder stays in the table. */
static void a_holder_that_nobody_has_waited_for_is_dead(void **state)
{
	struct phx_arena a = {0};
	struct phx_stack_holder self = phx_stack_holder_self(&a, PHX_STR("w"), 0), h = self;
	char path[40], stat[512] = "", *field;
	siginfo_t ended;
	FILE *f;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(0);
	assert_true(child > 0);
	assert_int_equal(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), 0);
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(stat, sizeof(stat), f));
	fclose(f);
	field = strrchr(stat, ')');
	assert_true(field && field[2] == 'Z');
	for (int i = 2; i < 22; i++) {
		field = strchr(field + 1, ' ');
		assert_non_null(field);
	}
	h.run = PHX_STR("other");
	h.pid = (uint64_t)child;
	h.ticks = strtoull(field, NULL, 10);
	assert_int_equal(phx_stack_holder_state(&h, &self), PHX_HOLDER_DEAD);
	assert_int_equal(waitpid(child, NULL, 0), child);
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pool_is_named_after_the_stack),
		cmocka_unit_test(a_holder_is_read_as_it_was_written),
		cmocka_unit_test(comments_of_others_are_no_holders),
		cmocka_unit_test(a_holder_is_dead_only_when_that_is_sure),
		cmocka_unit_test(a_holder_that_nobody_has_waited_for_is_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
