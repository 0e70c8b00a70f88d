/* What Proxmox asks of whoever makes a call, and whether an identity has it. Facts: the permission rules of the endpoint
 * tables, and, where Proxmox's code asks for more than its rules say, `priv=` of the option tables. */
#pragma once

#include "model/option.h"

struct phx_endpoints;

/* One privilege on one path. */
struct phx_need {
	struct phx_str path;
	struct phx_str privileges; /* "VM.Clone"; "A|B": one of them is enough */
	struct phx_str instead;    /* the same privilege on this path does as well; empty: no such path */
	uint32_t by;               /* the caller's: what needs it */
};
struct phx_needs {
	struct phx_need *v;
	uint32_t n, cap;
	bool certain; /* set by the caller: leave out where one of several ways is enough */
	bool root;    /* a call that only root@pam itself may make */
	uint32_t by;
};

/* What an identity may do: the answer of GET /access/permissions. Zero-initialised: nothing. */
struct phx_grants {
	struct phx_map
		by_path; /* path → struct phx_map *: privilege → 1 when it holds for what lies below too */
	bool all;        /* root@pam itself */
};
void phx_grants_add(struct phx_arena *a, struct phx_grants *g, struct phx_str path, struct phx_str privilege,
		    bool propagate);
/* One of `privileges` ("A|B") on a path: of the nearest path above that is listed, what it hands down. */
bool phx_grants_may(const struct phx_grants *g, struct phx_str path, struct phx_str privileges);
bool phx_grants_meet(const struct phx_grants *g, const struct phx_need *n);

struct phx_access_param {
	struct phx_str name, value;
};
struct phx_access_call {
	const char *method;  /* "PUT" */
	struct phx_str path; /* as sent: segments percent-encoded */
	const struct phx_access_param *params;
	uint32_t nparams;
};

/* What the facts are read from. */
struct phx_access {
	struct phx_arena *arena;
	const struct phx_endpoints *endpoints;
	const struct phx_option_table *vm, *ct;
};
/* NULL with err. Everything lives in `arena`. */
PHX_MUST_USE const struct phx_access *phx_access_open(struct phx_arena *arena, struct phx_options *options,
						      struct phx_str version, struct phx_err *err);

/* Adds what the call needs. Where one of several ways is enough: the one that `grants` (may be NULL) allow, else the one
 * that asks for least. False: Proxmox has no such call. */
PHX_MUST_USE bool phx_access_of_call(const struct phx_access *x, const struct phx_access_call *call,
				     const struct phx_grants *grants, struct phx_needs *out);

/* What setting (or, with an empty value, removing) one option takes. */
struct phx_access_guest {
	bool is_vm;
	bool creates;        /* in the call that makes the guest */
	struct phx_str path; /* "/vms/101" */
	struct phx_str pool; /* "/pool/web" of a guest that is being made in one; else empty */
};
void phx_access_of_option(struct phx_arena *a, const struct phx_option *o, struct phx_str value,
			  const struct phx_access_guest *g, struct phx_needs *out);
void phx_access_need(struct phx_arena *a, struct phx_needs *out, struct phx_str path, const char *privileges,
		     struct phx_str instead);
/* The use of the bridge, with its VLAN, of a network card's text. */
void phx_access_of_bridge(struct phx_arena *a, struct phx_str net, struct phx_needs *out);

/* `pveum acl modify …` that grants `privilege` on `path` to the credentials. Several privileges separated by '|': any. */
void phx_grant_hint(struct phx_buf *out, struct phx_str path, struct phx_str privilege,
		    struct phx_str identity);
/* A built-in role with the privilege (recording 713). */
const char *phx_grant_role(struct phx_str privilege);
