/* Handlers that the table of /qemu routes names, and pieces that VMs and containers share. */
#pragma once

#include "backend/sim/request.h"

void phx_sim_cloudinit_get(struct phx_sim_request *r);
void phx_sim_cloudinit_put(struct phx_sim_request *r);
void phx_sim_cloudinit_dump(struct phx_sim_request *r);
void phx_sim_vm_list(struct phx_sim_request *r);
void phx_sim_vm_create(struct phx_sim_request *r);
void phx_sim_vm_clone(struct phx_sim_request *r);
void phx_sim_vm_destroy(struct phx_sim_request *r);
void phx_sim_vm_template(struct phx_sim_request *r);
void phx_sim_config_get(struct phx_sim_request *r, json_t *g);
void phx_sim_pending_get(struct phx_sim_request *r, json_t *g);
/* What a snapshot's configuration shows beside the options: snaptime, description, parent, vmstate. */
void phx_sim_snapshot_facts(json_t *conf, const json_t *snap);
/* The guest's firewall configuration goes with it. */
void phx_sim_firewall_remove(struct phx_sim *s, const char *kind, int64_t vmid);
void phx_sim_firewall_copy(struct phx_sim *s, const char *kind, int64_t from, int64_t to);
json_t *phx_sim_ha_status(struct phx_sim *s, const char *kind, int64_t vmid); /* new reference */
/* True: the guest is HA-managed, and the answer is set. */
bool phx_sim_power_by_ha(struct phx_sim_request *r, json_t *g, bool start);
/* The cloud-init drive is made from the present configuration. */
void phx_sim_cloudinit_remember(struct phx_sim *s, json_t *g);
/* Whether the guest's storages can do `snapshot` (or `clone`, `copy`). */
bool phx_sim_guest_feature(struct phx_sim *s, json_t *g, const char *feature);
/* "+1G" or "3G" → the new size; false: no size. */
bool phx_sim_new_size(const char *text, uint64_t now, uint64_t *out);
/* What a netN says of its interface; texts in the arena. `ip` with its prefix ("10.0.0.2/24"), NULL for DHCP that gave none. */
struct phx_sim_net_facts {
	const char *name, *mac, *ip, *address, *prefix;
};
void phx_sim_net_parse(struct phx_arena *a, const char *net, struct phx_sim_net_facts *out);
