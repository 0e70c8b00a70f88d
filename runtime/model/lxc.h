/* What Proxmox knows of raw lines in a container's configuration, and of ids in a container. */
#pragma once

#include "model/graph.h"

#define PHX_IDMAP_BASE  100000u /* where an unprivileged container's ids begin, when nothing else is said */
#define PHX_IDMAP_COUNT 65536u

/* Does Proxmox keep such a line? (PVE::LXC::Config, valid_lxc_conf_keys; what is renamed or made by Proxmox itself does not count.) */
bool phx_lxc_key_ok(struct phx_str key);
struct phx_str phx_lxc_key_nearest(struct phx_str key); /* empty: none is near */
/* May the key stand several times, each line adding something? Of the others the last one counts. */
bool phx_lxc_key_is_list(struct phx_str key);
bool phx_is_unprivileged(const struct phx_guest *g);
/* The id on the node of a user ('u') or group ('g') of the container. */
uint64_t phx_host_id(const struct phx_guest *g, char kind, uint64_t id);
/* "1000", "www-data": an id of the container. Names are those that every Debian has (base-passwd); false: none of them. */
PHX_MUST_USE bool phx_container_id(struct phx_str text, char kind, uint64_t *out);
