/* The handle that leads into guests: what it asks, and that it asks for nothing else. */
#include "base_test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "backend/backend_priv.h"

struct fake {
	struct phx_arena arena;
	struct phx_backend b;
	struct phx_buf sent; /* a line each */
};

static void fake_send(void *impl, const struct phx_request *r)
{
	struct fake *f = impl;

	phx_buf_printf(&f->sent, "%s " PHX_STR_FMT "\n", phx_method_name(r->method), PHX_STR_ARG(r->path));
}

static uint64_t fake_command(void *impl, const struct phx_command *c)
{
	struct fake *f = impl;

	for (uint32_t i = 0; i < c->argc; i++)
		phx_buf_printf(&f->sent, "%s" PHX_STR_FMT, i ? " " : "", PHX_STR_ARG(c->argv[i]));
	phx_buf_ch(&f->sent, '\n');
	return 1;
}

static const struct phx_backend_ops ops = {.send = fake_send, .command = fake_command};

static void command(struct fake *f, const char *line)
{
	PHX_VEC(struct phx_str) argv = {0};
	struct phx_str rest = phx_str_c(line), word;
	struct phx_command c = {.node = PHX_STR("pve")};

	while (phx_str_cut(&rest, ' ', &word))
		phx_vec_push(&f->arena, &argv, word);
	c.argv = argv.v;
	c.argc = argv.n;
	(void)phx_inside_command(phx_backend_inside(&f->b), &c);
}

static void it_asks_the_agent_and_no_more(void **state)
{
	struct fake f = {0};

	(void)state;
	phx_backend_wire(&f.b, &ops, &f);
	for (int what = 0; what < PHX_AGENT_ASKS; what++)
		phx_inside_ask(phx_backend_inside(&f.b),
			       &(struct phx_agent_request){
				       .what = (enum phx_agent_ask)what, .node = PHX_STR("pve"), .id = 101});
	assert_string_equal(f.sent.ptr, "GET /nodes/pve/qemu/101/agent/info\n"
					"POST /nodes/pve/qemu/101/agent/exec\n"
					"GET /nodes/pve/qemu/101/agent/exec-status\n"
					"GET /nodes/pve/qemu/101/agent/file-read\n"
					"POST /nodes/pve/qemu/101/agent/file-write\n");
	phx_buf_done(&f.sent);
	phx_arena_done(&f.arena);
}

static void it_starts_what_leads_into_guests(void **state)
{
	static const char lines[] = "pct exec 101 -- /bin/sh\nqm guest exec 101 --pass-stdin 1 -- /bin/sh\n"
				    "qm guest exec-status 101 4711\nqm agent 101 ping\n";
	struct phx_str rest = PHX_STR(lines), line;
	struct fake f = {0};

	(void)state;
	phx_backend_wire(&f.b, &ops, &f);
	while (rest.len && phx_str_cut(&rest, '\n', &line))
		command(&f, phx_str_dup(&f.arena, line).ptr);
	assert_string_equal(f.sent.ptr, lines);
	phx_buf_done(&f.sent);
	phx_arena_done(&f.arena);
}

static void anything_else_is_a_bug(void **state)
{
	static const char *const lines[] = {"qm set 101 --memory 1", "pct exec 101 rm -rf",
					    "qm agent 101 shutdown", "pct exec -- 101 /bin/sh",
					    "qm guest exec"};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(lines); i++) {
		pid_t child = fork();
		int status = 0;

		assert_true(child >= 0);
		if (child == 0) {
			struct fake f = {0};

			assert_true(freopen("/dev/null", "w", stderr) != NULL);
			phx_backend_wire(&f.b, &ops, &f);
			command(&f, lines[i]);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 70);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_asks_the_agent_and_no_more),
		cmocka_unit_test(it_starts_what_leads_into_guests),
		cmocka_unit_test(anything_else_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
