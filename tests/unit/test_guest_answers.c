/* What may come back from a guest: the channel against answers of the guest agent that no agent gives on order. */
#include "apply_lab.h"

#include <sys/stat.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

struct seen {
	bool done;
	enum phx_err_kind kind;
	int exit_code, signal;
	struct phx_buf message, hint, told, bytes, log;
};

struct desk {
	struct lab *l;
	struct phx_channel *c;
	bool (*answer)(void *user, const struct phx_request *r, struct phx_answer *out); /* the lab's */
	char ids[2000][64]; /* of the run in each guest, as the wrapper got it */
	struct seen seen[40];
	uint32_t n;
};

static struct desk desk;

static void on_seen(void *user, struct phx_str what)
{
	phx_buf_str(&((struct seen *)user)->told, what);
	phx_buf_ch(&((struct seen *)user)->told, '\n');
}

static void on_done(void *user, const struct phx_guest_end *end)
{
	struct seen *s = user;

	assert_false(s->done);
	s->done = true;
	s->kind = end->err.kind;
	s->exit_code = end->exit_code;
	s->signal = end->signal;
	phx_buf_str(&s->message, phx_buf_view(&end->err.msg));
	phx_buf_str(&s->hint, phx_buf_view(&end->err.hint));
	phx_buf_str(&s->bytes, end->bytes);
	phx_buf_str(&s->log, end->log);
}

/* "phx_begin ID …" and "phx_join ID …" at the end of what /bin/sh reads. */
static void remember_id(unsigned guest, struct phx_str script)
{
	static const char *const calls[] = {"\nphx_begin ", "\nphx_join "};

	for (size_t i = 0; i < PHX_COUNTOF(calls); i++) {
		ptrdiff_t at = phx_str_find(script, phx_str_c(calls[i]));
		struct phx_str rest, id;

		if (at < 0)
			continue;
		rest = phx_str_from(script, (size_t)at + strlen(calls[i]));
		if (phx_str_cut(&rest, ' ', &id))
			snprintf(desk.ids[guest], sizeof(desk.ids[guest]), PHX_STR_FMT, PHX_STR_ARG(id));
	}
}

/* An end is only known by the run's own id: "ID" in an answer is replaced by it. */
static void put_id(unsigned guest, json_t *data)
{
	struct phx_str text = phx_json_str(data, "err-data");
	ptrdiff_t at = phx_str_find(text, PHX_STR(" ID "));
	struct phx_buf out = {0};

	if (at < 0)
		return;
	phx_buf_str(&out, phx_str_slice(text, 0, (size_t)at));
	phx_buf_printf(&out, " %s ", desk.ids[guest]);
	phx_buf_str(&out, phx_str_from(text, (size_t)at + 4));
	json_object_set_new(data, "err-data", json_string(out.ptr));
	phx_buf_done(&out);
}

static bool answer(void *user, const struct phx_request *r, struct phx_answer *out)
{
	struct phx_str rest = phx_str_from(r->path, strlen("/nodes/pve/qemu/")), id;
	uint64_t guest = 0;

	assert_true(phx_str_cut(&rest, '/', &id) && phx_parse_u64(id, &guest) && guest < 2000);
	for (uint32_t i = 0; r->params && i < r->params->v.n; i++)
		if (phx_str_eqc(r->params->v.v[i].name, "input-data"))
			remember_id((unsigned)guest, r->params->v.v[i].value);
	if (!desk.answer(user, r, out))
		fail_msg("no answer for %s " PHX_STR_FMT, phx_method_name(r->method), PHX_STR_ARG(r->path));
	put_id((unsigned)guest, out->data);
	return true;
}

static int set_up(void **state)
{
	(void)state;
	desk = (struct desk){.l = lab_new()};
	desk.answer = desk.l->pve.answer;
	desk.l->pve.answer = answer;
	desk.c = phx_channel_open(phx_backend_inside(&desk.l->pve.b), &desk.l->arena, &desk.l->secrets);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	phx_channel_close(desk.c);
	for (uint32_t i = 0; i < desk.n; i++) {
		phx_buf_done(&desk.seen[i].message);
		phx_buf_done(&desk.seen[i].hint);
		phx_buf_done(&desk.seen[i].told);
		phx_buf_done(&desk.seen[i].bytes);
		phx_buf_done(&desk.seen[i].log);
	}
	lab_free(desk.l);
	return 0;
}

static struct phx_guest_watch watch(void)
{
	return (struct phx_guest_watch){.seen = on_seen, .done = on_done, .user = &desk.seen[desk.n++]};
}

static void serve(void)
{
	uint64_t until = phx_now_ms() + 60000;

	for (;;) {
		uint64_t wait = phx_channel_work(desk.c);
		uint32_t left = 0;

		for (uint32_t i = 0; i < desk.n; i++)
			left += !desk.seen[i].done;
		if (!left)
			return;
		if (phx_now_ms() > until)
			fail_msg("%u have no end", left);
		phx_backend_run(&desk.l->pve.b, 0, -1);
		phx_sleep_ms(wait < 10 ? wait : 10);
	}
}

static struct phx_guest_ref guest(unsigned id)
{
	return (struct phx_guest_ref){.is_vm = true, .id = id, .node = PHX_STR("pve")};
}

static struct phx_guest_work work(void)
{
	return (struct phx_guest_work){
		.what = PHX_STR("probe"), .hash = PHX_STR("0123456789ab"), .script = PHX_STR("true\n")};
}

static void begin(unsigned id, const struct phx_guest_work *w)
{
	struct phx_guest_ref ref = guest(id);
	struct phx_guest_watch who = watch();

	(void)phx_guest_do(desk.c, &ref, w, &who);
}

static void refuse(enum phx_method m, unsigned id, const char *what, uint32_t times, int status,
		   const char *text)
{
	lab_answer(desk.l, (struct lab_answer){.method = m,
					       .on = lab_text(desk.l, "/%u/agent/%s", id, what),
					       .times = times,
					       .status = status,
					       .text = text});
}

static void lose(enum phx_method m, unsigned id, const char *what, uint32_t times)
{
	lab_answer(desk.l, (struct lab_answer){.method = m,
					       .on = lab_text(desk.l, "/%u/agent/%s", id, what),
					       .times = times,
					       .kind = PHX_ERR_LOST,
					       .text = "the connection broke"});
}

static void say(enum phx_method m, unsigned id, const char *what, uint32_t times, const char *json)
{
	lab_answer(desk.l, (struct lab_answer){.method = m,
					       .on = lab_text(desk.l, "/%u/agent/%s", id, what),
					       .times = times,
					       .json = json});
}

#define RUNS      "{\"pid\":7}"
#define NOT_YET   "{\"exited\":0}"
#define ENDED(e)  "{\"exited\":1,\"exitcode\":0,\"err-data\":\"" e "\"}"
#define ENDS_WELL ENDED("phx-end ID exit 0\\n")
#define NO_PID    "Agent error: Invalid parameter 'pid'"
#define NO_RIGHT  "Permission check failed (/vms/1, VM.Monitor)"

static void how_a_step_may_end_and_what_is_said_of_it(void **state)
{
	static const struct {
		const char *end;
		enum phx_err_kind kind;
		const char *message;
	} cases[] = {
		{ENDS_WELL, PHX_ERR_NONE, ""},
		{ENDED("phx-end ID known 0\\n"), PHX_ERR_NONE, ""},
		{ENDED("phx-end ID exit 4\\n"), PHX_ERR_TASK, "it ended with exit code 4"},
		{ENDED("phx-end ID exit 137\\n"), PHX_ERR_TASK, "it was ended by signal 9"},
		{ENDED("phx-end ID timeout 30\\n"), PHX_ERR_TIMEOUT,
		 "no end within 30 s; it was ended, with all its processes"},
		{ENDED("phx: no space\\nphx-end ID fail 125\\n"), PHX_ERR_TASK,
		 "it could not be begun in the guest: no space"},
		{ENDED("phx-end ID strange 1\\n"), PHX_ERR_TASK,
		 "the guest does not say how it ended: phx-end "},
		{ENDED("phx-end another exit 0\\n"), PHX_ERR_TASK,
		 "the guest does not say how it ended: phx-end another exit 0"},
		{ENDED("phx-end ID exit 0\\nand more"), PHX_ERR_TASK, "the guest does not say how it ended"},
		{ENDED("sh: not found\\u001b[2J"), PHX_ERR_TASK,
		 "the guest does not say how it ended: sh: not found\\x1b[2J"},
		{"{\"exited\":1,\"exitcode\":0}", PHX_ERR_TASK, "the guest does not say how it ended"},
		{"{\"exited\":1,\"out-truncated\":1}", PHX_ERR_DATA, "the end of the step came back cut off"},
		{"{\"exited\":1,\"err-truncated\":1}", PHX_ERR_DATA, "the end of the step came back cut off"},
		{"{\"exited\":1,\"out-data\":\"phx-out\\nmany\\n\",\"err-data\":\"phx-end ID exit 0\\n\"}",
		 PHX_ERR_TASK, "what the guest says of its output cannot be read"},
		{"{\"exited\":1,\"out-data\":\"odd\",\"err-data\":\"phx-end ID exit 0\\n\"}", PHX_ERR_TASK,
		 "what the guest says of its output cannot be read"},
	};
	struct phx_guest_work w = work();

	(void)state;
	for (unsigned i = 0; i < PHX_COUNTOF(cases); i++) {
		begin(100 + i, &w);
		say(PHX_POST, 100 + i, "exec", 0, RUNS);
		say(PHX_GET, 100 + i, "exec-status", 1, NOT_YET);
		say(PHX_GET, 100 + i, "exec-status", 0, cases[i].end);
	}
	serve();
	for (unsigned i = 0; i < PHX_COUNTOF(cases); i++) {
		const char *message = desk.seen[i].message.ptr ? desk.seen[i].message.ptr : "";

		if (desk.seen[i].kind != cases[i].kind ||
		    strncmp(message, cases[i].message, strlen(cases[i].message)) != 0)
			fail_msg("%s: %d, %s", cases[i].end, (int)desk.seen[i].kind, message);
	}
	assert_string_equal(desk.seen[2].log.ptr, "/var/log/phx/probe.log");
}

static void what_keeps_a_step_from_being_begun(void **state)
{
	struct phx_guest_work w = work();

	(void)state;
	begin(200, &w);
	refuse(PHX_POST, 200, "exec", 2, 500, "VM 200 is not running");
	begin(201, &w);
	refuse(PHX_POST, 201, "exec", 0, 596, "Broken pipe");
	begin(202, &w);
	refuse(PHX_POST, 202, "exec", 0, 403, NO_RIGHT);
	begin(203, &w);
	refuse(PHX_POST, 203, "exec", 2, 500, "QEMU guest agent is not running");
	for (unsigned id = 200; id < 204; id++) {
		say(PHX_POST, id, "exec", 0, RUNS);
		say(PHX_GET, id, "exec-status", 0, ENDS_WELL);
	}
	serve();
	assert_int_equal(desk.seen[0].kind, PHX_ERR_NONE);
	assert_string_equal(desk.seen[0].told.ptr, "the guest is not running\n");
	assert_int_equal(desk.seen[1].kind, PHX_ERR_MISSING);
	assert_string_equal(desk.seen[1].message.ptr, "the guest agent could not start /bin/sh");
	assert_says(desk.seen[1].hint.ptr, "is there a /bin/sh");
	assert_int_equal(desk.seen[2].kind, PHX_ERR_PERMISSION);
	assert_int_equal(desk.seen[3].kind, PHX_ERR_NONE);
	assert_string_equal(desk.seen[3].told.ptr, "QEMU guest agent is not running\n");
}

/* The guest keeps the state: it is asked again, and nothing is begun twice. */
static void a_step_that_nobody_watches_any_more_is_joined(void **state)
{
	struct phx_guest_work w = work();

	(void)state;
	begin(300, &w); /* the agent was started again */
	say(PHX_POST, 300, "exec", 0, RUNS);
	refuse(PHX_GET, 300, "exec-status", 1, 500, NO_PID);
	say(PHX_GET, 300, "exec-status", 0, ENDS_WELL);
	begin(301, &w); /* the answer to its beginning was lost */
	lose(PHX_POST, 301, "exec", 1);
	say(PHX_POST, 301, "exec", 0, RUNS);
	say(PHX_GET, 301, "exec-status", 0, ENDED("phx-joined\\nphx-end ID exit 0\\n"));
	begin(302, &w); /* who watched it was killed */
	say(PHX_POST, 302, "exec", 0, RUNS);
	say(PHX_GET, 302, "exec-status", 1, "{\"exited\":1,\"signal\":9}");
	say(PHX_GET, 302, "exec-status", 0, ENDS_WELL);
	begin(303, &w); /* it cannot be asked after */
	say(PHX_POST, 303, "exec", 1, RUNS);
	refuse(PHX_POST, 303, "exec", 0, 403, NO_RIGHT);
	refuse(PHX_GET, 303, "exec-status", 0, 500, NO_PID);
	begin(304, &w); /* each time it is forgotten */
	say(PHX_POST, 304, "exec", 0, RUNS);
	refuse(PHX_GET, 304, "exec-status", 0, 500, NO_PID);
	begin(305, &w); /* it is not at work, and has not ended: twice again, and then no more */
	say(PHX_POST, 305, "exec", 0, RUNS);
	say(PHX_GET, 305, "exec-status", 0, ENDED("phx-end ID dead 0\\n"));
	begin(306, &w); /* the look at it is refused */
	say(PHX_POST, 306, "exec", 0, RUNS);
	refuse(PHX_GET, 306, "exec-status", 0, 403, NO_RIGHT);
	begin(307, &w); /* the first question after it is lost too */
	lose(PHX_POST, 307, "exec", 2);
	say(PHX_POST, 307, "exec", 0, RUNS);
	say(PHX_GET, 307, "exec-status", 0, ENDS_WELL);
	serve();
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(desk.seen[i].kind, PHX_ERR_NONE);
	assert_int_equal(desk.seen[3].kind, PHX_ERR_PERMISSION);
	assert_int_equal(desk.seen[4].kind, PHX_ERR_LOST);
	assert_string_equal(desk.seen[4].message.ptr,
			    "the guest agent forgets what it started, again and again");
	assert_int_equal(desk.seen[5].kind, PHX_ERR_LOST);
	assert_string_equal(desk.seen[5].message.ptr,
			    "it was ended from outside, again and again; how far it came is unknown");
	assert_says(desk.seen[5].told.ptr, "it was ended from outside; again");
	assert_int_equal(desk.seen[6].kind, PHX_ERR_PERMISSION);
	assert_int_equal(desk.seen[7].kind, PHX_ERR_NONE);
}

/* The guest's own deadline did not help: it is ended from here, as far as it can be reached. */
static void a_guest_that_says_nothing_more_is_given_up(void **state)
{
	struct phx_guest_work w = work();

	(void)state;
	begin(400, &w);
	say(PHX_POST, 400, "exec", 0, RUNS);
	say(PHX_GET, 400, "exec-status", 0, NOT_YET);
	begin(401, &w);
	refuse(PHX_POST, 401, "exec", 0, 500, "QEMU guest agent is not running");
	for (struct phx_op *op = desk.c->ops; op; op = op->next)
		op->deadline = phx_now_ms() + 400;
	serve();
	phx_backend_run(&desk.l->pve.b, 0, -1);
	assert_int_equal(desk.seen[0].kind, PHX_ERR_TIMEOUT);
	assert_string_equal(desk.seen[0].message.ptr, "no end within 0 s");
	assert_int_equal(desk.l->answers[0].seen, 2); /* begun, and ended */
	assert_int_equal(desk.seen[1].kind, PHX_ERR_TIMEOUT);
	assert_string_equal(desk.seen[1].message.ptr,
			    "no end within 0 s; last seen: QEMU guest agent is not running");
}

static void what_cannot_be_packed_is_refused_before_anything_is_sent(void **state)
{
	struct phx_guest_work w = work();
	struct phx_guest_file f = {.name = PHX_STR("motd"),
				   .path = PHX_STR("/nonexistent/motd"),
				   .size = 3,
				   .sha256 = PHX_STR("0")};
	struct phx_guest_ref ref = guest(500);
	struct phx_guest_watch who = watch();
	struct phx_guest_push push = {
		.guest = ref, .path = PHX_STR("/nonexistent/motd"), .to = PHX_STR("/etc/motd")};

	(void)state;
	(void)phx_guest_push(desk.c, &push, &who);
	phx_vec_push(&desk.l->arena, &w.files, f);
	begin(501, &w);
	w = work();
	phx_vec_push(&desk.l->arena, &w.env, ((struct phx_param){PHX_STR("A B"), PHX_STR("x"), false}));
	begin(502, &w);
	w = work();
	phx_vec_push(&desk.l->arena, &w.env, ((struct phx_param){PHX_STR("A"), PHX_STR("x\0y"), false}));
	begin(503, &w);
	serve();
	assert_int_equal(desk.seen[0].kind, PHX_ERR_IO);
	assert_says(desk.seen[0].message.ptr, "/nonexistent/motd: No such file or directory");
	assert_int_equal(desk.seen[1].kind, PHX_ERR_IO);
	assert_says(desk.seen[1].message.ptr, "/nonexistent/motd: No such file or directory");
	assert_string_equal(desk.seen[2].message.ptr, "`A B` is no name of an environment variable");
	assert_string_equal(desk.seen[3].message.ptr, "the value of A holds a NUL byte");
	assert_int_equal(desk.l->pve.writes, 0);
}

/* ---- large files ---- */

static const char *large_file(size_t size)
{
	char *path = strdup("/tmp/phx-guest-XXXXXX");
	int fd = mkstemp(path);

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	close(fd);
	return path;
}

static void begin_large(unsigned id, const char *path)
{
	struct phx_guest_work w = work();
	struct phx_guest_file f = {.name = PHX_STR("big"), .path = phx_str_c(path)};
	struct phx_err err = {0};

	assert_true(phx_guest_file_measure(&desk.l->arena, &f, &err));
	phx_vec_push(&desk.l->arena, &w.files, f);
	begin(id, &w);
}

static void pieces_that_cannot_be_sent_or_taken_are_told(void **state)
{
	const char *whole = large_file(200000), *gone = large_file(200000), *shorter = large_file(200000);

	(void)state;
	begin_large(600, gone);
	begin_large(601, shorter);
	for (unsigned id = 602; id < 608; id++)
		begin_large(id, whole);
	unlink(gone);
	assert_int_equal(truncate(shorter, 1000), 0);
	refuse(PHX_POST, 602, "file-write", 0, 403, NO_RIGHT);
	refuse(PHX_POST, 603, "exec", 0, 403, NO_RIGHT);
	say(PHX_GET, 604, "exec-status", 0,
	    "{\"exited\":1,\"exitcode\":1,\"err-data\":\"mkdir: Read-only file system\\n\"}");
	refuse(PHX_GET, 605, "exec-status", 0, 403, NO_RIGHT);
	/* It is all made again: the agent was started anew, and then a piece was not heard of. */
	refuse(PHX_POST, 606, "exec", 1, 500, "QEMU guest agent is not running");
	refuse(PHX_GET, 606, "exec-status", 1, 500, NO_PID);
	say(PHX_GET, 606, "exec-status", 1, NOT_YET);
	refuse(PHX_GET, 606, "exec-status", 1, 500, "QEMU guest agent is not running");
	lose(PHX_POST, 606, "file-write", 1);
	say(PHX_GET, 606, "exec-status", 1, "{\"exited\":1,\"exitcode\":0}");
	say(PHX_GET, 606, "exec-status", 0, ENDS_WELL);
	say(PHX_GET, 607, "exec-status", 1, "{\"exited\":1,\"exitcode\":0}");
	say(PHX_GET, 607, "exec-status", 0, ENDS_WELL);
	for (unsigned id = 600; id < 608; id++) {
		say(PHX_POST, id, "exec", 0, RUNS);
		say(PHX_POST, id, "file-write", 0, NULL);
		say(PHX_GET, id, "exec-status", 0, "{\"exited\":1,\"exitcode\":0}");
	}
	serve();
	assert_says(desk.seen[0].message.ptr,
		    lab_text(desk.l, "cannot read %s: No such file or directory", gone));
	assert_string_equal(desk.seen[1].message.ptr,
			    lab_text(desk.l, "%s became shorter while it was sent", shorter));
	assert_says(desk.seen[2].message.ptr, "a piece of a file cannot be written in the guest: ");
	assert_int_equal(desk.seen[2].kind, PHX_ERR_PERMISSION);
	assert_int_equal(desk.seen[3].kind, PHX_ERR_PERMISSION);
	assert_string_equal(desk.seen[4].message.ptr,
			    "cannot make a directory in the guest: mkdir: Read-only file system");
	assert_says(desk.seen[5].message.ptr, "cannot make a directory in the guest: ");
	assert_int_equal(desk.seen[6].kind, PHX_ERR_NONE);
	assert_int_equal(desk.seen[7].kind, PHX_ERR_NONE);
	unlink(whole);
	unlink(shorter);
	free((char *)(uintptr_t)whole);
	free((char *)(uintptr_t)gone);
	free((char *)(uintptr_t)shorter);
}

/* ---- pull ---- */

#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

/* What the guest says of the file: base64 of TEXT, which has so many bytes. */
static void pull(unsigned id, const char *text, const char *to)
{
	struct phx_buf coded = {0};
	struct phx_guest_pull p = {.guest = guest(id), .from = PHX_STR("/etc/hello"), .to = to};
	struct phx_guest_watch who = watch();

	phx_buf_base64(&coded, phx_str_c(text));
	(void)phx_guest_pull(desk.c, &p, &who);
	say(PHX_POST, id, "exec", 0, RUNS);
	say(PHX_GET, id, "exec-status", 0,
	    lab_text(desk.l,
		     "{\"exited\":1,\"exitcode\":0,\"out-data\":\"phx-out\\n%zu\\n%s\\nphx-err\\n0\\n\","
		     "\"err-data\":"
		     "\"phx-end ID exit 0\\n\"}",
		     strlen(text), coded.ptr));
	phx_buf_done(&coded);
}

static void a_file_that_does_not_come_whole_is_not_kept(void **state)
{
	static const char facts[] = "5 644 " HELLO " 1\n";
	char dir[] = "/tmp/phx-pull-XXXXXX", path[60], taken[60];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	snprintf(taken, sizeof(taken), "%s/directory", dir);
	assert_int_equal(mkdir(taken, 0700), 0);
	pull(700, facts, NULL);
	say(PHX_GET, 700, "file-read", 0, "{\"content\":\"aGVs\\nbG8=\"}");
	pull(701, "no facts\n", NULL);
	pull(702, facts, path);
	say(PHX_GET, 702, "file-read", 0, "{\"content\":\"aGVsbG8h\"}"); /* "hello!" */
	pull(703, facts, path);
	say(PHX_GET, 703, "file-read", 0, "{\"content\":\"aGVsbG8=\",\"truncated\":1}");
	pull(704, facts, "/nonexistent/dir/file");
	pull(705, facts, taken);
	say(PHX_GET, 705, "file-read", 0, "{\"content\":\"aGVsbG8=\"}");
	pull(706, facts, path);
	refuse(PHX_GET, 706, "file-read", 0, 403, NO_RIGHT);
	pull(707, facts, NULL);
	refuse(PHX_GET, 707, "file-read", 1, 500, "QEMU guest agent is not running");
	say(PHX_GET, 707, "file-read", 0, "{\"content\":\"aGVsbG8=\"}");
	serve();
	assert_str(phx_buf_view(&desk.seen[0].bytes), "hello");
	assert_string_equal(desk.seen[1].message.ptr, "what the guest says of /etc/hello cannot be read");
	assert_string_equal(desk.seen[2].message.ptr,
			    "/etc/hello did not arrive as it is in the guest, or was changed meanwhile");
	assert_string_equal(desk.seen[3].message.ptr, "a piece of /etc/hello came back damaged");
	assert_says(desk.seen[4].message.ptr, "cannot write /nonexistent/dir/file");
	assert_says(desk.seen[5].message.ptr, lab_text(desk.l, "cannot write %s: ", taken));
	assert_int_equal(desk.seen[6].kind, PHX_ERR_PERMISSION);
	assert_str(phx_buf_view(&desk.seen[7].bytes), "hello");
	assert_int_not_equal(access(path, F_OK), 0);
	rmdir(taken);
	assert_int_equal(rmdir(dir), 0); /* no part was left behind */
}

/* ---- by commands on the node ---- */

/* `qm guest exec 800 …` runs DIR/guest-exec-800, `qm guest exec-status 800 7` DIR/guest-exec-status-800, `qm agent 800 ping`
 * DIR/agent-800-ping, `pct exec 800 …` DIR/exec-800. */
static void tool(const char *dir, const char *name, const char *script)
{
	char path[120];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	fprintf(f, "#!/bin/sh\n%s\n", script);
	(void)fchmod(fileno(f), 0755);
	fclose(f);
}

static void make_tools(char *dir)
{
	assert_non_null(mkdtemp(dir));
	tool(dir, "qm", "case $1 in agent) exec ${0%/*}/agent-$2-$3 ;; *) exec ${0%/*}/guest-$2-$3 ;; esac");
	tool(dir, "pct", "exec ${0%/*}/exec-$2");
	setenv("PATH", lab_text(desk.l, "%s:%s", dir, getenv("PATH")), 1);
	phx_procs_free(desk.l->pve.commands);
	desk.l->pve.commands = phx_procs_new();
	desk.l->pve.has_node = true;
}

static void remove_tools(const char *dir)
{
	char command[80];
	const char *path = getenv("PATH");

	setenv("PATH", strchr(path, ':') + 1, 1);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void begin_by(unsigned id, uint8_t way)
{
	struct phx_guest_work w = work();
	struct phx_guest_ref ref = {.is_vm = way == PHX_WAY_QM, .id = id, .node = PHX_STR("pve")};
	struct phx_guest_watch who = watch();

	w.way = way;
	(void)phx_guest_do(desk.c, &ref, &w, &who);
}

static void look_by(unsigned id, uint8_t way)
{
	struct phx_guest_ref ref = {.is_vm = way == PHX_WAY_QM, .id = id, .node = PHX_STR("pve")};
	struct phx_guest_watch who = watch();

	(void)phx_guest_ready(desk.c, &ref, (enum phx_guest_way)way, &who);
}

static void what_the_nodes_tools_say_of_a_guest(void **state)
{
	char dir[] = "/tmp/phx-tools-XXXXXX";

	(void)state;
	make_tools(dir);
	begin_by(800, PHX_WAY_QM);
	tool(dir, "guest-exec-800",
	     "printf 'trying to acquire lock...\\nVM 800 is of another kind\\n' >&2; exit 2");
	begin_by(801, PHX_WAY_QM);
	tool(dir, "guest-exec-801", "exit 9");
	begin_by(802, PHX_WAY_QM);
	tool(dir, "guest-exec-802", "echo 'no JSON'");
	begin_by(803, PHX_WAY_PCT);
	tool(dir, "exec-803", "echo 'lxc-attach: 803: it broke' >&2; exit 1");
	begin_by(804, PHX_WAY_PCT);
	tool(dir, "exec-804",
	     "n=$(cat ${0}.n 2>/dev/null); echo x$n >$0.n; [ \"$n\" = xx ] && { echo 'gone for good' >&2; "
	     "exit 1; }; "
	     "echo 'container 804 not running!' >&2; exit 255");
	look_by(805, PHX_WAY_QM);
	tool(dir, "agent-805-ping", "echo 'QEMU guest agent is not running' >&2; exit 255");
	look_by(806, PHX_WAY_PCT);
	tool(dir, "exec-806", "exit 3");
	look_by(807, PHX_WAY_PCT);
	tool(dir, "exec-807", "exit 0");
	serve();
	remove_tools(dir);
	assert_string_equal(desk.seen[0].message.ptr, "VM 800 is of another kind");
	assert_string_equal(desk.seen[1].message.ptr, "`qm guest` ended with exit code 9");
	assert_int_equal(desk.seen[2].kind, PHX_ERR_DATA);
	assert_says(desk.seen[2].message.ptr, "the answer of qm");
	assert_string_equal(desk.seen[3].message.ptr,
			    "the guest does not say how it ended: lxc-attach: 803: it broke");
	assert_string_equal(desk.seen[4].message.ptr, "the guest does not say how it ended: gone for good");
	assert_string_equal(desk.seen[4].told.ptr, "the guest is not running\n");
	assert_string_equal(desk.seen[5].message.ptr, "QEMU guest agent is not running");
	assert_string_equal(desk.seen[6].message.ptr, "`pct exec` ended with exit code 3");
	assert_int_equal(desk.seen[7].kind, PHX_ERR_NONE);
}

/* The file goes between the question and the answer. */
static void a_file_that_pct_cannot_read_any_more_is_told(void **state)
{
	struct phx_guest_pull p = {.guest = {.id = 820, .node = PHX_STR("pve")},
				   .from = PHX_STR("/etc/hello")};
	struct phx_guest_watch who = watch();
	char dir[] = "/tmp/phx-tools-XXXXXX";

	(void)state;
	make_tools(dir);
	tool(dir, "exec-820",
	     "in=$(cat)\n"
	     "case $in in\n"
	     "*phx_begin*) echo '5 644 " HELLO " 0'\n"
	     "  printf '%s\\n' \"$in\" | sed -n 's/^phx_begin \\([^ ]*\\) .*/phx-end \\1 exit 0/p' >&2 ;;\n"
	     "*) echo 'cat: /etc/hello: No such file or directory' >&2; exit 1 ;;\n"
	     "esac");
	(void)phx_guest_pull(desk.c, &p, &who);
	serve();
	remove_tools(dir);
	assert_int_equal(desk.seen[0].kind, PHX_ERR_TASK);
	assert_string_equal(desk.seen[0].message.ptr,
			    "/etc/hello cannot be read: cat: /etc/hello: No such file or directory");
}

/* A piece by `qm guest exec`, which is 0 whatever became of it. */
static void a_piece_that_qm_could_not_put_there_is_told(void **state)
{
	const char *whole = large_file(2000000);
	char dir[] = "/tmp/phx-tools-XXXXXX";
	struct phx_guest_file f = {.name = PHX_STR("big"), .path = phx_str_c(whole)};
	struct phx_guest_ref vm = guest(810), ct = {.id = 811, .node = PHX_STR("pve")};
	struct phx_guest_work w = work();
	struct phx_guest_watch who = watch(), other = watch();
	struct phx_err err = {0};

	(void)state;
	make_tools(dir);
	tool(dir, "guest-exec-810",
	     "echo '{\"exited\":1,\"exitcode\":1,\"err-data\":\"it is cut off: No space left on device?\"}'");
	tool(dir, "exec-811", "echo 'it is cut off: No space left on device?' >&2; exit 1");
	assert_true(phx_guest_file_measure(&desk.l->arena, &f, &err));
	phx_vec_push(&desk.l->arena, &w.files, f);
	w.way = PHX_WAY_QM;
	(void)phx_guest_do(desk.c, &vm, &w, &who);
	w.way = PHX_WAY_PCT;
	(void)phx_guest_do(desk.c, &ct, &w, &other);
	serve();
	remove_tools(dir);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(desk.seen[i].kind, PHX_ERR_TASK);
		assert_string_equal(desk.seen[i].message.ptr,
				    "a piece of a file cannot be written in the guest: it is cut "
				    "off: No space left on device?");
	}
	unlink(whole);
	free((char *)(uintptr_t)whole);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(how_a_step_may_end_and_what_is_said_of_it),
		T(what_keeps_a_step_from_being_begun),
		T(a_step_that_nobody_watches_any_more_is_joined),
		T(a_guest_that_says_nothing_more_is_given_up),
		T(what_cannot_be_packed_is_refused_before_anything_is_sent),
		T(pieces_that_cannot_be_sent_or_taken_are_told),
		T(a_file_that_does_not_come_whole_is_not_kept),
		T(what_the_nodes_tools_say_of_a_guest),
		T(a_file_that_pct_cannot_read_any_more_is_told),
		T(a_piece_that_qm_could_not_put_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
