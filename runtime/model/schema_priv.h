/* The bodies of guests (schema_guest.c), and the places of the attributes in the bodies of `vm` and `container`: the graph builder finds them by number. */
#pragma once

#include "model/schema.h"

enum phx_guest_attr {
	PHX_GA_ID,
	PHX_GA_NAME,
	PHX_GA_CLUSTER,
	PHX_GA_NODE,
	PHX_GA_TEMPLATE,
	PHX_GA_CLONE,
	PHX_GA_FULL,
	PHX_GA_CORES,
	PHX_GA_MEMORY,
	PHX_GA_STORAGE,
	PHX_GA_BRIDGE,
	PHX_GA_TAGS,
	PHX_GA_POOL,
	PHX_GA_NOTES,
	PHX_GA_ON_BOOT,
	PHX_GA_RUNNING,
	PHX_GA_PROTECT,
	PHX_GA_DEPENDS_ON,
	PHX_GA_FEATURES,
	PHX_GA_GPU,
	PHX_GA_DISK,
	PHX_GA_COMMON_END,
	/* VMs */
	PHX_GA_IMAGE = PHX_GA_COMMON_END,
	PHX_GA_ISO,
	PHX_GA_BIOS,
	PHX_GA_MACHINE,
	PHX_GA_HOSTPCI,
	PHX_GA_USB,
	PHX_GA_VM_END,
	/* containers */
	PHX_GA_OSTEMPLATE = PHX_GA_COMMON_END,
	PHX_GA_ROOTFS,
	PHX_GA_SWAP,
	PHX_GA_UNPRIVILEGED,
	PHX_GA_NESTING,
	PHX_GA_DEVICE,
	PHX_GA_IDMAP,
	PHX_GA_CONTAINER_END,
	PHX_GA_MAX = PHX_GA_CONTAINER_END
};

extern const struct phx_block_spec phx_schema_vm, phx_schema_container;
