/* YAML as a tree: read (libyaml), merged, and written the same way every time. Only base/yaml.c sees libyaml. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum phx_yaml_kind { PHX_YAML_SCALAR, PHX_YAML_LIST, PHX_YAML_MAP };

struct phx_yaml {
	uint8_t kind;         /* enum phx_yaml_kind */
	uint8_t style;        /* libyaml's, of a scalar that was read; 0: chosen when it is written */
	bool quoted;          /* a scalar that is text, whatever it looks like */
	struct phx_str text;  /* SCALAR */
	struct phx_str tag;   /* an explicit one ("!!binary" in full); empty: none */
	uint32_t line;        /* where it was read, from 1; 0: it was made */
	struct phx_yaml *key; /* of a member of a map */
	PHX_VEC(struct phx_yaml *) items; /* of a list; values of a map, in order */
};

/* Reads one document. *out is NULL when there is nothing in it. Aliases are resolved; a key that stands twice in one map, a
 * second document, and what is too deep or too large are refused (PHX_ERR_DATA, with the line). */
PHX_MUST_USE bool phx_yaml_parse(struct phx_str text, struct phx_arena *a, struct phx_yaml **out,
				 struct phx_err *err);
/* Block style, UTF-8, no line folding, strings quoted where they would read as something else. */
void phx_yaml_print(const struct phx_yaml *y, struct phx_buf *out);

struct phx_yaml *phx_yaml_map(struct phx_arena *a);
struct phx_yaml *phx_yaml_list(struct phx_arena *a);
struct phx_yaml *phx_yaml_text(struct phx_arena *a, struct phx_str s);
struct phx_yaml *phx_yaml_bool(struct phx_arena *a, bool b);
void phx_yaml_set(struct phx_arena *a, struct phx_yaml *map, const char *key,
		  struct phx_yaml *value); /* replaces an older one */
void phx_yaml_push(struct phx_arena *a, struct phx_yaml *list, struct phx_yaml *item);
struct phx_yaml *phx_yaml_get(const struct phx_yaml *map, const char *key); /* NULL: none, or no map */

/* `over` laid on `base`: maps are merged key by key, lists are joined (base's items first), anything else is `over`'s. Either
 * may be NULL. The result shares nodes with both. */
struct phx_yaml *phx_yaml_merge(struct phx_arena *a, struct phx_yaml *base, struct phx_yaml *over);
