/* Property strings: `virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1`. Keys are those of an option's format; a key may
 * be left out where the format has a default key, may be an alias, or may be a value itself (`virtio=MAC`). */
#pragma once

#include "model/option.h"

/* More keys than any format has (drives: 48). */
#define PHX_PROPS_MAX 80

struct phx_prop {
	const struct phx_option *key; /* the real key, never an alias */
	struct phx_str value;         /* slice of the parsed text, or whatever was set */
};

/* Plain data; no memory of its own. */
struct phx_propstring {
	uint32_t n;
	struct phx_prop props[PHX_PROPS_MAX];
};

/* Parses without checking values. Unknown and repeated keys, and values without a key where the format has no default
 * key, are added to `out` (may be NULL) under the parameter `name`; false then. An empty text is an empty map. */
PHX_MUST_USE bool phx_propstring_parse(const struct phx_option *o, struct phx_str name, struct phx_str text,
				       struct phx_propstring *out_props, struct phx_checks *out);
/* NULL: not given. `key` is a real key's name. */
const struct phx_prop *phx_propstring_get(const struct phx_propstring *p, const char *key);
/* The value of a key, or an empty slice. */
struct phx_str phx_propstring_value(const struct phx_propstring *p, const char *key);
/* Adds or replaces; false when the format has no such key (aliases are followed). */
PHX_MUST_USE bool phx_propstring_set(const struct phx_option *o, struct phx_propstring *p, struct phx_str key,
				     struct phx_str value);
void phx_propstring_remove(struct phx_propstring *p, const char *key);
/* Prints as Proxmox does: the volume (or model=MAC) first, then what the format puts first, then by name. */
void phx_propstring_print(const struct phx_option *o, const struct phx_propstring *p, struct phx_buf *out);
