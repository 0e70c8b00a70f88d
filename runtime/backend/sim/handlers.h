/* Handlers that the table of /qemu routes names, and pieces that VMs and containers share. */
#pragma once

#include "backend/sim/request.h"

void sim_cloudinit_get(struct sim_request *r);
void sim_cloudinit_put(struct sim_request *r);
void sim_cloudinit_dump(struct sim_request *r);
void sim_vm_list(struct sim_request *r);
void sim_vm_create(struct sim_request *r);
void sim_vm_clone(struct sim_request *r);
void sim_vm_destroy(struct sim_request *r);
void sim_vm_template(struct sim_request *r);
void sim_config_get(struct sim_request *r, json_t *g);
void sim_pending_get(struct sim_request *r, json_t *g);
/* What a snapshot's configuration shows beside the options: snaptime, description, parent, vmstate. */
void sim_snapshot_facts(json_t *conf, const json_t *snap);
/* The guest's firewall configuration goes with it. */
void sim_firewall_remove(struct phx_sim *s, const char *kind, int64_t vmid);
void sim_firewall_copy(struct phx_sim *s, const char *kind, int64_t from, int64_t to);
json_t *sim_ha_status(struct phx_sim *s, const char *kind, int64_t vmid); /* new reference */
/* True: the guest is HA-managed, and the answer is set. */
bool sim_power_by_ha(struct sim_request *r, json_t *g, bool start);
/* The cloud-init drive is made from the present configuration. */
void sim_cloudinit_remember(struct phx_sim *s, json_t *g);
/* Whether the guest's storages can do `snapshot` (or `clone`, `copy`). */
bool sim_guest_feature(struct phx_sim *s, json_t *g, const char *feature);
/* "+1G" or "3G" → the new size; false: no size. */
bool sim_new_size(const char *text, uint64_t now, uint64_t *out);
/* What a netN says of its interface; texts in the arena. `ip` with its prefix ("10.0.0.2/24"), NULL for DHCP that gave none. */
struct sim_net_facts {
	const char *name, *mac, *ip, *address, *prefix;
};
void sim_net_parse(struct phx_arena *a, const char *net, struct sim_net_facts *out);
