/* Backups (vzdump) and restoring containers from them. */
#pragma once

#include "backend/sim/task.h"

/* Fills a restore's settings with the configuration in the archive, its volumes to be made anew. False: no such archive. */
bool phx_sim_backup_settings(struct phx_sim_worker *w, json_t *archive, json_t *set);
