/* What kinds of resource there are, and which attributes and blocks each takes: the one table behind both
 * front-ends, did-you-mean, defaults, clone inheritance and the .phx writer. Ranges and enumerations of attributes that stand for a
 * Proxmox option are not here: they come from the option tables, through `option`. */
#pragma once

#include "model/value.h"

enum phx_kind {
	PHX_KIND_NONE,
	PHX_KIND_STACK,
	PHX_KIND_CLUSTER,
	PHX_KIND_IMAGE,
	PHX_KIND_POOL,
	PHX_KIND_FEATURE,
	PHX_KIND_VM,
	PHX_KIND_CONTAINER,
	PHX_KIND_DEFAULTS,
	PHX_KIND_COUNT
};

/* What an attribute's value may be. Several bits: any of them. */
enum {
	PHX_AT_BOOL = 1 << 0,
	PHX_AT_INT = 1 << 1,
	PHX_AT_FLOAT = 1 << 2,
	PHX_AT_STRING = 1 << 3,
	PHX_AT_SIZE = 1 << 4,
	PHX_AT_DURATION = 1 << 5,
	PHX_AT_IP = 1 << 6,
	PHX_AT_CIDR = 1 << 7,
	PHX_AT_MAC = 1 << 8,
	PHX_AT_ENUM = 1 << 9,     /* a bare word or string out of `words` (or of the option's enumeration) */
	PHX_AT_REF = 1 << 10,     /* a reference to one of the kinds in `ref_kinds` */
	PHX_AT_FEATURE = 1 << 11, /* feature.x or feature.x(…) */
	PHX_AT_LIST =
		1
		<< 12, /* a list whose elements are any of the other bits, or one such value for a list of one; without the bit a single value */
	PHX_AT_MAP = 1 << 13,
	PHX_AT_ANY = 1 << 14,
};

enum {
	PHX_AF_REQUIRED = 1 << 0,
	PHX_AF_INHERIT = 1 << 1,     /* a clone that does not declare it has its source's */
	PHX_AF_SECRET_OK = 1 << 2,   /* a secret may flow here */
	PHX_AF_OCTAL = 1 << 3,       /* `mode` */
	PHX_AF_PATH = 1 << 4,        /* a path, relative to the file it stands in */
	PHX_AF_NO_DEFAULTS = 1 << 5, /* may not stand in `defaults` */
};

struct phx_attr_spec {
	const char *name;
	uint32_t types;     /* PHX_AT_* */
	uint16_t flags;     /* PHX_AF_* */
	uint16_t ref_kinds; /* bit per enum phx_kind */
	const char *
		option; /* the Proxmox option that it becomes ("cores", "onboot", "net.bridge" = key of a property string), or NULL */
	/* NULL-terminated. PHX_AT_ENUM: the words that need no quotes. With words and PHX_AT_STRING any other string is
	 * accepted as well; with ENUM and no words, they are the enumeration of `option`. */
	const char *const *words;
};

enum phx_block_label {
	PHX_LABEL_NONE,
	PHX_LABEL_OPTIONAL,
	PHX_LABEL_REQUIRED,
	PHX_LABEL_RULE /* `rule in accept` */
};

struct phx_block_spec {
	const char *name;
	enum phx_block_label label;
	bool repeatable;
	uint16_t flags;                             /* PHX_AF_INHERIT: the whole block */
	const struct phx_attr_spec *attrs;          /* ends with name == NULL */
	const struct phx_block_spec *const *blocks; /* NULL-terminated, or NULL */
	const char *
		free_attrs; /* attributes not in `attrs` are checked as options of this option table ("guest", "firewall", …); "raw": any string; "any": any value (metadata); NULL: none */
};

/* The spec of a kind's body; NULL for PHX_KIND_NONE. `defaults` has the body of its guest kind. */
const struct phx_block_spec *phx_schema_kind(enum phx_kind kind);
const char *phx_kind_name(enum phx_kind kind);    /* "vm", "container", … */
enum phx_kind phx_kind_find(struct phx_str name); /* PHX_KIND_NONE: unknown */
const struct phx_attr_spec *phx_schema_attr(const struct phx_block_spec *b, struct phx_str name);
const struct phx_block_spec *phx_schema_block(const struct phx_block_spec *b, struct phx_str name);
