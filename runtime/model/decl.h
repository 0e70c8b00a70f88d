/* Evaluated declarations: what both front-ends produce and the graph is built from. `phx import json` writes this form as .phx. */
#pragma once

#include "model/schema.h"

enum phx_origin { PHX_FROM_SELF, PHX_FROM_DEFAULTS, PHX_FROM_SOURCE /* inherited through clone */ };

struct phx_attr {
	const struct phx_attr_spec
		*spec; /* NULL for free attributes (options, firewall options, raw lines) */
	struct phx_str name;
	struct phx_value value;
	struct phx_span name_span;
	uint8_t origin; /* enum phx_origin */
};

struct phx_block {
	const struct phx_block_spec *spec;
	struct phx_str label;               /* empty: none; for `rule in accept`: "in" */
	struct phx_str label2;              /* `rule in accept`: "accept" */
	struct phx_span span;               /* of the head: `disk root` */
	uint8_t origin;                     /* enum phx_origin */
	PHX_VEC(struct phx_attr) attrs;     /* in source order */
	PHX_VEC(struct phx_block *) blocks; /* in source order */
};

struct phx_decl {
	enum phx_kind kind;
	struct phx_str
		name; /* without the kind; with modules later "module.m.x" keeps its own form in `address` */
	struct phx_str address; /* "vm.web" */
	struct phx_span span;   /* of the head: `vm web` */
	struct phx_span extent; /* all of it, with its braces */
	struct phx_block body;
	struct phx_str dir; /* directory that relative paths refer to */
	bool poisoned; /* errors were reported inside: its name is known, its contents are not to be judged */
	bool builtin;  /* a feature that comes with phx */
	/* JSON only */
	bool from_json;
	struct phx_str metadata; /* JSON object text of what is kept but has no meaning to phx; empty: none */
};

struct phx_output {
	struct phx_str name;
	struct phx_value value;
	struct phx_span span;
};

/* Everything a configuration says. */
struct phx_config {
	struct phx_str stack; /* empty: none given */
	struct phx_span stack_span;
	bool has_ids;
	uint64_t ids_first, ids_last; /* stack "x" { ids = a..b } */
	PHX_VEC(struct phx_decl *)
	decls; /* clusters, images, pools, features, guests; source order (file order, then position) */
	PHX_VEC(struct phx_decl *) defaults; /* kind = the guest kind they stand for */
	PHX_VEC(struct phx_output) outputs;
	bool has_unknowns; /* validated without environment or parameters */
};

/* NULL: absent. */
const struct phx_attr *phx_block_attr(const struct phx_block *b, const char *name);
const struct phx_block *phx_block_child(const struct phx_block *b, const char *name); /* first of that type */
struct phx_attr *phx_block_set(struct phx_arena *a, struct phx_block *b, struct phx_str name,
			       struct phx_value value,
			       struct phx_span name_span); /* looks its spec up; replaces an older value */
struct phx_block *phx_block_add(struct phx_arena *a, struct phx_block *parent, const char *type,
				struct phx_str label, struct phx_span span);
struct phx_decl *phx_decl_new(struct phx_arena *a, enum phx_kind kind, struct phx_str name,
			      struct phx_span span);
/* Adds everything `from` declares to `into`, as if both were one configuration; the first stack and id range that is
 * said wins. */
void phx_config_append(struct phx_arena *a, struct phx_config *into, const struct phx_config *from);
