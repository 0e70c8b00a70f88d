/* Commands in guests that are trees, as the server sees them: children (tree_child.c) that it talks to through pipes, in its loop. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/sim/guest.h"
#include "backend/sim/tree_priv.h"

static void set_state(struct phx_sim_proc *p, enum phx_sim_proc_state state)
{
	p->state = state;
	p->wake = true;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_all(struct phx_sim_proc *p)
{
	close_fd(&p->in_fd);
	close_fd(&p->out_fd);
	close_fd(&p->err_fd);
	close_fd(&p->status_fd);
}

static void reap(struct phx_sim_proc *p)
{
	if (p->child > 0)
		(void)waitpid(p->child, NULL, 0);
	p->child = 0;
}

static void launch(struct phx_sim_proc *p, pid_t init)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, status[2] = {-1, -1};

	if (pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0 &&
	    pipe2(status, O_CLOEXEC) == 0)
		p->child = fork();
	else
		p->child = -1;
	if (p->child == 0) {
		int fds[4] = {in[0], out[1], err[1], status[1]};

		phx_sim_tree_child(p, init, fds);
	}
	p->in_fd = in[1];
	p->out_fd = out[0];
	p->err_fd = err[0];
	p->status_fd = status[0];
	close_fd(&in[0]);
	close_fd(&out[1]);
	close_fd(&err[1]);
	close_fd(&status[1]);
	if (p->child < 0) {
		p->sys = errno;
		close_all(p);
		set_state(p, PHX_SIM_PROC_FAILED);
		return;
	}
	(void)fcntl(p->in_fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(p->out_fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(p->err_fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(p->status_fd, F_SETFL, O_NONBLOCK);
	p->state = PHX_SIM_PROC_STARTS;
}

static void feed(struct phx_sim_proc *p)
{
	while (p->in_fd >= 0 && p->in_at < p->in.len) {
		ssize_t n = write(p->in_fd, p->in.ptr + p->in_at, p->in.len - p->in_at);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0)
			break; /* it does not read any more */
		p->in_at += (size_t)n;
	}
	close_fd(&p->in_fd);
}

/* Of what streams, no more is read before somebody took it. */
static bool is_full(const struct phx_sim_proc *p, const struct phx_buf *b)
{
	return p->streams && b->len > 0;
}

static bool has_output(const struct phx_sim_proc *p)
{
	return p->streams && p->out.len + p->err.len > 0;
}

static void drain(int *fd, struct phx_buf *to, size_t max, bool *cut)
{
	char bytes[65536];

	while (*fd >= 0) {
		ssize_t n = read(*fd, bytes, sizeof(bytes));
		size_t room = max - to->len;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close_fd(fd);
			return;
		}
		if ((size_t)n > room)
			*cut = true;
		phx_buf_add(to, bytes, (size_t)n < room ? (size_t)n : room);
	}
}

/* What streams is read a piece at a time. */
static void listen_to(struct phx_sim_proc *p, int *fd, struct phx_buf *to, bool *cut)
{
	char bytes[65536];
	ssize_t n;

	if (!p->streams) {
		drain(fd, to, p->max, cut);
		return;
	}
	if (*fd < 0 || to->len > 0)
		return;
	n = read(*fd, bytes, sizeof(bytes));
	if (n > 0)
		phx_buf_add(to, bytes, (size_t)n);
	else if (n == 0)
		close_fd(fd);
}

static void read_status(struct phx_sim_proc *p)
{
	struct phx_sim_status st;
	ssize_t n;

	while (p->status_fd >= 0 && (n = read(p->status_fd, &st, sizeof(st))) != (ssize_t)-1) {
		if (n != (ssize_t)sizeof(st)) {
			/* The child was killed. */
			close_fd(&p->status_fd);
			if (!p->reported)
				p->signal = SIGKILL;
			p->reported = true;
			return;
		}
		if (st.what == 's') {
			p->pid = st.value;
			set_state(p, PHX_SIM_PROC_RUNS);
			continue;
		}
		p->reported = true;
		if (st.what == 'x')
			p->exit = st.value;
		else if (st.what == 'k')
			p->signal = st.value;
		else
			p->sys = st.value;
	}
}

static void work(struct phx_sim *s, struct phx_sim_proc *p)
{
	struct phx_sim_tree *t = phx_sim_tree_find(s, p->vmid);

	if (p->state == PHX_SIM_PROC_WAITS && t != NULL && t->failed) {
		phx_buf_str(&p->why, phx_buf_view(&t->said));
		set_state(p, PHX_SIM_PROC_FAILED);
	} else if (p->state == PHX_SIM_PROC_WAITS && t != NULL && t->init > 0) {
		launch(p, t->init);
	}
	if (p->state != PHX_SIM_PROC_STARTS && p->state != PHX_SIM_PROC_RUNS)
		return;
	feed(p);
	read_status(p);
	listen_to(p, &p->out_fd, &p->out, &p->out_cut);
	listen_to(p, &p->err_fd, &p->err, &p->err_cut);
	p->wake = p->wake || has_output(p);
	if (!p->reported || has_output(p) || (p->lingers && (p->out_fd >= 0 || p->err_fd >= 0)))
		return;
	close_all(p);
	reap(p);
	set_state(p, p->sys != 0 ? PHX_SIM_PROC_FAILED : PHX_SIM_PROC_ENDED);
}

static void hear(struct phx_sim *s, struct phx_sim_tree *t)
{
	char text[512];
	ssize_t n;

	while (t->ready_fd >= 0) {
		n = read(t->ready_fd, text, sizeof(text));
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0) {
			phx_buf_add(&t->said, text, (size_t)n);
			continue;
		}
		close_fd(&t->ready_fd);
	}
	if (t->init == 0 && !t->failed) {
		t->init = (pid_t)phx_sim_number(phx_str_trim(phx_buf_view(&t->said)), 0);
		t->failed = t->init <= 0;
		if (t->failed) {
			phx_sim_log(s, "tree-not-started",
				    json_pack("{s:I, s:s}", "id", (json_int_t)t->vmid, "why",
					      t->said.len > 0 ? t->said.ptr : "it ended"));
		}
	}
}

void phx_sim_trees_work(struct phx_sim *s)
{
	struct phx_sim_proc *p;

	if (s->trees == NULL)
		return;
	for (struct phx_sim_tree *t = s->trees->trees; t != NULL; t = t->next)
		hear(s, t);
	for (p = s->trees->procs; p != NULL; p = p->next)
		work(s, p);
	for (p = s->trees->procs; p != NULL;) {
		if (!p->wake || p->waiter == NULL) {
			p = p->next;
			continue;
		}
		/* What is called may do anything to the list. */
		p->wake = false;
		phx_sim_continue(p->waiter);
		p = s->trees->procs;
	}
}

nfds_t phx_sim_trees_count(const struct phx_sim *s)
{
	nfds_t n = 0;

	if (s->trees == NULL)
		return 0;
	for (struct phx_sim_tree *t = s->trees->trees; t != NULL; t = t->next)
		n++;
	for (struct phx_sim_proc *p = s->trees->procs; p != NULL; p = p->next)
		n += 4;
	return n;
}

nfds_t phx_sim_trees_poll(struct phx_sim *s, struct pollfd *fds)
{
	nfds_t n = 0;

	if (s->trees == NULL)
		return 0;
	for (struct phx_sim_tree *t = s->trees->trees; t != NULL; t = t->next)
		fds[n++] = (struct pollfd){.fd = t->ready_fd, .events = POLLIN};
	for (struct phx_sim_proc *p = s->trees->procs; p != NULL; p = p->next) {
		fds[n++] = (struct pollfd){.fd = p->in_fd, .events = POLLOUT};
		fds[n++] = (struct pollfd){.fd = is_full(p, &p->out) ? -1 : p->out_fd, .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = is_full(p, &p->err) ? -1 : p->err_fd, .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = p->status_fd, .events = POLLIN};
	}
	return n;
}

/* ---- for the handlers ---- */

struct phx_sim_proc *phx_sim_proc_start(struct phx_sim *s, json_t *g, enum phx_sim_proc_kind kind,
					const char *const *argv, struct phx_str input, size_t max)
{
	struct phx_sim_proc *p = calloc(1, sizeof(*p));
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	if (p == NULL)
		phx_out_of_memory();
	*p = (struct phx_sim_proc){.next = s->trees->procs,
				   .vmid = phx_sim_guest_id(g),
				   .kind = kind,
				   .max = max,
				   .argv = calloc(n + 1, sizeof(char *)),
				   .in_fd = -1,
				   .out_fd = -1,
				   .err_fd = -1,
				   .status_fd = -1};
	for (size_t i = 0; i < n && p->argv != NULL; i++)
		if ((p->argv[i] = strdup(argv[i])) == NULL)
			phx_out_of_memory();
	if (p->argv == NULL)
		phx_out_of_memory();
	phx_buf_str(&p->in, input);
	s->trees->procs = p;
	(void)phx_sim_tree_of(s, g);
	return p;
}

struct phx_sim_proc *phx_sim_proc_exec(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
				       size_t max)
{
	size_t n = json_array_size(argv);
	const char **words = calloc(n + 1, sizeof(*words));
	struct phx_sim_proc *p;

	if (words == NULL)
		phx_out_of_memory();
	for (size_t i = 0; i < n; i++)
		words[i] = json_string_value(json_array_get(argv, i));
	p = phx_sim_proc_start(s, g, PHX_SIM_PROC_EXEC, words, input, max);
	free(words);
	return p;
}

struct phx_sim_proc *phx_sim_proc_find(struct phx_sim *s, int64_t vmid, int64_t number)
{
	struct phx_sim_proc *p = s->trees != NULL ? s->trees->procs : NULL;

	while (p != NULL && (p->vmid != vmid || p->number != number))
		p = p->next;
	return p;
}

void phx_sim_proc_free(struct phx_sim *s, struct phx_sim_proc *p)
{
	struct phx_sim_proc **at = &s->trees->procs;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	close_all(p);
	if (p->child > 0)
		(void)kill(p->child, SIGKILL);
	reap(p);
	for (size_t i = 0; p->argv[i] != NULL; i++)
		free(p->argv[i]);
	free(p->argv);
	phx_buf_done(&p->in);
	phx_buf_done(&p->out);
	phx_buf_done(&p->err);
	phx_buf_done(&p->why);
	free(p);
}

/* Nobody takes what it prints any more: it gets to know as it writes. */
static void abandon(struct phx_sim_proc *p)
{
	if (!p->streams)
		return;
	p->streams = false;
	phx_buf_clear(&p->out);
	phx_buf_clear(&p->err);
	close_fd(&p->out_fd);
	close_fd(&p->err_fd);
}

void phx_sim_procs_forget(struct phx_sim *s, struct phx_sim_request *r)
{
	for (struct phx_sim_proc *p = s->trees != NULL ? s->trees->procs : NULL; p != NULL; p = p->next)
		if (p->waiter == r) {
			p->waiter = NULL;
			abandon(p);
		}
}

void phx_sim_procs_guest_stopped(struct phx_sim *s, int64_t vmid)
{
	for (struct phx_sim_proc *p = s->trees->procs; p != NULL; p = p->next) {
		if (p->vmid != vmid || p->state >= PHX_SIM_PROC_ENDED)
			continue;
		close_all(p);
		if (p->child > 0)
			(void)kill(p->child, SIGKILL);
		reap(p);
		p->signal = SIGKILL;
		set_state(p, PHX_SIM_PROC_ENDED);
	}
}

/* Ends it and what it has started, as the end of its control group does: sessions of their own do not help. */
static void kill_branch(pid_t pid)
{
	char path[64], line[1024];
	FILE *f;

	(void)kill(pid, SIGSTOP); /* so that it starts nothing meanwhile */
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "re");
	if (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		struct phx_str rest = phx_str_trim(phx_str_c(line)), word;
		int64_t child;

		while (rest.len > 0 && phx_str_cut(&rest, ' ', &word))
			if (phx_parse_i64(word, &child) && child > 1)
				kill_branch((pid_t)child);
	}
	if (f != NULL)
		(void)fclose(f);
	(void)kill(pid, SIGKILL);
}

void phx_sim_procs_agent_died(struct phx_sim *s, int64_t vmid, bool kill_them)
{
	for (struct phx_sim_proc *p = s->trees != NULL ? s->trees->procs : NULL; p != NULL; p = p->next) {
		if (p->vmid != vmid || p->number <= 0)
			continue;
		if (kill_them && p->pid > 0 && p->state == PHX_SIM_PROC_RUNS)
			kill_branch(p->pid);
		p->number = -p->number; /* nobody asks for it by this name */
	}
}

bool phx_sim_procs_busy(const struct phx_sim *s)
{
	for (struct phx_sim_proc *p = s->trees != NULL ? s->trees->procs : NULL; p != NULL; p = p->next)
		if (p->state < PHX_SIM_PROC_ENDED)
			return true;
	return false;
}
