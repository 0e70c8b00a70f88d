#include "backend/sim/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "backend/sim/mhd_library.h"
#include "backend/sim/tree.h"
#include "base/sys.h"

#define PUMP_MAX  ((size_t)1 << 20) /* bytes kept for a slow reader */
#define PIPES_MAX 4096

struct phx_sim_pipe {
	struct phx_sim_pipe *next;
	int client, inner;
	int mhd_fd; /* the other end of `inner`, libmicrohttpd's */
	struct phx_buf up, down;
	size_t up_at, down_at;
	struct phx_buf head; /* header of the answer, until it is whole */
	uint64_t body_left;  /* bytes of the answer's body still to come */
	bool client_gone, inner_gone, dead;
	short client_events, inner_events;
};

/* ---- the answer's way back ---- */

static void set_header_value(struct phx_buf *out, const char *line, size_t n, const char *name)
{
	size_t skip = strlen(name) + 1;

	while (skip < n && line[skip] == ' ')
		skip++;
	phx_buf_clear(out);
	phx_buf_unpercent(out, (struct phx_str){line + skip, n - skip});
}

static bool header_is(const char *line, size_t n, const char *name)
{
	size_t len = strlen(name);

	return n > len && strncasecmp(line, name, len) == 0 && line[len] == ':';
}

/* Rewrites one whole header into `down`, and learns how long the body is. */
static void pass_header(struct phx_sim_pipe *p)
{
	struct phx_buf rest = {0}, reason = {0};
	const char *line = p->head.ptr, *end = p->head.ptr + p->head.len;
	bool bodiless = false, status_line = true;
	uint64_t length = 0;
	const char *first = line;
	size_t first_len = 0;

	while (line < end) {
		const char *eol = memchr(line, '\r', (size_t)(end - line));
		size_t n = (size_t)((eol != NULL ? eol : end) - line);

		if (status_line)
			first_len = n;
		else if (header_is(line, n, PHX_SIM_HEADER_REASON))
			set_header_value(&reason, line, n, PHX_SIM_HEADER_REASON);
		else if (header_is(line, n, PHX_SIM_HEADER_BODILESS))
			bodiless = true;
		else {
			if (header_is(line, n, "Content-Length"))
				length = (uint64_t)phx_sim_number(
					phx_str_trim((struct phx_str){line + 15, n - 15}), 0);
			else if (header_is(line, n, "Transfer-Encoding"))
				length = UINT64_MAX; /* to the end of the connection */
			phx_buf_add(&rest, line, n);
			phx_buf_c(&rest, "\r\n");
		}
		status_line = false;
		line += n + 2;
	}
	if (reason.ptr != NULL && first_len > 12)
		first_len = 13; /* "HTTP/1.1 500 " */
	phx_buf_add(&p->down, first, first_len);
	phx_buf_str(&p->down, phx_buf_view(&reason));
	phx_buf_c(&p->down, "\r\n");
	phx_buf_str(&p->down, phx_buf_view(&rest));
	phx_buf_c(&p->down, "\r\n");
	p->body_left = bodiless ? 0 : length;
	phx_buf_clear(&p->head);
	phx_buf_done(&rest);
	phx_buf_done(&reason);
}

static void pass_down(struct phx_sim_pipe *p, const char *bytes, size_t n)
{
	while (n > 0) {
		if (p->body_left > 0) {
			size_t take = n < p->body_left ? n : (size_t)p->body_left;

			phx_buf_add(&p->down, bytes, take);
			p->body_left -= take;
			bytes += take;
			n -= take;
			continue;
		}
		phx_buf_ch(&p->head, *bytes++);
		n--;
		if (p->head.len >= 4 && memcmp(p->head.ptr + p->head.len - 4, "\r\n\r\n", 4) == 0) {
			p->head.len -= 2; /* without the empty line */
			pass_header(p);
		}
	}
}

/* ---- moving bytes ---- */

static bool would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void flush(struct phx_sim_pipe *p, int fd, struct phx_buf *buf, size_t *at)
{
	while (*at < buf->len) {
		ssize_t n = send(fd, buf->ptr + *at, buf->len - *at, MSG_NOSIGNAL);

		if (n <= 0) {
			if (!would_block())
				p->dead = true;
			return;
		}
		*at += (size_t)n;
	}
	phx_buf_clear(buf);
	*at = 0;
}

static void read_client(struct phx_sim *s, struct phx_sim_pipe *p)
{
	char bytes[65536];
	ssize_t n;

	if (p->client_gone || p->up.len - p->up_at > PUMP_MAX)
		return;
	n = recv(p->client, bytes, sizeof(bytes), 0);
	if (n > 0) {
		phx_buf_add(&p->up, bytes, (size_t)n);
		s->front->last_ms = phx_now_ms();
	} else if (n == 0) {
		p->client_gone = true;
		shutdown(p->inner, SHUT_WR);
	} else if (!would_block()) {
		p->dead = true;
	}
}

static void read_inner(struct phx_sim_pipe *p)
{
	char bytes[65536];
	ssize_t n;

	while (p->down.len - p->down_at < PUMP_MAX) {
		n = recv(p->inner, bytes, sizeof(bytes), 0);
		if (n > 0) {
			pass_down(p, bytes, (size_t)n);
			continue;
		}
		if (n == 0 || !would_block())
			p->inner_gone = true;
		return;
	}
}

static void pump(struct phx_sim *s, struct phx_sim_pipe *p, bool client_ready)
{
	if (client_ready)
		read_client(s, p);
	if (!p->inner_gone) {
		flush(p, p->inner, &p->up, &p->up_at);
		read_inner(p);
	}
	flush(p, p->client, &p->down, &p->down_at);
	if (p->inner_gone && p->down.len == 0) /* not before a slow reader has all of it */
		p->dead = true;
}

static void free_pipe(struct phx_sim_pipe *p)
{
	close(p->client);
	close(p->inner);
	phx_buf_done(&p->up);
	phx_buf_done(&p->down);
	phx_buf_done(&p->head);
	free(p);
}

static void bury(struct phx_sim_front *f)
{
	for (struct phx_sim_pipe **at = &f->pipes; *at != NULL;) {
		struct phx_sim_pipe *p = *at;

		if (!p->dead) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		f->npipes--;
		free_pipe(p);
	}
}

void phx_sim_front_drop(struct phx_sim *s, int inner_fd)
{
	for (struct phx_sim_pipe *p = s->front->pipes; p != NULL; p = p->next)
		if (p->mhd_fd == inner_fd) {
			/* A reset, not an orderly end: what a crashed server looks like. */
			struct linger now = {.l_onoff = 1, .l_linger = 0};

			(void)setsockopt(p->client, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
			p->dead = true;
		}
}

static void accept_one(struct phx_sim *s)
{
	struct phx_sim_front *f = s->front;
	struct sockaddr_un nobody = {.sun_family = AF_UNIX};
	int fd = accept4(f->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	int pair[2];
	struct phx_sim_pipe *p;

	if (fd < 0)
		return;
	if (f->npipes >= PIPES_MAX ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
		close(fd);
		return;
	}
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		phx_out_of_memory();
	*p = (struct phx_sim_pipe){.client = fd, .inner = pair[0], .mhd_fd = pair[1], .next = f->pipes};
	f->pipes = p;
	f->npipes++;
	f->last_ms = phx_now_ms();
	if (MHD_add_connection(f->mhd, pair[1], (const struct sockaddr *)&nobody, sizeof(nobody)) != MHD_YES)
		p->dead = true;
}

/* ---- the loop ---- */

static nfds_t poll_set(struct phx_sim_front *f, struct pollfd *fds, int stop_fd)
{
	nfds_t n = 0;

	fds[n++] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
	fds[n++] = (struct pollfd){.fd = f->listen_fd, .events = POLLIN};
	fds[n++] = (struct pollfd){.fd = f->mhd_epoll, .events = POLLIN};
	for (struct phx_sim_pipe *p = f->pipes; p != NULL; p = p->next) {
		bool reads = !p->client_gone && p->up.len - p->up_at <= PUMP_MAX;
		bool down_free = p->down.len - p->down_at < PUMP_MAX;

		fds[n++] = (struct pollfd){
			.fd = p->client,
			.events = (short)((reads ? POLLIN : 0) | (p->down.len > 0 ? POLLOUT : 0))};
		fds[n++] = (struct pollfd){
			.fd = p->inner_gone ? -1 : p->inner,
			.events = (short)((down_free ? POLLIN : 0) | (p->up.len > 0 ? POLLOUT : 0))};
	}
	return n;
}

static int wait_for(struct phx_sim_front *f, int64_t wait_ms)
{
	MHD_UNSIGNED_LONG_LONG mhd_ms;

	if (f->resumed)
		return 0;
	if (MHD_get_timeout(f->mhd, &mhd_ms) == MHD_YES && (wait_ms < 0 || (int64_t)mhd_ms < wait_ms))
		wait_ms = (int64_t)mhd_ms;
	return wait_ms < 0 || wait_ms > 1000 ? 1000 : (int)wait_ms;
}

bool phx_sim_front_run(struct phx_sim *s, int64_t wait_ms, int stop_fd)
{
	struct phx_sim_front *f = s->front;
	struct pollfd *fds = calloc(3 + 2 * (size_t)f->npipes + phx_sim_trees_count(s), sizeof(*fds));
	nfds_t n, i = 3;
	bool stop;

	if (fds == NULL)
		phx_out_of_memory();
	n = poll_set(f, fds, stop_fd);
	n += phx_sim_trees_poll(s, fds + n);
	if (poll(fds, n, wait_for(f, wait_ms)) < 0)
		memset(fds, 0, n * sizeof(*fds));
	/* Requests come at the time it is now, not at that of the last round. */
	(void)phx_sim_clock_run(s);
	stop = stop_fd >= 0 && fds[0].revents != 0;
	for (struct phx_sim_pipe *p = f->pipes; p != NULL; p = p->next, i += 2)
		pump(s, p, (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0);
	if (fds[1].revents != 0)
		accept_one(s);
	free(fds);
	f->resumed = false;
	phx_sim_trees_work(s);
	(void)MHD_run(f->mhd);
	phx_sim_trees_work(s); /* what the requests started */
	for (struct phx_sim_pipe *p = f->pipes; p != NULL; p = p->next)
		pump(s, p, false);
	bury(f);
	return stop;
}

/* ---- opening ---- */

static bool split_listen(const char *listen_at, struct phx_buf *host, struct phx_buf *port)
{
	const char *colon = strrchr(listen_at, ':');

	if (colon == NULL)
		return false;
	phx_buf_add(host, listen_at, (size_t)(colon - listen_at));
	phx_buf_c(port, colon + 1);
	if (host->len >= 2 && host->ptr[0] == '[' && host->ptr[host->len - 1] == ']') {
		memmove(host->ptr, host->ptr + 1, host->len - 2);
		host->len -= 2;
		host->ptr[host->len] = 0;
	}
	return host->len > 0 && port->len > 0;
}

static bool is_loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return (ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24) == 127;
	return a->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static bool listen_on(struct phx_sim *s, const struct addrinfo *ai, struct phx_err *err)
{
	struct phx_sim_front *f = s->front;
	int one = 1;

	if (!s->options.allow_remote && !is_loopback(ai->ai_addr))
		return phx_err_set(err, PHX_ERR_USAGE, "%s is not a loopback address", s->options.listen);
	f->listen_fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->listen_fd < 0)
		return phx_err_errno(err, errno, "cannot make a socket");
	(void)setsockopt(f->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(f->listen_fd, ai->ai_addr, ai->ai_addrlen) != 0 || listen(f->listen_fd, 256) != 0)
		return phx_err_errno(err, errno, "cannot listen on %s", s->options.listen);
	return true;
}

static bool name_url(struct phx_sim *s, struct phx_err *err)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(s->front->listen_fd, (struct sockaddr *)&at, &len) != 0 ||
	    getnameinfo((struct sockaddr *)&at, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return phx_err_set(err, PHX_ERR_IO, "cannot read the server's own address");
	phx_buf_printf(&s->url, strchr(host, ':') != NULL ? "http://[%s]:%s" : "http://%s:%s", host, port);
	return true;
}

bool phx_sim_front_open(struct phx_sim *s, struct phx_err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
			*ai = NULL;
	struct phx_buf host = {0}, port = {0};
	bool ok = false;

	s->front = calloc(1, sizeof(*s->front));
	if (s->front == NULL)
		phx_out_of_memory();
	s->front->listen_fd = -1;
	s->front->last_ms = phx_now_ms();
	if (!split_listen(s->options.listen, &host, &port) ||
	    getaddrinfo(host.ptr, port.ptr, &hints, &ai) != 0) {
		phx_err_set(err, PHX_ERR_USAGE, "`%s` is no address to listen on: HOST:PORT is expected",
			    s->options.listen);
		goto out;
	}
	if (!listen_on(s, ai, err) || !name_url(s, err))
		goto out;
	if (!phx_mhd_load(err))
		goto out;
	s->front->mhd = phx_sim_http_start(s);
	if (s->front->mhd == NULL) {
		phx_err_set(err, PHX_ERR_IO, "cannot start the HTTP server");
		goto out;
	}
	s->front->mhd_epoll = MHD_get_daemon_info(s->front->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	ok = true;
out:
	if (ai != NULL)
		freeaddrinfo(ai);
	phx_buf_done(&host);
	phx_buf_done(&port);
	return ok;
}

void phx_sim_front_close(struct phx_sim *s)
{
	struct phx_sim_front *f = s->front;

	if (f == NULL)
		return;
	phx_sim_http_release(s);
	if (f->mhd != NULL)
		MHD_stop_daemon(f->mhd);
	for (struct phx_sim_pipe *p = f->pipes; p != NULL; p = p->next)
		p->dead = true;
	bury(f);
	if (f->listen_fd >= 0)
		close(f->listen_fd);
	free(f);
	s->front = NULL;
}
