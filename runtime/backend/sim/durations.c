#include "backend/sim/durations.h"

static const struct {
	const char *name; /* in the seed */
	double seconds;
} table[PHX_SIM_D_COUNT] = {
	[PHX_SIM_D_FORK] = {"fork", 0.2},
	[PHX_SIM_D_CREATE] = {"create", 0.5},
	[PHX_SIM_D_CLONE_LINKED] = {"clone_linked", 1.0},
	[PHX_SIM_D_COPY_GIB] = {"copy_gib", 4.0},
	[PHX_SIM_D_DOWNLOAD_GIB] = {"download_gib", 15.0},
	[PHX_SIM_D_EXTRACT_GIB] = {"extract_gib", 40.0},
	[PHX_SIM_D_RESIZE] = {"resize", 0.5},
	[PHX_SIM_D_START_VM] = {"start_vm", 1.5},
	[PHX_SIM_D_START_CT] = {"start_ct", 1.0},
	[PHX_SIM_D_BOOT_VM] = {"boot_vm", 20.0},
	[PHX_SIM_D_BOOT_CT] = {"boot_ct", 3.0},
	[PHX_SIM_D_CLOUD_INIT] = {"cloud_init", 25.0},
	[PHX_SIM_D_SHUTDOWN_VM] = {"shutdown_vm", 6.0},
	[PHX_SIM_D_SHUTDOWN_CT] = {"shutdown_ct", 3.0},
	[PHX_SIM_D_STOP] = {"stop", 0.5},
	[PHX_SIM_D_SNAPSHOT] = {"snapshot", 0.5},
	[PHX_SIM_D_TEMPLATE] = {"template", 1.0},
	[PHX_SIM_D_DESTROY] = {"destroy", 0.8},
	[PHX_SIM_D_MIGRATE] = {"migrate", 5.0},
	[PHX_SIM_D_NODE_BOOT] = {"node_boot", 60.0},
	[PHX_SIM_D_AGENT_TIMEOUT] = {"agent_timeout", 3.0}, /* recording 318 */
};

int64_t phx_sim_duration(struct phx_sim *s, enum phx_sim_duration which)
{
	json_t *over = phx_sim_get(s, "meta", "durations");

	return (int64_t)(phx_json_num(over, table[which].name, table[which].seconds) *
			 (double)PHX_SIM_SECOND);
}

int64_t phx_sim_duration_bytes(struct phx_sim *s, enum phx_sim_duration which, uint64_t bytes)
{
	return (int64_t)((double)phx_sim_duration(s, which) * ((double)bytes / (double)((uint64_t)1 << 30)));
}
