#include "backend/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/process_priv.h"
#include "base/sys.h"

enum {
	READ_STEP = 64 * 1024,
	STEPS = 16,            /* of one stream before the others get their turn */
	GRACE_MS = 2000,       /* between TERM and KILL */
	CLOSE_GRACE_MS = 1000, /* the same when the pool is closed */
	BLIND_MS = 10,         /* how often to look for an end when the kernel has no pidfd */
};

struct phx_procs *phx_procs_new(void)
{
	struct phx_procs *p = calloc(1, sizeof(*p));

	if (!p)
		phx_out_of_memory();
	p->env = phx_proc_environment(&p->arena);
	return p;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void wipe(struct phx_buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->cap);
	phx_buf_done(b);
}

static void drop_input(struct phx_proc *c)
{
	shut(&c->in);
	wipe(&c->input); /* may hold a secret */
}

static void proc_free(struct phx_proc *c)
{
	drop_input(c);
	shut(&c->out.fd);
	shut(&c->err.fd);
	shut(&c->pidfd);
	phx_buf_done(&c->out.kept);
	phx_buf_done(&c->err.kept);
	phx_err_done(&c->failed);
	free(c);
}

static struct phx_proc *proc_new(struct phx_procs *p, const struct phx_proc_start *s)
{
	struct phx_proc *c = calloc(1, sizeof(*c));

	if (!c)
		phx_out_of_memory();
	c->handle = ++p->handles;
	c->s = *s;
	c->s.argv = NULL;
	c->s.input = c->s.input_file = (struct phx_str){0};
	c->keep = s->keep ? s->keep : PHX_PROCS_KEEP;
	c->pidfd = c->in = c->out.fd = c->err.fd = -1;
	if (p->last)
		p->last->next = c;
	else
		p->first = c;
	p->last = c;
	return c;
}

uint64_t phx_procs_fail(struct phx_procs *p, const struct phx_proc_start *s, const struct phx_err *err)
{
	struct phx_proc *c = proc_new(p, s);

	phx_err_copy(&c->failed, err);
	return c->handle;
}

uint64_t phx_procs_start(struct phx_procs *p, const struct phx_proc_start *s)
{
	struct phx_proc *c = proc_new(p, s);

	phx_buf_str(&c->input, s->input);
	c->input_file = s->input_file;
	if (!phx_proc_spawn(p, c, s->argv, s->argc))
		return c->handle;
	c->timeout_ms = s->timeout_ms;
	c->deadline = s->timeout_ms ? phx_now_ms() + s->timeout_ms : 0;
	return c->handle;
}

/* Its whole session's process group: a shell's children too. */
static void ask_to_end(struct phx_proc *c, uint64_t now)
{
	if (c->pid == 0 || c->kill_at)
		return;
	kill(-c->pid, SIGTERM);
	kill(-c->pid, SIGCONT);
	c->kill_at = now + GRACE_MS;
}

void phx_procs_stop(struct phx_procs *p, uint64_t handle)
{
	for (struct phx_proc *c = p->first; c; c = c->next) {
		if (c->handle != handle || c->ended)
			continue;
		c->silent = true;
		drop_input(c);
		shut(&c->out.fd);
		shut(&c->err.fd);
		if (!c->s.leave)
			ask_to_end(c, phx_now_ms());
	}
}

uint32_t phx_procs_count(const struct phx_procs *p)
{
	uint32_t n = 0;

	for (const struct phx_proc *c = p->first; c; c = c->next)
		n += !c->silent && !c->ended;
	return n;
}

static void poll_for(struct phx_procs *p, int fd, short events)
{
	if (fd < 0)
		return;
	if (p->nfds == p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 32;
		struct pollfd *more = reallocarray(p->fds, cap, sizeof(*more));

		if (!more)
			phx_out_of_memory();
		p->fds = more;
		p->cap = cap;
	}
	p->fds[p->nfds++] = (struct pollfd){.fd = fd, .events = events};
}

struct pollfd *phx_procs_fds(struct phx_procs *p, size_t *n)
{
	p->nfds = 0;
	for (struct phx_proc *c = p->first; c; c = c->next) {
		poll_for(p, c->in, POLLOUT);
		poll_for(p, c->out.fd, POLLIN);
		poll_for(p, c->err.fd, POLLIN);
		poll_for(p, c->pidfd, POLLIN);
	}
	*n = p->nfds;
	return p->fds;
}

static void sooner(uint64_t *left, uint64_t at, uint64_t now)
{
	uint64_t ms = at > now ? at - now : 0;

	if (at && ms < *left)
		*left = ms;
}

uint64_t phx_procs_quiet_ms(const struct phx_procs *p, uint64_t now)
{
	uint64_t left = UINT64_MAX;

	for (const struct phx_proc *c = p->first; c; c = c->next) {
		if (c->pid == 0 && !c->ended)
			return 0;
		sooner(&left, c->kill_at || c->silent ? 0 : c->deadline, now);
		sooner(&left, c->kill_at, now);
		if (c->pid && c->pidfd < 0)
			sooner(&left, now + BLIND_MS, now);
	}
	return left;
}

/* A child that closed its standard input is no error of ours, and no SIGPIPE either. */
static ssize_t write_quietly(int fd, const char *bytes, size_t n)
{
	sigset_t pipe_only, before;
	struct timespec now = {0};
	ssize_t done;
	int error;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	done = write(fd, bytes, n);
	error = errno;
	if (done < 0 && error == EPIPE)
		sigtimedwait(&pipe_only, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return done;
}

static void feed(struct phx_proc *c)
{
	for (int i = 0; c->in >= 0 && i < STEPS; i++) {
		ssize_t n = write_quietly(c->in, c->input.ptr + c->input_at, c->input.len - c->input_at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			c->input_at += (size_t)n;
		if (n < 0 || c->input_at == c->input.len)
			drop_input(c);
	}
}

/* Twice as much as is kept is let in before the first half goes: each byte is moved once. */
static void keep(struct phx_proc *c, struct phx_proc_stream *s, bool all)
{
	size_t limit = all ? c->keep : 2 * c->keep;

	if (s->kept.len <= limit)
		return;
	memmove(s->kept.ptr, s->kept.ptr + s->kept.len - c->keep, c->keep);
	s->kept.len = c->keep;
	s->kept.ptr[s->kept.len] = 0;
	s->cut = true;
}

static void listen_to(struct phx_proc *c, struct phx_proc_stream *s, bool is_stderr)
{
	for (int i = 0; s->fd >= 0 && i < STEPS; i++) {
		char *at = phx_buf_reserve(&s->kept, READ_STEP);
		ssize_t n = read(s->fd, at, READ_STEP);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			shut(&s->fd);
			return;
		}
		s->kept.len += (size_t)n;
		s->kept.ptr[s->kept.len] = 0;
		if (c->s.output && !c->silent)
			c->s.output(c->s.user, is_stderr, (struct phx_str){at, (size_t)n});
		keep(c, s, false);
	}
}

/* Takes the status of a child that is over; what is left of its group, when we ended it, goes too. */
static bool reap(struct phx_proc *c, int *status)
{
	siginfo_t info = {0};
	pid_t got;

	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
		return false;
	if (c->kill_at)
		kill(-c->pid, SIGKILL);
	do
		got = waitpid(c->pid, status, 0);
	while (got < 0 && errno == EINTR);
	return got == c->pid;
}

static void tell(struct phx_proc *c, int status)
{
	struct phx_command_end end = {.out = phx_buf_view(&c->out.kept),
				      .err_out = phx_buf_view(&c->err.kept)};

	c->ended = true;
	if (c->silent || !c->s.done)
		return;
	keep(c, &c->out, true);
	keep(c, &c->err, true);
	end.out = phx_buf_view(&c->out.kept);
	end.err_out = phx_buf_view(&c->err.kept);
	end.cut = c->out.cut || c->err.cut;
	end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	end.err = c->failed; /* stays ours */
	c->s.done(c->s.user, &end);
}

static void late(struct phx_proc *c, uint64_t now)
{
	phx_err_set(&c->failed, PHX_ERR_TIMEOUT, "not finished after %.1f s", (double)c->timeout_ms / 1000);
	if (!c->s.leave) {
		ask_to_end(c, now);
		return;
	}
	drop_input(c);
	shut(&c->out.fd);
	shut(&c->err.fd);
	tell(c, 0);
}

static void work_on(struct phx_proc *c, uint64_t now)
{
	int status = 0;

	if (c->pid == 0) {
		tell(c, 0);
		return;
	}
	feed(c);
	listen_to(c, &c->out, false);
	listen_to(c, &c->err, true);
	if (c->deadline && now >= c->deadline && !c->kill_at && !c->silent)
		late(c, now);
	if (c->kill_at && now >= c->kill_at) {
		kill(-c->pid, SIGKILL);
		c->kill_at = now + GRACE_MS;
	}
	if (!reap(c, &status))
		return;
	c->pid = 0;
	/* What it wrote is in the pipes; a child of its own that holds them open does not keep us. */
	listen_to(c, &c->out, false);
	listen_to(c, &c->err, true);
	tell(c, status);
}

static void sweep(struct phx_procs *p)
{
	struct phx_proc **at = &p->first;

	p->last = NULL;
	while (*at) {
		struct phx_proc *c = *at;

		if (c->ended) {
			*at = c->next;
			proc_free(c);
		} else {
			p->last = c;
			at = &c->next;
		}
	}
}

void phx_procs_work(struct phx_procs *p)
{
	uint64_t now = phx_now_ms();

	p->depth++;
	for (struct phx_proc *c = p->first; c; c = c->next) {
		if (!c->ended)
			work_on(c, now);
	}
	if (--p->depth == 0)
		sweep(p);
}

void phx_procs_free(struct phx_procs *p)
{
	uint64_t until = phx_now_ms() + CLOSE_GRACE_MS;

	if (!p)
		return;
	for (struct phx_proc *c = p->first; c; c = c->next) {
		phx_procs_stop(p, c->handle);
		if (c->s.leave && c->pid && waitpid(c->pid, NULL, WNOHANG) == 0)
			c->pid = 0; /* goes on without us */
	}
	for (phx_procs_work(p); p->first; phx_procs_work(p)) {
		size_t n;
		struct pollfd *fds = phx_procs_fds(p, &n);

		if (phx_now_ms() >= until) {
			for (struct phx_proc *c = p->first; c; c = c->next)
				c->kill_at = 1;
		}
		poll(fds, n, BLIND_MS);
	}
	phx_arena_done(&p->arena);
	free(p->fds);
	free(p);
}
