/* All jobs that tasks may be; see task.h. */
#pragma once

#include "backend/sim/task.h"

extern const struct phx_sim_job phx_sim_job_qmcreate, phx_sim_job_qmconfig, phx_sim_job_qmclone,
	phx_sim_job_qmstart, phx_sim_job_qmstop, phx_sim_job_qmshutdown, phx_sim_job_qmreboot,
	phx_sim_job_qmsimple, phx_sim_job_qmtemplate, phx_sim_job_qmdestroy, phx_sim_job_qmresize,
	phx_sim_job_qmmove, phx_sim_job_qmreassign, phx_sim_job_qmsuspend;
extern const struct phx_sim_job phx_sim_job_vzcreate, phx_sim_job_vzrestore, phx_sim_job_vzclone,
	phx_sim_job_vzstart, phx_sim_job_vzstop, phx_sim_job_vzshutdown, phx_sim_job_vzreboot,
	phx_sim_job_vztemplate, phx_sim_job_vzdestroy, phx_sim_job_vzresize, phx_sim_job_vzmove,
	phx_sim_job_vzsuspend;
extern const struct phx_sim_job phx_sim_job_snapshot, phx_sim_job_delsnapshot, phx_sim_job_rollback;
extern const struct phx_sim_job phx_sim_job_imgcopy, phx_sim_job_imgdel, phx_sim_job_download;
extern const struct phx_sim_job phx_sim_job_vzdump, phx_sim_job_ha, phx_sim_job_migrate, phx_sim_job_nothing;

/* The storage of {storage}, usable on {node}; else a 500 is set. */
json_t *phx_sim_storage_of(struct phx_sim_request *r);
/* Whether the bridge of a netN text is on the worker's node. */
bool phx_sim_bridge_exists(struct phx_sim_worker *w, const char *net);
/* Log lines and configuration of a purge. */
void phx_sim_guest_purge(struct phx_sim_worker *w, int64_t vmid, bool vm);
/* Starts a guest as the node does after boot. */
void phx_sim_job_start_system(struct phx_sim *s, json_t *g);
