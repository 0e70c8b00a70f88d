/* What both front-ends check of a declaration against the schema, with the same words: names, labels, types of values,
 * secrets, what is required. Every function is silent about poisoned values. */
#pragma once

#include "base/diag.h"
#include "model/decl.h"
#include "model/option.h"

/* Whose body it is. */
struct phx_schema_ctx {
	struct phx_diag_bag *bag;
	struct phx_options *options; /* for enumerations and for hints about Proxmox options; may be NULL */
	enum phx_kind kind;          /* of the resource; inside `defaults vm` PHX_KIND_VM */
	struct phx_span head;        /* of the resource or block the name stands in; may be nowhere */
};

/* An attribute (or block) that `in` does not have: with the nearest name of attributes and blocks there, or where it
 * does belong. */
void phx_schema_unknown_attr(const struct phx_schema_ctx *c, const struct phx_block_spec *in,
			     struct phx_str name, struct phx_span at);
void phx_schema_unknown_block(const struct phx_schema_ctx *c, const struct phx_block_spec *in,
			      struct phx_str name, struct phx_span at);
/* A label that is missing, or not wanted, or no direction and action of a firewall rule. True when right. */
bool phx_schema_label(const struct phx_schema_ctx *c, const struct phx_block_spec *spec, struct phx_str label,
		      struct phx_str label2, struct phx_span at);
/* A second block of a type that may stand once only, a second attribute of one name. */
void phx_schema_repeated_block(const struct phx_schema_ctx *c, const struct phx_block_spec *spec,
			       struct phx_str label, struct phx_span at, struct phx_span first);
void phx_schema_repeated_attr(const struct phx_schema_ctx *c, struct phx_str name, struct phx_span at,
			      struct phx_span first);
/* Type, enumeration, reference kinds and secrecy of one value. `null` fits everything that is not required. True when it
 * fits; otherwise one diagnostic was added. */
bool phx_schema_value(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec,
		      const struct phx_value *v);
/* Required attributes that are missing, in this block and those inside it. */
void phx_schema_required(const struct phx_schema_ctx *c, const struct phx_block *b);

/* "a size", "a list of strings", "`never` or `allow`": what an attribute takes. */
void phx_schema_types(const struct phx_schema_ctx *c, const struct phx_attr_spec *spec, struct phx_buf *out);
/* The option behind spec->option ("memory", "net.bridge" = a key of a property string) in the tables of a kind of guest;
 * NULL: none, or the tables cannot be read. */
const struct phx_option *phx_schema_option(struct phx_options *o, enum phx_kind kind,
					   const struct phx_attr_spec *spec);
/* The table that free attributes of a block are checked against; NULL when there is none. */
const struct phx_option_table *phx_schema_free_table(struct phx_options *o, enum phx_kind kind,
						     const struct phx_block_spec *b);
