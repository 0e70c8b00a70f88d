/* How long things take, in simulated time. One table; the seed's `durations` may change any of it. */
#pragma once

#include "backend/sim/sim_priv.h"

enum sim_duration {
	SIM_D_FORK,         /* a worker that has nothing long to do */
	SIM_D_CREATE,       /* a guest's configuration and its empty disks, per disk */
	SIM_D_CLONE_LINKED, /* a linked clone */
	SIM_D_COPY_GIB,     /* full clone, import, move: per GiB */
	SIM_D_DOWNLOAD_GIB, /* download by the node: per GiB */
	SIM_D_EXTRACT_GIB,  /* OS template into a container: per GiB of archive */
	SIM_D_RESIZE,       /* growing a disk */
	SIM_D_START_VM,     /* until the start task ends */
	SIM_D_START_CT,
	SIM_D_BOOT_VM,    /* until the guest agent answers */
	SIM_D_BOOT_CT,    /* until a container's network is up */
	SIM_D_CLOUD_INIT, /* first boot, after the agent is up */
	SIM_D_SHUTDOWN_VM,
	SIM_D_SHUTDOWN_CT,
	SIM_D_STOP,
	SIM_D_SNAPSHOT,
	SIM_D_TEMPLATE,
	SIM_D_DESTROY,
	SIM_D_MIGRATE,
	SIM_D_NODE_BOOT,     /* after a power loss, until guests with onboot start */
	SIM_D_AGENT_TIMEOUT, /* a call to an agent that does not run */
	SIM_D_COUNT
};

sim_time sim_duration(struct phx_sim *s, enum sim_duration which);
/* Of a `…_GIB` duration: for that many bytes. */
sim_time sim_duration_bytes(struct phx_sim *s, enum sim_duration which, uint64_t bytes);
