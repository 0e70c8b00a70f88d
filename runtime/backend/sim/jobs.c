#include "backend/sim/jobs.h"

const struct sim_job *const sim_jobs[] = {
	&sim_job_qmcreate,   &sim_job_qmconfig,   &sim_job_qmclone,     &sim_job_qmstart,
	&sim_job_qmstop,     &sim_job_qmshutdown, &sim_job_qmreboot,    &sim_job_qmsimple,
	&sim_job_qmtemplate, &sim_job_qmdestroy,  &sim_job_qmresize,    &sim_job_qmmove,
	&sim_job_qmreassign, &sim_job_qmsuspend,  &sim_job_vzcreate,    &sim_job_vzclone,
	&sim_job_vzstart,    &sim_job_vzstop,     &sim_job_vzshutdown,  &sim_job_vzreboot,
	&sim_job_vztemplate, &sim_job_vzdestroy,  &sim_job_vzresize,    &sim_job_vzmove,
	&sim_job_vzsuspend,  &sim_job_snapshot,   &sim_job_delsnapshot, &sim_job_rollback,
	&sim_job_imgcopy,    &sim_job_imgdel,     &sim_job_download,    &sim_job_vzdump,
	&sim_job_ha,         &sim_job_migrate,    &sim_job_nothing,     NULL};
