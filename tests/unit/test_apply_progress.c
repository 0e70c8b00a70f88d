#include "base_test.h"

#include <pty.h>
#include <sys/ioctl.h>

#include "apply/apply.h"

struct desk {
	struct phx_arena arena;
	struct phx_plan plan;
	struct phx_action *a[3];
	struct phx_action_result results[3];
	struct phx_apply_result run;
	char *text;
	size_t size;
	FILE *out;
	struct phx_progress *p;
	struct phx_listener l;
};

static int set_up(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	unsetenv("LC_ALL");
	unsetenv("LC_CTYPE");
	setenv("LANG", "C.UTF-8", 1);
	d->plan.stack = PHX_STR("lab");
	d->out = open_memstream(&d->text, &d->size);
	for (uint32_t i = 0; i < 3; i++) {
		d->a[i] = PHX_NEW(&d->arena, struct phx_action);
		d->a[i]->body = &phx_action_no_body;
		d->a[i]->id = i + 1;
		d->a[i]->address = i == 2 ? PHX_STR("vm.db") : PHX_STR("vm.web");
		d->a[i]->summary = i == 2 ? PHX_STR("start 102")
				   : i    ? PHX_STR("start 101")
					  : PHX_STR("clone vm 900 (full) to 101");
		phx_vec_push(&d->arena, &d->plan.actions, d->a[i]);
	}
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	phx_progress_close(d->p);
	fclose(d->out);
	free(d->text);
	phx_arena_done(&d->arena);
	free(d);
	return 0;
}

static void open_it(struct desk *d, bool tty, uint32_t width, uint32_t height)
{
	struct phx_progress_options o = {.out = d->out, .tty = tty, .width = width, .height = height};

	d->p = phx_progress_open(&o, &d->l);
}

static void event(struct desk *d, enum phx_event_kind kind, int action, uint64_t at, const char *text)
{
	struct phx_event e = {.kind = kind,
			      .at_ms = at,
			      .plan = &d->plan,
			      .total = 3,
			      .text = phx_str_c(text),
			      .run = &d->run};

	if (action >= 0) {
		e.action = d->a[action];
		e.result = &d->results[action];
	}
	d->l.event(d->l.user, &e);
	fflush(d->out);
}

static void elsewhere_it_is_one_plain_line_an_event(void **state)
{
	struct desk *d = *state;

	open_it(d, false, 0, 0);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 100, NULL);
	event(d, PHX_EV_PROGRESS, 0, 5000, "copied 10 %");
	d->results[0] =
		(struct phx_action_result){.outcome = PHX_OUT_DONE, .started_ms = 100, .ended_ms = 12400};
	event(d, PHX_EV_FINISH, 0, 12400, NULL);
	d->results[1] =
		(struct phx_action_result){.outcome = PHX_OUT_FAILED, .message = PHX_STR("two\nlines")};
	event(d, PHX_EV_FINISH, 1, 13000, NULL);
	event(d, PHX_EV_INTERRUPT, -1, 14000, "nothing more is started");
	assert_string_equal(d->text,
			    "     0.1s start     a1 vm.web: clone vm 900 (full) to 101\n"
			    "     5.0s ...       a1 vm.web: clone vm 900 (full) to 101: copied 10 %\n"
			    "    12.4s done      a1 vm.web: clone vm 900 (full) to 101 (12.3 s)\n"
			    "    13.0s failed    a2 vm.web: start 101 (0.0 s): two | lines\n"
			    "    14.0s stop      nothing more is started\n");
}

static void on_a_terminal_the_tree_is_drawn_in_its_place(void **state)
{
	struct desk *d = *state;

	open_it(d, true, 60, 20);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 0, NULL);
	assert_non_null(strstr(
		d->text,
		"lab: 0 of 3 actions, 1 at work, 0:00\n└─ 0:00  vm.web: clone vm 900 (full) to 101\n"));
	event(d, PHX_EV_START, 2, 1000, NULL);
	d->l.tick(d->l.user, 65000);
	fflush(d->out);
	assert_non_null(strstr(d->text,
			       "\r\x1b[3A\x1b[Jlab: 0 of 3 actions, 2 at work, 1:05\n"
			       "├─ 1:05  vm.web: clone vm 900 (full) to 101\n└─ 1:04  vm.db: start 102\n"));
	phx_progress_note(d->p, PHX_STR("no answer; again in 2.0 s"));
	fflush(d->out);
	assert_non_null(strstr(d->text, "\r\x1b[3A\x1b[J! no answer; again in 2.0 s\nlab: 0 of 3 actions"));
	d->results[2] = (struct phx_action_result){.outcome = PHX_OUT_DONE, .ended_ms = 64000};
	event(d, PHX_EV_FINISH, 2, 66000, NULL);
	assert_non_null(strstr(d->text, "✓ vm.db\n"));
	d->results[0] = (struct phx_action_result){.outcome = PHX_OUT_FAILED, .message = PHX_STR("no space")};
	event(d, PHX_EV_FINISH, 0, 67000, NULL);
	assert_non_null(strstr(d->text, "✗ vm.web: clone vm 900 (full) to 101 (0.0 s): no space\n"));
	phx_progress_close(d->p);
	d->p = NULL;
	fflush(d->out);
	assert_true(phx_str_ends(phx_str_c(d->text), "\r\x1b[1A\x1b[J"));
}

static void lines_are_cut_to_the_width_and_the_tree_to_the_height(void **state)
{
	struct desk *d = *state;
	struct phx_str line, rest;

	open_it(d, true, 24, 4);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	for (int i = 0; i < 3; i++)
		event(d, PHX_EV_START, i, (uint64_t)i * 100, NULL);
	assert_non_null(strstr(d->text, "and 3 more"));
	rest = phx_str_c(d->text);
	while (phx_str_cut(&rest, '\n', &line))
		assert_true(line.len < 24 + 16); /* bytes: the sequences and signs that take no column */
}

static void the_tree_tells_what_each_action_last_said(void **state)
{
	struct desk *d = *state;

	open_it(d, true, 80, 20);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 0, NULL);
	event(d, PHX_EV_TASK, 0, 0, "UPID:pve:…");
	event(d, PHX_EV_PROGRESS, 0, 100, "  transferred 1 GiB\nand more");
	event(d, PHX_EV_PROGRESS, 1, 100, "not at work");
	event(d, PHX_EV_PROGRESS, 0, 100, "");
	d->l.tick(d->l.user, 1000);
	fflush(d->out);
	assert_non_null(strstr(d->text, "└─ 0:01  vm.web: clone vm 900 (full) to 101  transferred 1 GiB\n"));
	event(d, PHX_EV_OUTPUT, 0, 1100, "first line\nnewest line\n");
	d->l.tick(d->l.user, 3725000);
	fflush(d->out);
	assert_non_null(strstr(d->text, "└─ 1:02:05  vm.web: clone vm 900 (full) to 101  newest line\n"));
	assert_null(strstr(d->text, "not at work"));
	assert_null(strstr(d->text, "UPID"));
}

static void warnings_and_interrupts_stay_above_the_tree(void **state)
{
	struct desk *d = *state;

	open_it(d, true, 80, 20);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 0, NULL);
	event(d, PHX_EV_WARNING, 0, 100, "the task ended with warnings");
	event(d, PHX_EV_INTERRUPT, -1, 200, "nothing more is started");
	assert_non_null(strstr(d->text, "\x1b[J! vm.web: the task ended with warnings\nlab: 0 of 3 actions"));
	assert_non_null(strstr(d->text, "\x1b[J! nothing more is started\nlab: 0 of 3 actions"));
	d->results[0] = (struct phx_action_result){
		.outcome = PHX_OUT_DONE, .warned = true, .ended_ms = 65000, .message = PHX_STR("look at it")};
	event(d, PHX_EV_FINISH, 0, 65000, NULL);
	assert_non_null(strstr(d->text, "! vm.web: clone vm 900 (full) to 101 (1:05): look at it\n"));
	event(d, PHX_EV_END, -1, 65000, NULL);
}

static void without_utf8_the_tree_is_of_ascii_and_nothing_drives_the_terminal(void **state)
{
	struct desk *d = *state;

	setenv("LANG", "C", 1);
	d->a[0]->summary = PHX_STR("clone \x1b[2J");
	open_it(d, true, 80, 20);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 0, NULL);
	event(d, PHX_EV_START, 2, 1000, NULL);
	assert_non_null(strstr(d->text, "|- 0:01  vm.web: clone ?[2J\n`- 0:00  vm.db: start 102\n"));
	d->results[2].outcome = PHX_OUT_DONE;
	event(d, PHX_EV_FINISH, 2, 2000, NULL);
	assert_non_null(strstr(d->text, "+ vm.db\n"));
}

static void colours_are_said_by_sequences(void **state)
{
	struct phx_progress_options o = {.colour = true};
	struct desk *d = *state;

	unsetenv("LANG");
	o.out = d->out;
	d->p = phx_progress_open(&o, &d->l);
	d->results[0] = (struct phx_action_result){.outcome = PHX_OUT_LEFT};
	event(d, PHX_EV_FINISH, 0, 100, NULL);
	d->results[1] = (struct phx_action_result){.outcome = PHX_OUT_FAILED, .message = PHX_STR("a\nb")};
	event(d, PHX_EV_FINISH, 1, 200, NULL);
	assert_non_null(strstr(d->text, "\x1b[33mleft     \x1b[0m"));
	assert_non_null(strstr(d->text, "\x1b[1;31mfailed   \x1b[0m a2 vm.web: start 101 (0.0 s): a | b\n"));
}

/* Asked again each time: it changes under a running apply. */
static void the_size_is_the_terminals(void **state)
{
	struct winsize size = {.ws_row = 20, .ws_col = 30};
	struct phx_progress_options o = {.tty = true};
	struct desk *d = *state;
	char text[4096];
	int master, slave;
	ssize_t n;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	o.out = fdopen(slave, "w");
	d->p = phx_progress_open(&o, &d->l);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 0, NULL);
	n = read(master, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = 0;
	assert_non_null(strstr(text, "  vm.web: clone vm 900\r\n"));
	size.ws_col = 60;
	assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
	d->l.tick(d->l.user, 1000);
	n = read(master, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = 0;
	assert_non_null(strstr(text, "  vm.web: clone vm 900 (full) to 101\r\n"));
	phx_progress_close(d->p);
	d->p = NULL;
	fclose(o.out);
	close(master);
}

/* What is no terminal has no size to ask for. */
static void without_a_size_lines_are_cut_all_the_same(void **state)
{
	char summary[400];
	struct desk *d = *state;

	memset(summary, 'x', sizeof(summary) - 1);
	summary[sizeof(summary) - 1] = 0;
	d->a[0]->summary = phx_str_c(summary);
	open_it(d, true, 0, 0);
	event(d, PHX_EV_BEGIN, -1, 0, NULL);
	event(d, PHX_EV_START, 0, 0, NULL);
	summary[60] = 0;
	assert_non_null(strstr(d->text, summary));
	assert_null(strstr(d->text, d->a[0]->summary.ptr + 200));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(elsewhere_it_is_one_plain_line_an_event),
		T(on_a_terminal_the_tree_is_drawn_in_its_place),
		T(the_tree_tells_what_each_action_last_said),
		T(warnings_and_interrupts_stay_above_the_tree),
		T(without_utf8_the_tree_is_of_ascii_and_nothing_drives_the_terminal),
		T(colours_are_said_by_sequences),
		T(the_size_is_the_terminals),
		T(lines_are_cut_to_the_width_and_the_tree_to_the_height),
		T(without_a_size_lines_are_cut_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
