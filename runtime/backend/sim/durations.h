/* How long things take, in simulated time. One table; the seed's `durations` may change any of it. */
#pragma once

#include "backend/sim/sim_priv.h"

enum phx_sim_duration {
	PHX_SIM_D_FORK,         /* a worker that has nothing long to do */
	PHX_SIM_D_CREATE,       /* a guest's configuration and its empty disks, per disk */
	PHX_SIM_D_CLONE_LINKED, /* a linked clone */
	PHX_SIM_D_COPY_GIB,     /* full clone, import, move: per GiB */
	PHX_SIM_D_DOWNLOAD_GIB, /* download by the node: per GiB */
	PHX_SIM_D_EXTRACT_GIB,  /* OS template into a container: per GiB of archive */
	PHX_SIM_D_RESIZE,       /* growing a disk */
	PHX_SIM_D_START_VM,     /* until the start task ends */
	PHX_SIM_D_START_CT,
	PHX_SIM_D_BOOT_VM,    /* until the guest agent answers */
	PHX_SIM_D_BOOT_CT,    /* until a container's network is up */
	PHX_SIM_D_CLOUD_INIT, /* first boot, after the agent is up */
	PHX_SIM_D_SHUTDOWN_VM,
	PHX_SIM_D_SHUTDOWN_CT,
	PHX_SIM_D_STOP,
	PHX_SIM_D_SNAPSHOT,
	PHX_SIM_D_TEMPLATE,
	PHX_SIM_D_DESTROY,
	PHX_SIM_D_MIGRATE,
	PHX_SIM_D_NODE_BOOT,     /* after a power loss, until guests with onboot start */
	PHX_SIM_D_AGENT_TIMEOUT, /* a call to an agent that does not run */
	PHX_SIM_D_COUNT
};

int64_t phx_sim_duration(struct phx_sim *s, enum phx_sim_duration which);
/* Of a `…_GIB` duration: for that many bytes. */
int64_t phx_sim_duration_bytes(struct phx_sim *s, enum phx_sim_duration which, uint64_t bytes);
