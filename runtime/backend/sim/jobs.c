#include "backend/sim/jobs.h"

const struct phx_sim_job *const phx_sim_jobs[] = {
	&phx_sim_job_qmcreate,   &phx_sim_job_qmconfig,   &phx_sim_job_qmclone,     &phx_sim_job_qmstart,
	&phx_sim_job_qmstop,     &phx_sim_job_qmshutdown, &phx_sim_job_qmreboot,    &phx_sim_job_qmsimple,
	&phx_sim_job_qmtemplate, &phx_sim_job_qmdestroy,  &phx_sim_job_qmresize,    &phx_sim_job_qmmove,
	&phx_sim_job_qmreassign, &phx_sim_job_qmsuspend,  &phx_sim_job_vzcreate,    &phx_sim_job_vzclone,
	&phx_sim_job_vzstart,    &phx_sim_job_vzstop,     &phx_sim_job_vzshutdown,  &phx_sim_job_vzreboot,
	&phx_sim_job_vztemplate, &phx_sim_job_vzdestroy,  &phx_sim_job_vzresize,    &phx_sim_job_vzmove,
	&phx_sim_job_vzsuspend,  &phx_sim_job_snapshot,   &phx_sim_job_delsnapshot, &phx_sim_job_rollback,
	&phx_sim_job_imgcopy,    &phx_sim_job_imgdel,     &phx_sim_job_download,    &phx_sim_job_vzdump,
	&phx_sim_job_ha,         &phx_sim_job_migrate,    &phx_sim_job_nothing,     NULL};
