#include "backend/host/host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/host/host_priv.h"
#include "base/sys.h"

/* sshd takes 10 sessions on one connection (MaxSessions), and further connections are slow. */
enum { FAR_MAX = 9, WHAT_WORDS = 3 };

struct phx_str phx_host_here(struct phx_arena *a)
{
	char name[256] = "";
	struct phx_str all, first;

	if (gethostname(name, sizeof(name) - 1) != 0)
		return (struct phx_str){0};
	all = phx_str_c(name);
	if (!phx_str_cut(&all, '.', &first))
		return (struct phx_str){0};
	return phx_str_dup(a, first);
}

/* A Unix socket's path is short, so /tmp when the user's runtime directory is not there. */
static bool make_socket_dir(struct phx_host *h, struct phx_err *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat info;
	bool usable = runtime && strlen(runtime) < 30 && stat(runtime, &info) == 0 && S_ISDIR(info.st_mode) &&
		      info.st_uid == geteuid() && access(runtime, W_OK) == 0;
	struct phx_str path = phx_str_printf(&h->arena, "%s/phx-ssh-XXXXXX", usable ? runtime : "/tmp");
	char *text = PHX_NEW_N(&h->arena, char, path.len + 1);

	memcpy(text, path.ptr, path.len);
	if (!mkdtemp(text))
		return phx_err_errno(err, errno, "cannot make a private directory for ssh's socket (%s)",
				     text);
	h->socket_dir = text;
	return true;
}

struct phx_host *phx_host_open(const struct phx_host_config *config)
{
	struct phx_host *h = calloc(1, sizeof(*h));

	if (!h)
		phx_out_of_memory();
	h->config = *config;
	h->config.ssh_host = phx_str_dup(&h->arena, config->ssh_host);
	h->config.ssh_user = phx_str_dup(&h->arena, config->ssh_user);
	h->home = phx_host_here(&h->arena);
	h->name = PHX_STR("this machine");
	if (!config->here)
		h->name = config->ssh_user.len ? phx_str_printf(&h->arena, PHX_STR_FMT "@" PHX_STR_FMT,
								PHX_STR_ARG(config->ssh_user),
								PHX_STR_ARG(config->ssh_host))
					       : h->config.ssh_host;
	h->procs = phx_procs_new();
	return h;
}

static void call_free(struct phx_host_call *call)
{
	if (call->input.ptr)
		explicit_bzero(call->input.ptr, call->input.cap); /* may hold a secret */
	phx_buf_done(&call->input);
	phx_buf_done(&call->marks.held);
	phx_err_done(&call->failed);
	phx_arena_done(&call->arena);
	free(call);
}

void phx_host_close(struct phx_host *h)
{
	if (!h)
		return;
	phx_procs_free(h->procs);
	while (h->first) {
		struct phx_host_call *call = h->first;

		h->first = call->next;
		call_free(call);
	}
	phx_far_hang_up(h);
	phx_err_done(&h->lost);
	phx_arena_done(&h->arena);
	free(h);
}

struct phx_str phx_host_name(const struct phx_host *h)
{
	return h->name;
}

static bool is_here(const struct phx_host *h, struct phx_str node)
{
	return h->config.here &&
	       (node.len == 0 || phx_str_eq(node, h->home) || phx_str_eqc(node, "localhost"));
}

static struct phx_str first_words(struct phx_arena *a, const struct phx_command *c)
{
	struct phx_buf text = {0};
	struct phx_str s;

	for (uint32_t i = 0; i < c->argc && i < WHAT_WORDS; i++) {
		if (i)
			phx_buf_ch(&text, ' ');
		phx_buf_printable(&text, phx_str_slice(c->argv[i], 0, 40));
	}
	if (c->argc > WHAT_WORDS)
		phx_buf_c(&text, " …");
	s = phx_str_dup(a, phx_buf_view(&text));
	phx_buf_done(&text);
	return s;
}

bool phx_host_keeps_secrets(const struct phx_secrets *secrets, const struct phx_command *c,
			    struct phx_err *err)
{
	struct phx_arena a = {0};
	struct phx_buf masked = {0}, what = {0};
	bool clean = true;

	for (uint32_t i = 0; secrets && clean && i < c->argc; i++) {
		phx_buf_clear(&masked);
		phx_secrets_mask(secrets, c->argv[i], &masked);
		clean = phx_str_eq(phx_buf_view(&masked), c->argv[i]);
	}
	if (!clean) {
		phx_secrets_mask(secrets, first_words(&a, c), &what);
		phx_err_set(err, PHX_ERR_USAGE,
			    "a word of the command `" PHX_STR_FMT "` holds a secret: nothing was run",
			    PHX_STR_ARG(phx_buf_view(&what)));
		phx_err_hint(
			err,
			"every user of the node could read it in the process list; it must go by standard "
			"input");
	}
	phx_buf_done(&what);
	phx_buf_done(&masked);
	phx_arena_done(&a);
	return clean;
}

uint64_t phx_host_command(struct phx_host *h, const struct phx_command *c, const struct phx_host_how *how)
{
	struct phx_host_call *call = calloc(1, sizeof(*call));

	if (!call)
		phx_out_of_memory();
	call->host = h;
	call->handle = ++h->handles;
	call->how = *how;
	call->timeout_ms = c->timeout_ms;
	call->deadline = c->timeout_ms ? phx_now_ms() + c->timeout_ms : 0;
	call->output = c->output;
	call->done = c->done;
	call->user = c->user;
	call->node = phx_str_dup(&call->arena, c->node);
	call->what = first_words(&call->arena, c);
	call->how.input_file = phx_str_dup(&call->arena, how->input_file);
	if (c->input.len)
		phx_buf_str(&call->input, c->input);
	call->marked = !is_here(h, c->node);
	if (!phx_host_keeps_secrets(h->config.secrets, c, &call->failed)) {
		call->marked = false;
	} else if (call->marked) {
		if (h->config.here || h->socket_dir || make_socket_dir(h, &call->failed))
			phx_far_words(h, call, c);
	} else {
		call->argv = PHX_NEW_N(&call->arena, struct phx_str, (size_t)c->argc + 1);
		for (call->argc = 0; call->argc < c->argc; call->argc++)
			call->argv[call->argc] = phx_str_dup(&call->arena, c->argv[call->argc]);
	}
	if (h->last)
		h->last->next = call;
	else
		h->first = call;
	h->last = call;
	return call->handle;
}

/* The caller is told; the call goes with the next sweep. */
static void finish(struct phx_host_call *call, const struct phx_command_end *end)
{
	void (*done)(void *, const struct phx_command_end *) = call->done;

	call->over = true;
	if (done)
		done(call->user, end);
}

static void pass_on(void *user, struct phx_str bytes)
{
	struct phx_host_call *call = user;

	if (call->output)
		call->output(call->user, true, bytes);
}

static void on_output(void *user, bool is_stderr, struct phx_str bytes)
{
	struct phx_host_call *call = user;

	if (is_stderr && call->marked)
		phx_marks_take(&call->marks, bytes, pass_on, call);
	else if (call->output)
		call->output(call->user, is_stderr, bytes);
	if (call->marks.begun)
		call->host->reached = true;
}

static void collect(void *user, struct phx_str bytes)
{
	phx_buf_str(user, bytes);
}

/* What came back from afar: the marks say how the command ended, and whether it began at all. */
static void far_ended(struct phx_host_call *call, const struct phx_command_end *end)
{
	struct phx_host *h = call->host;
	struct phx_command_end mine = *end;
	struct phx_marks again = {0};
	struct phx_buf said = {0};

	phx_marks_flush(&call->marks, pass_on, call);
	phx_marks_take(&again, end->err_out, collect, &said);
	phx_marks_flush(&again, collect, &said);
	phx_buf_done(&again.held);
	mine.err = (struct phx_err){0};
	mine.err_out = phx_buf_view(&said);
	mine.exit_code = call->marks.exit_code;
	mine.signal = call->marks.signal;
	if (end->err.kind != PHX_ERR_NONE)
		phx_err_copy(&mine.err, &end->err);
	else if (!call->marks.ended)
		phx_far_error(h, call, end, mine.err_out, &mine.err);
	if (!h->config.here && !h->reached && end->err.kind == PHX_ERR_NONE && mine.err.kind != PHX_ERR_NONE)
		phx_err_copy(&h->lost, &mine.err);
	finish(call, &mine);
	phx_err_done(&mine.err);
	phx_buf_done(&said);
}

static void on_done(void *user, const struct phx_command_end *end)
{
	struct phx_host_call *call = user;

	call->host->active--;
	if (call->marked)
		far_ended(call, end);
	else
		finish(call, end);
}

static void start(struct phx_host *h, struct phx_host_call *call)
{
	uint64_t now = phx_now_ms();
	struct phx_proc_start s = {.argv = call->argv,
				   .argc = call->argc,
				   .input = phx_buf_view(&call->input),
				   .input_file = call->how.input_file,
				   .timeout_ms = call->deadline > now ? call->deadline - now : 1,
				   .keep = call->how.keep,
				   .leave = call->how.leave,
				   .output = on_output,
				   .done = on_done,
				   .user = call};

	if (call->deadline == 0)
		s.timeout_ms = 0;
	h->active++;
	call->proc = phx_procs_start(h->procs, &s);
	if (call->input.ptr)
		explicit_bzero(call->input.ptr, call->input.cap);
	phx_buf_done(&call->input);
}

static void fail(struct phx_host_call *call, const struct phx_err *err)
{
	struct phx_command_end end = {.err = *err};

	finish(call, &end);
}

/* One alone makes the connection; when it stands the others share it, and when it cannot be made they need not try. */
static bool may_start(const struct phx_host *h)
{
	if (h->config.here)
		return true;
	return h->active < (h->reached ? FAR_MAX : 1);
}

static void start_some(struct phx_host *h)
{
	uint64_t now = phx_now_ms();

	for (struct phx_host_call *call = h->first; call; call = call->next) {
		if (call->proc || call->over)
			continue;
		if (call->failed.kind != PHX_ERR_NONE) {
			fail(call, &call->failed);
		} else if (h->lost.kind != PHX_ERR_NONE && !h->reached) {
			fail(call, &h->lost);
		} else if (call->deadline && now >= call->deadline) {
			struct phx_err late = {0};

			phx_err_set(&late, PHX_ERR_TIMEOUT, "not begun after %.1f s",
				    (double)call->timeout_ms / 1000);
			fail(call, &late);
			phx_err_done(&late);
		} else if (may_start(h)) {
			start(h, call);
		}
	}
	/* The next command tries again. */
	if (h->active == 0)
		phx_err_clear(&h->lost);
}

static void sweep(struct phx_host *h)
{
	struct phx_host_call **at = &h->first;

	h->last = NULL;
	while (*at) {
		struct phx_host_call *call = *at;

		if (call->over) {
			*at = call->next;
			call_free(call);
		} else {
			h->last = call;
			at = &call->next;
		}
	}
}

void phx_host_stop(struct phx_host *h, uint64_t handle)
{
	for (struct phx_host_call *call = h->first; call; call = call->next) {
		if (call->handle != handle || call->over)
			continue;
		if (call->proc) {
			phx_procs_stop(h->procs, call->proc);
			h->active--;
		}
		call->over = true;
	}
}

uint32_t phx_host_count(const struct phx_host *h)
{
	uint32_t n = 0;

	for (const struct phx_host_call *call = h->first; call; call = call->next)
		n += !call->over;
	return n;
}

struct pollfd *phx_host_fds(struct phx_host *h, size_t *n)
{
	return phx_procs_fds(h->procs, n);
}

uint64_t phx_host_quiet_ms(struct phx_host *h, uint64_t now)
{
	uint64_t left = phx_procs_quiet_ms(h->procs, now);

	for (const struct phx_host_call *call = h->first; call; call = call->next) {
		if (call->proc || call->over)
			continue;
		if (may_start(h))
			return 0;
		if (call->deadline && (call->deadline <= now || call->deadline - now < left))
			left = call->deadline > now ? call->deadline - now : 0;
	}
	return left;
}

void phx_host_work(struct phx_host *h)
{
	h->depth++;
	start_some(h);
	phx_procs_work(h->procs);
	start_some(h);
	if (--h->depth == 0)
		sweep(h);
}
