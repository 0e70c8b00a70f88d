/* The tree of a pattern: made by pattern_parse.c, turned into a program by pattern.c. */
#pragma once

#include "model/pattern.h"

enum { PHX_PATTERN_MANY = UINT16_MAX };

struct set {
	uint64_t bits[4];
};

enum node_kind { NODE_EMPTY, NODE_SET, NODE_START, NODE_END, NODE_CAT, NODE_ALT, NODE_REPEAT };

struct node {
	enum node_kind kind;
	const struct set *set;           /* SET */
	const struct node *left, *right; /* CAT, ALT; REPEAT: left */
	uint16_t min, max;               /* REPEAT; max MANY = no limit */
};

static inline bool set_has(const struct set *s, unsigned char c)
{
	return s->bits[c >> 6] >> (c & 63) & 1;
}

/* NULL with *out_wrong, a phrase that follows "has". The text is anchored already. */
const struct node *phx_pattern_parse(struct phx_arena *arena, struct phx_str text, const char **out_wrong);
