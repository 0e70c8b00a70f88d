/* Guests: VMs and containers. A document has vmid, kind ("qemu", "lxc"), node, conf (key → text, what runs), pend (key → text, or
 * null for a pending delete), snaps (name → conf, time, …), run (null when stopped), and what the simulated guest itself holds. */
#pragma once

#include "backend/sim/request.h"

json_t *phx_sim_guest(struct phx_sim *s, int64_t vmid); /* NULL: no such guest */
json_t *phx_sim_guest_add(struct phx_sim *s, int64_t vmid, const char *kind, const char *node);
void phx_sim_guest_remove(struct phx_sim *s, int64_t vmid);
void phx_sim_guest_dirty(struct phx_sim *s, json_t *g);
int64_t phx_sim_guest_id(const json_t *g);
const char *phx_sim_guest_kind(const json_t *g);
const char *phx_sim_guest_node(const json_t *g);
bool phx_sim_guest_is_vm(const json_t *g);
bool phx_sim_guest_running(const json_t *g);
bool phx_sim_guest_template(const json_t *g);
json_t *phx_sim_conf(const json_t *g);
const char *phx_sim_conf_get(const json_t *g, const char *key);                         /* NULL: not set */
void phx_sim_conf_set(struct phx_sim *s, json_t *g, const char *key, const char *text); /* NULL removes */
int64_t phx_sim_conf_int(const json_t *g, const char *key, int64_t otherwise);
/* What the guest would have after its pending changes. New reference. */
json_t *phx_sim_conf_pending(const json_t *g);
/* The configuration as Proxmox's file has it: live section, what is pending, snapshots. */
void phx_sim_guest_conf_text(const json_t *g, struct phx_buf *out);
/* 40 hex digits over the configuration as Proxmox's file has it. */
const char *phx_sim_guest_digest(struct phx_arena *a, const json_t *g);
/* A configuration as the API gives it: numbers where the option is one. New reference. */
json_t *phx_sim_conf_json(struct phx_sim *s, const char *kind, const json_t *conf);
json_t *phx_sim_conf_value(struct phx_sim *s, const char *kind, const char *key, const char *text);

/* For handlers: the guest of {vmid} on {node}, else a 500 is set. */
json_t *phx_sim_guest_of(struct phx_sim_request *r, const char *kind);
/* "VM" or "CT" */
const char *phx_sim_guest_word(const json_t *g);
/* The guest's config lock for this request. False: it waits, or has failed for want of the lock. */
bool phx_sim_guest_lock(struct phx_sim_request *r, const json_t *g);
bool phx_sim_guest_lock_id(struct phx_sim_request *r, int64_t vmid, bool vm);
/* False: `VM is locked (backup)` is set. */
bool phx_sim_guest_unlocked(struct phx_sim_request *r, const json_t *g);
/* The digest that came with the request fits, or none came. */
bool phx_sim_digest_fits(struct phx_sim_request *r, const char *have, const char *message);
/* The same with the words of containers, firewall and storage (406, 582). */
bool phx_sim_digest_fits_text(struct phx_sim_request *r, const char *have);
/* The id is free in the whole cluster; else a 500 with the words of the caller's call is set. */
const char *phx_sim_id_owner(struct phx_sim_request *r,
			     int64_t vmid); /* "VM 100 already exists on node 'pve'", NULL: free */
const char *phx_sim_guest_name(struct phx_arena *a, const json_t *g); /* as lists show it */
const char *phx_sim_guest_pool(struct phx_sim *s, int64_t vmid);

/* What pvestatd last said of the guest: the part of cluster/resources that lags. NULL: nothing yet. Borrowed. */
json_t *phx_sim_guest_published(struct phx_sim *s, json_t *g);
/* Sizes and numbers that status and lists show. New reference. */
json_t *phx_sim_guest_status(struct phx_sim *s, json_t *g);
uint64_t phx_sim_guest_maxmem(const json_t *g);
int64_t phx_sim_guest_cpus(struct phx_sim *s, const json_t *g);
