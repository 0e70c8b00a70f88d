/* Firewall configuration: of guests, nodes, the cluster, and its security groups. Configured, never enforced. */
#pragma once

#include "backend/sim/guest.h"
#include "backend/sim/request.h"

/* The document behind the request's path; made when absent. */
json_t *phx_sim_fw(struct phx_sim_request *r);
void phx_sim_fw_dirty(struct phx_sim_request *r);
json_t *phx_sim_fw_part(json_t *fw, const char *name,
			bool array); /* rules, options, aliases, ipset, groups; made when absent */
/* Proxmox's digest of a list: SHA-1 over "key:value\n" of each entry, keys sorted; the recordings' digests come out. */
const char *phx_sim_fw_digest(struct phx_arena *a, const json_t *list_or_object);
/* A copy of the list with `digest` in each entry. */
json_t *phx_sim_fw_with_digest(struct phx_arena *a, json_t *stolen_list);
/* 4 or 6 for an address or network, 0 for names. */
int phx_sim_fw_ipversion(const char *address);
bool phx_sim_fw_alias_exists(struct phx_sim_request *r, json_t *fw, const char *name);
const char *phx_sim_lower(struct phx_arena *a, const char *text);
