/* Inside host/ only. */
#pragma once

#include "backend/host/host.h"

/* The marks that the far side puts into standard error: ESC-like 0x1e, a word, 0x1e. */
struct phx_marks {
	struct phx_buf held; /* from a 0x1e on, while it may still become a mark */
	bool begun, ended;
	int exit_code, signal;
};
/* Takes what came, and gives what is no mark to `sink`. */
void phx_marks_take(struct phx_marks *m, struct phx_str bytes, void (*sink)(void *user, struct phx_str bytes),
		    void *user);
/* What was held back and became no mark. */
void phx_marks_flush(struct phx_marks *m, void (*sink)(void *user, struct phx_str bytes), void *user);

struct phx_host_call {
	struct phx_host_call *next;
	struct phx_host *host;
	uint64_t handle, proc; /* proc: 0: waits for its turn */
	struct phx_arena arena;
	struct phx_str *argv; /* as it is started here */
	uint32_t argc;
	struct phx_buf input;
	struct phx_str node, what; /* what: the command's first words, for messages */
	struct phx_host_how how;
	uint64_t timeout_ms, deadline; /* while it waits */
	bool marked, over;
	struct phx_err failed; /* before anything was started */
	struct phx_marks marks;
	void (*output)(void *user, bool is_stderr, struct phx_str bytes);
	void (*done)(void *user, const struct phx_command_end *end);
	void *user;
};

struct phx_host {
	struct phx_host_config config;
	struct phx_arena arena;
	struct phx_procs *procs;
	struct phx_host_call *first, *last;
	uint64_t handles;
	uint32_t active;
	uint32_t depth;
	struct phx_str home; /* `here`: this node's name */
	struct phx_str name;
	char *socket_dir;    /* ssh's, ours alone */
	bool reached;        /* the connection stood once: others may share it */
	struct phx_err lost; /* why the first try failed; kind NONE: it did not */
};

/* far.c: the words to start here so that argv runs on the node, with marks. */
void phx_far_words(struct phx_host *h, struct phx_host_call *call, const struct phx_command *c);
/* Single quotes around any bytes, as every POSIX shell reads them. */
void phx_far_quote(struct phx_buf *out, struct phx_str word);
/* ssh ended it by itself. Sets kind, message and what to do. */
void phx_far_error(const struct phx_host *h, const struct phx_host_call *call,
		   const struct phx_command_end *end, struct phx_str said, struct phx_err *err);
/* Ends the shared connection. */
void phx_far_hang_up(struct phx_host *h);
