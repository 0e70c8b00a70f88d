/* Checks of values: shared by check.c, format*.c, propstring.c and endpoint_check.c. */
#pragma once

#include "model/option.h"
#include "model/propstring_priv.h"

/* A format's own check. False with Proxmox's sentence (its line end included) appended to `msg`. */
typedef bool phx_format_check(const struct phx_option *o, struct phx_str value, struct phx_buf *msg);

struct phx_format {
	const char *name;
	phx_format_check *check;
};

/* NULL: no check of that name (property strings, and formats of endpoints that phx never calls). */
const struct phx_format *phx_format_find(struct phx_str name);
/* Takes the name apart and finds the check of its elements. */
void phx_format_resolve(struct phx_option *o);
/* The check by the option's format. True also when it has none, or one that is not known. */
bool phx_format_value(const struct phx_option *o, struct phx_str value, struct phx_buf *msg);
/* Is it one of the option's words? */
bool phx_format_word(const struct phx_option *o, struct phx_str word);

/* Formats by subject; each list ends with a NULL name. */
extern const struct phx_format phx_formats_general[];
extern const struct phx_format phx_formats_address[];
extern const struct phx_format phx_formats_guest[];
extern const struct phx_format phx_formats_firewall[];

/* Cuts the next element off a list as PVE::Tools::split_list does (comma, semicolon, blanks; or NUL bytes). */
bool phx_list_next(struct phx_str *rest, struct phx_str *out);

/* Adds what phx_propstring_scan found wrong. */
void phx_check_prop_faults(const struct phx_option *o, struct phx_str name,
			   const struct phx_prop_faults *faults, struct phx_checks *out);
/* A parameter that is not there, or not known; `text` as in PVE::JSONSchema. */
void phx_check_add(struct phx_checks *out, struct phx_str param, enum phx_check_kind kind,
		   const struct phx_option *o, struct phx_str text);
#define PHX_TEXT_MISSING "property is missing and it is not optional"
#define PHX_TEXT_UNKNOWN                                                                                     \
	"property is not defined in schema and the schema does not allow additional properties"
