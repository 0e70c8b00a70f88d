/* A JSON document with the place of every value: nodes in an arena, strings decoded. Strict RFC 8259, with limits; duplicate
 * keys are mistakes. Jansson gives no positions of values, and needs more time than all of the front-end: it is the judge
 * in the tests instead (what it refuses, this refuses). */
#pragma once

#include "base/diag.h"

enum {
	PHX_JTREE_DEPTH = 64,      /* objects and arrays inside one another */
	PHX_JTREE_NODES = 4000000, /* values in a document */
};

enum phx_jkind {
	PHX_J_NULL,
	PHX_J_BOOL,
	PHX_J_INT,   /* fits an int64_t */
	PHX_J_FLOAT, /* any other number */
	PHX_J_STRING,
	PHX_J_ARRAY,
	PHX_J_OBJECT,
};

struct phx_jnode {
	uint8_t kind;                  /* enum phx_jkind */
	uint8_t fate;                  /* for the import: enum phx_fate */
	uint8_t key;                   /* for the import: which property it is */
	uint8_t flags;                 /* for the import */
	uint32_t n;                    /* children */
	uint32_t start, end;           /* with quotes or brackets */
	uint32_t name_start, name_end; /* of a member: its key, with the quotes */
	struct phx_str name;           /* of a member, decoded */
	union {
		bool b;
		int64_t i;
		double f;
		struct phx_str s;
		struct phx_jnode *v; /* children, in source order */
	};
	const char *what; /* for the import: target, or why */
};

/* NULL: the text is no JSON; one diagnostic says where and what was expected. Duplicate keys are reported and the first one
 * counts. Without a bag nothing is reported. Strings are slices of `text`, or in
 * `strings` when they had escapes. */
PHX_MUST_USE struct phx_jnode *phx_jtree_parse(struct phx_str text, uint32_t file, struct phx_arena *nodes,
					       struct phx_arena *strings, struct phx_diag_bag *bag);
