/* All jobs that tasks may be; see task.h. */
#pragma once

#include "backend/sim/task.h"

extern const struct sim_job sim_job_qmcreate, sim_job_qmconfig, sim_job_qmclone, sim_job_qmstart,
	sim_job_qmstop, sim_job_qmshutdown, sim_job_qmreboot, sim_job_qmsimple, sim_job_qmtemplate,
	sim_job_qmdestroy, sim_job_qmresize, sim_job_qmmove, sim_job_qmreassign, sim_job_qmsuspend;
extern const struct sim_job sim_job_vzcreate, sim_job_vzrestore, sim_job_vzclone, sim_job_vzstart,
	sim_job_vzstop, sim_job_vzshutdown, sim_job_vzreboot, sim_job_vztemplate, sim_job_vzdestroy,
	sim_job_vzresize, sim_job_vzmove, sim_job_vzsuspend;
extern const struct sim_job sim_job_snapshot, sim_job_delsnapshot, sim_job_rollback;
extern const struct sim_job sim_job_imgcopy, sim_job_imgdel, sim_job_download;
extern const struct sim_job sim_job_vzdump, sim_job_ha, sim_job_migrate, sim_job_nothing;

/* The storage of {storage}, usable on {node}; else a 500 is set. */
json_t *sim_storage_of(struct sim_request *r);
/* Whether the bridge of a netN text is on the worker's node. */
bool sim_bridge_exists(struct sim_worker *w, const char *net);
/* Log lines and configuration of a purge. */
void sim_guest_purge(struct sim_worker *w, int64_t vmid, bool vm);
/* Starts a guest as the node does after boot. */
void sim_job_start_system(struct phx_sim *s, json_t *g);
