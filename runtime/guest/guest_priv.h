/* The bundle of a work: what /bin/sh in the guest reads, and the pieces that go ahead of it. Shared by the plan's list of calls
 * and by the channel, so that both are the same. */
#pragma once

#include "guest/work.h"

/* Something that the wrapper puts into the work's directory: the environment, the script, standard input, a file. */
struct phx_entry {
	struct phx_str name; /* as step.sh knows it: "env", "script", "in", "w/NAME" */
	struct phx_str path; /* a local file, or … */
	struct phx_str content;
	uint64_t size;
	struct phx_str sha256;
	bool secret;
	bool ahead; /* in pieces before the bundle, not in it */
};

struct phx_piece {
	uint32_t entry, number;
	uint64_t at, len;
	struct phx_str to; /* path in the guest */
};

struct phx_bundle {
	uint8_t way;
	struct phx_str id;  /* of the run in the guest: letters, digits, `.`, `_`, `-` */
	struct phx_str log; /* path in the guest */
	struct phx_str text;
	bool secret;
	uint64_t timeout_ms;
	PHX_VEC(struct phx_entry) entries;
	PHX_VEC(struct phx_piece) pieces;
};

struct phx_bundle_options {
	bool whole; /* by the agent: all output stays in its files until it is read from there; split only */
	bool split; /* standard output and error apart; such runs may go side by side, and leave no log */
	struct phx_str id;    /* empty: from key (or what) and hash */
	struct phx_str input; /* standard input; used when has_input */
	bool has_input, secret_input;
};

/* Everything is copied into the arena but the contents of local files, which are read when they are sent. */
PHX_MUST_USE bool phx_bundle_build(struct phx_arena *a, const struct phx_guest_work *w, uint8_t way,
				   const struct phx_bundle_options *o, struct phx_bundle *out,
				   struct phx_err *err);
/* Appends the bytes of a piece; a file that changed meanwhile is an error. */
PHX_MUST_USE bool phx_bundle_piece(const struct phx_bundle *b, const struct phx_piece *p, struct phx_buf *out,
				   struct phx_err *err);
/* What is run in the guest besides the bundle: by input of /bin/sh (agent), or as an argument of `/bin/sh -c`. */
struct phx_str phx_bundle_make_room(struct phx_arena *a, const struct phx_bundle *b);
struct phx_str phx_bundle_receive(struct phx_arena *a, const struct phx_bundle *b, const struct phx_piece *p);
/* How the wrapper passes output on: "stream", "tail" or "whole". */
const char *phx_bundle_mode(uint8_t way, bool whole);
/* The wrapper with one call of it: `phx_join …`, `phx_kill …`. */
PHX_MUST_USE bool phx_bundle_wrapper(struct phx_arena *a, const char *call, struct phx_str *out,
				     struct phx_err *err);

/* Appends the word quoted for /bin/sh, in ASCII only. */
void phx_shell_word(struct phx_buf *out, struct phx_str word);
/* The way that PHX_WAY_NONE stands for. */
uint8_t phx_guest_way_for(uint8_t way, bool is_vm);
/* argv of the command on the node that runs /bin/sh in the guest: with `-c SCRIPT`, or (empty) with the script on its standard
 * input. `wait` false (qm only): it prints the pid and leaves it at work. */
struct phx_argv {
	PHX_VEC(struct phx_str) v;
};
void phx_guest_argv(struct phx_arena *a, const struct phx_guest_ref *g, uint8_t way, struct phx_str script,
		    bool wait, struct phx_argv *out);
