/* Property strings, taken apart as PVE::JSONSchema::parse_property_string does; for checks, comparison and patches. */
#pragma once

#include "model/propstring.h"

#define PHX_UNKNOWN_MAX 16

/* What was wrong. Unknown keys do not end the parse, the rest does. */
struct phx_prop_faults {
	const char *fatal;         /* "duplicate key in comma-separated list property: ", or NULL */
	struct phx_str fatal_key;  /* goes on; may be empty */
	const char *fatal_tail;    /* ends the sentence */
	struct phx_str fatal_part; /* slice of the text */
	uint32_t nunknown;
	struct phx_prop unknown[PHX_UNKNOWN_MAX]; /* key NULL; value: the part */
};

/* allow_empty: `key=` is a key with an empty value, not an error. */
void phx_propstring_scan(const struct phx_option *o, struct phx_str text, bool allow_empty,
			 struct phx_propstring *out, struct phx_prop_faults *faults);
struct phx_prop *phx_propstring_find(struct phx_propstring *p, const struct phx_option *key);
/* As phx_propstring_find for the value; empty with .ptr NULL when not given. */
struct phx_str phx_propstring_of(const struct phx_propstring *p, const struct phx_option *key);
/* Adds or replaces; false when there is no room. */
bool phx_propstring_put(struct phx_propstring *p, const struct phx_option *key, struct phx_str value);
