/* Values of the language after evaluation, shared by both front-ends and the resource graph. Plain data in an arena. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"

enum phx_value_kind {
	PHX_V_NULL,
	PHX_V_BOOL,
	PHX_V_INT,
	PHX_V_FLOAT,
	PHX_V_STRING,
	PHX_V_SIZE,     /* bytes */
	PHX_V_DURATION, /* milliseconds */
	PHX_V_IP,
	PHX_V_CIDR, /* address with prefix; the host part is kept */
	PHX_V_MAC,  /* upper case on printing */
	PHX_V_LIST,
	PHX_V_MAP,  /* also objects; keys in source order */
	PHX_V_REF,  /* a resource of the configuration */
	PHX_V_CALL, /* a feature with arguments: feature.docker(channel = "test") */
	PHX_V_KIND_COUNT
};

enum {
	PHX_VF_SECRET = 1 << 0, /* never printed */
	PHX_VF_UNKNOWN =
		1 << 1, /* `validate` without its environment: only the kind is known; the payload is zero */
	PHX_VF_OCTAL = 1 << 2,  /* an int written with a leading zero */
	PHX_VF_WORD = 1 << 3,   /* a string written as a bare word (enum value) */
	PHX_VF_POISON = 1 << 4, /* an error was reported already: every use is silent */
};

struct phx_ip {
	uint8_t family; /* 4 or 6 */
	uint8_t prefix; /* CIDR only */
	uint8_t bytes[16];
};

struct phx_value;

struct phx_list {
	struct phx_value *v;
	uint32_t n;
};

struct phx_member {
	struct phx_str key;
	struct phx_value *value;
	struct phx_span span; /* of the key */
};

struct phx_object {
	struct phx_member *v;
	uint32_t n;
};

struct phx_decl;

struct phx_ref {
	uint8_t kind;                /* enum phx_kind of what it names */
	struct phx_str name;         /* address without the kind */
	const struct phx_decl *decl; /* NULL until resolved (JSON: by id) */
	uint64_t id;                 /* JSON: reference by guest id, else 0 */
	struct phx_object args;      /* PHX_V_CALL only */
};

struct phx_value {
	uint8_t kind;    /* enum phx_value_kind */
	uint8_t flags;   /* PHX_VF_* */
	uint16_t depth;  /* evaluator only: lists and maps inside one another, and … */
	uint32_t weight; /* … values inside, at all depths */
	union {
		bool b;
		int64_t i; /* INT; DURATION in ms */
		double f;
		uint64_t bytes; /* SIZE */
		struct phx_str s;
		struct phx_ip *ip; /* IP, CIDR */
		uint8_t mac[6];
		struct phx_list list;
		struct phx_object *map;
		struct phx_ref *ref;
	};
	struct phx_span span; /* where it was written */
};

const char *phx_value_kind_name(enum phx_value_kind kind); /* "int", "size", … for messages */
struct phx_value phx_value_str(struct phx_str s, struct phx_span at);
struct phx_value phx_value_int(int64_t i, struct phx_span at);
struct phx_value phx_value_bool(bool b, struct phx_span at);
struct phx_value phx_value_size(uint64_t bytes, struct phx_span at);
struct phx_value phx_value_unknown(enum phx_value_kind kind, struct phx_span at);
struct phx_value phx_value_poison(struct phx_span at);
bool phx_value_is_known(const struct phx_value *v);  /* neither unknown nor poison, all the way down */
bool phx_value_is_secret(const struct phx_value *v); /* it, or anything inside it */
/* Same kind and content; secrets compare by content, spans do not count. */
bool phx_value_equal(const struct phx_value *a, const struct phx_value *b);
/* Canonical text of a scalar as in `${}`: `8GiB`, `5m`, `true`, `10.0.0.1/24`; secrets and unknowns too give their
 * content: the caller decides. False for null, lists, maps and references. */
PHX_MUST_USE bool phx_value_text(const struct phx_value *v, struct phx_buf *out);
/* For people: as phx_value_text, lists and maps in the language's syntax, `(secret)` and `(unknown)`. */
void phx_value_show(const struct phx_value *v, struct phx_buf *out);
/* JSON; secrets read "(secret)". */
void phx_value_json(const struct phx_value *v, struct phx_buf *out);

/* Text forms of the single types; the whole slice must match. */
PHX_MUST_USE bool phx_size_parse(struct phx_str s, uint64_t *out_bytes); /* 512MiB 8GiB 4KiB 2TiB */
PHX_MUST_USE bool phx_duration_parse(struct phx_str s, int64_t *out_ms); /* 500ms 30s 5m 2h 1d */
PHX_MUST_USE bool phx_ip_parse(struct phx_str s, struct phx_ip *out);    /* 10.0.0.1, fd00::10 */
PHX_MUST_USE bool phx_cidr_parse(struct phx_str s, struct phx_ip *out);  /* 10.0.0.1/24 */
PHX_MUST_USE bool phx_mac_parse(struct phx_str s, uint8_t out[6]);
void phx_size_text(uint64_t bytes, struct phx_buf *out);
void phx_duration_text(int64_t ms, struct phx_buf *out);
void phx_ip_text(const struct phx_ip *ip, bool with_prefix, struct phx_buf *out);
void phx_mac_text(const uint8_t mac[6], struct phx_buf *out);
bool phx_ip_same_net(const struct phx_ip *cidr, const struct phx_ip *ip); /* ip within cidr's network */
