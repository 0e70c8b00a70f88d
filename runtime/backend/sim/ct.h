/* What the files about containers share. */
#pragma once

#include "backend/sim/vm.h"

/* 403 for what only root@pam may set: features but nesting, bind mounts, devices, hook scripts. False: the answer is set. */
bool phx_sim_ct_may_set(struct phx_sim_request *r, int64_t vmid, bool unprivileged, const char *key,
			const char *value, bool creates);
/* "local:4,mp=/data" is made; what exists is attached. Text to store, or NULL with why. */
const char *phx_sim_ct_make_mount(struct phx_sim_vm_make *m, const char *key, const char *text,
				  const json_t *os);
bool phx_sim_ct_mount_allowed(struct phx_sim_request *r, const char *key, const char *text);
const char *phx_sim_ct_notes(struct phx_arena *a, const char *text); /* as the file keeps them */
const char *phx_sim_ct_stored(struct phx_sim *s, struct phx_arena *a, const char *key, const char *text,
			      bool create);
void phx_sim_ct_list(struct phx_sim_request *r);
void phx_sim_ct_create(struct phx_sim_request *r);
void phx_sim_ct_destroy(struct phx_sim_request *r);
void phx_sim_ct_clone(struct phx_sim_request *r);
void phx_sim_ct_template(struct phx_sim_request *r);
void phx_sim_ct_apply_pending(struct phx_sim *s, json_t *g);
/* A mount point or rootfs: is it a volume of a storage? */
bool phx_sim_ct_is_mount(const char *key);
/* Facts of the system that a container made from the template has; an empty object when nothing is known. Borrowed. */
json_t *phx_sim_ct_os(struct phx_sim_worker *w, const json_t *template_volume);
