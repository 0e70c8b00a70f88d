/* Every endpoint that phx or its simulator touches: paths, methods, parameters with their checks, permissions. Read
 * from etc/pve/VERSION/endpoints; loaded by the simulator, and by plans that have something to do (model/access.h). */
#pragma once

#include "model/option.h"

enum phx_http { PHX_HTTP_GET, PHX_HTTP_POST, PHX_HTTP_PUT, PHX_HTTP_DELETE, PHX_HTTP_COUNT };

enum phx_permission_op {
	PHX_PERM_ROOT,  /* no rule at all: root@pam only */
	PHX_PERM_WORLD, /* without authentication */
	PHX_PERM_ALL,   /* any authenticated user */
	PHX_PERM_AND,
	PHX_PERM_OR,
	PHX_PERM_PATH,         /* `path` needs `privileges` (all, or any) */
	PHX_PERM_MODIFY,       /* perm-modify: may change permissions of `path` */
	PHX_PERM_USERID_PARAM, /* userid-param: `self`, or a privilege on the user's realm */
	PHX_PERM_USERID_GROUP, /* userid-group: `privileges` on one of the user's groups */
};

/* An expression; children in order. */
struct phx_permission {
	enum phx_permission_op op;
	struct phx_str path; /* template with {param} */
	const struct phx_str *privileges;
	uint32_t nprivileges;
	bool any;                     /* one of the privileges is enough */
	struct phx_str require_param; /* counts only when this parameter is given */
	struct phx_str argument; /* userid-param: "self" or a privilege; userid-group: "groups_param" … */
	const struct phx_permission *children;
	uint32_t nchildren;
};

struct phx_endpoint;

struct phx_method {
	const struct phx_endpoint *endpoint;
	enum phx_http http;
	bool is_protected;               /* runs in pvedaemon as root */
	bool additional;                 /* takes parameters that are not listed */
	const struct phx_option *params; /* sorted by name; those of the path carry PHX_OPTION_PATH */
	uint32_t nparams;
	struct phx_map by_name, by_family;
	const struct phx_permission *permission; /* never NULL */
};

struct phx_endpoint {
	struct phx_str path; /* "/nodes/{node}/qemu/{vmid}/config" */
	bool rest; /* its last parameter takes all that is left, slashes included (volume names, CIDRs) */
	const struct phx_method *methods[PHX_HTTP_COUNT]; /* NULL: not implemented (501) */
};

struct phx_path_node;

struct phx_endpoints {
	const struct phx_endpoint *const *all; /* sorted by path */
	uint32_t n;
	const struct phx_path_node *root;
};

/* NULL with err. Lives in `arena`; immutable afterwards, several threads may read it. */
PHX_MUST_USE const struct phx_endpoints *phx_endpoints_load(struct phx_arena *arena, struct phx_str version,
							    struct phx_err *err);

#define PHX_PATH_PARAMS_MAX 8
struct phx_path_param {
	struct phx_str name, value; /* value: slice of the path asked for */
};
struct phx_path_params {
	uint32_t n;
	struct phx_path_param v[PHX_PATH_PARAMS_MAX];
};

/* `path` without "/api2/json", percent-decoded already; doubled and trailing slashes do not count (872, 873). NULL: no
 * such path (501). Whether its method exists is the caller's next question: endpoint->methods[http]. */
const struct phx_endpoint *phx_endpoint_find(const struct phx_endpoints *e, struct phx_str path,
					     struct phx_path_params *out);
PHX_MUST_USE bool phx_http_parse(struct phx_str text, enum phx_http *out);
const char *phx_http_name(enum phx_http http);

/* How a parameter arrived. Form and query: TEXT, or LIST when a key was repeated. JSON bodies: numbers as TEXT in
 * their JSON spelling, booleans as TEXT 1 or 0. */
enum phx_param_shape { PHX_PARAM_TEXT, PHX_PARAM_LIST, PHX_PARAM_NULL, PHX_PARAM_HASH };

struct phx_given {
	struct phx_str name;
	enum phx_param_shape shape;
	struct phx_str text;         /* TEXT */
	const struct phx_str *items; /* LIST */
	uint32_t nitems;
};

/* Checks a request's parameters (those of the path among them) as Proxmox does before anything else: unknown ones,
 * missing ones, types, ranges, formats, `requires`. True when all pass; else `out` holds the faults, of which each
 * param's `text` is its entry in the answer's `errors` map. */
PHX_MUST_USE bool phx_endpoint_check(const struct phx_method *m, const struct phx_given *params, size_t n,
				     struct phx_checks *out);
/* The parameter's description ("net3" → net); NULL when it is not one of the method's. */
const struct phx_option *phx_method_param(const struct phx_method *m, struct phx_str name, int *out_index);
