#include "plan/cost.h"

/* Measured on the recorded server (task durations) and rounded; a full clone, an import or a move copies a disk. */
static const struct phx_cost costs[PHX_ACTION_OP_COUNT] = {
	[PHX_OP_LOCK] = {200, 0, 0, NULL, NULL},
	[PHX_OP_UNLOCK] = {200, 0, 0, NULL, NULL},
	[PHX_OP_IMAGE_DOWNLOAD] = {120000, 2000, 60, "download", "download"},
	[PHX_OP_IMAGE_UPLOAD] = {120000, 2000, 60, "imgcopy", "imgcopy"},
	[PHX_OP_OSTEMPLATE_DOWNLOAD] = {60000, 2000, 60, "download", "download"},
	[PHX_OP_POOL_CREATE] = {200, 0, 0, NULL, NULL},
	[PHX_OP_POOL_UPDATE] = {200, 0, 0, NULL, NULL},
	[PHX_OP_POOL_DELETE] = {200, 0, 0, NULL, NULL},
	[PHX_OP_CREATE] = {20000, 1000, 200, "qmcreate", "vzcreate"},
	[PHX_OP_CLONE] = {30000, 1000, 200, "qmclone", "vzclone"},
	[PHX_OP_CONFIG] = {200, 0, 0, NULL, NULL},
	[PHX_OP_RESIZE] = {2000, 0, 0, "resize", "resize"},
	[PHX_OP_DISK_MOVE] = {60000, 1000, 150, "qmmove", "move_volume"},
	[PHX_OP_UNLINK] = {200, 0, 0, NULL, NULL},
	[PHX_OP_CLOUDINIT] = {200, 0, 0, NULL, NULL},
	[PHX_OP_FW_OPTIONS] = {200, 0, 0, NULL, NULL},
	[PHX_OP_FW_RULE_ADD] = {200, 0, 0, NULL, NULL},
	[PHX_OP_FW_RULE_DELETE] = {200, 0, 0, NULL, NULL},
	[PHX_OP_FW_RULE_UPDATE] = {200, 0, 0, NULL, NULL},
	[PHX_OP_POOL_MEMBER] = {200, 0, 0, NULL, NULL},
	[PHX_OP_MIGRATE] = {60000, 5000, 100, "qmigrate", "vzmigrate"},
	[PHX_OP_START] = {3000, 0, 0, "qmstart", "vzstart"},
	[PHX_OP_SHUTDOWN] = {20000, 0, 0, "qmshutdown", "vzshutdown"},
	[PHX_OP_STOP] = {3000, 0, 0, "qmstop", "vzstop"},
	[PHX_OP_REBOOT] = {20000, 0, 0, "qmreboot", "vzreboot"},
	[PHX_OP_TEMPLATE] = {2000, 0, 0, "qmtemplate", "vztemplate"},
	[PHX_OP_SNAPSHOT] = {3000, 0, 0, "qmsnapshot", "vzsnapshot"},
	[PHX_OP_DELETE] = {5000, 0, 0, "qmdestroy", "vzdestroy"},
	[PHX_OP_HA] = {200, 0, 0, NULL, NULL},
	[PHX_OP_WAIT_AGENT] = {30000, 0, 0, NULL, NULL},
	[PHX_OP_WAIT_CLOUD_INIT] = {40000, 0, 0, NULL, NULL},
	[PHX_OP_WAIT_NETWORK] = {5000, 0, 0, NULL, NULL},
	[PHX_OP_WAIT_TASK] = {5000, 0, 0, NULL, NULL},
	[PHX_OP_GUEST] = {30000, 0, 0, NULL, NULL},
	[PHX_OP_MARKER] = {200, 0, 0, NULL, NULL},
	[PHX_OP_BREAK_LOCK] = {200, 0, 0, NULL, NULL},
	[PHX_OP_HOST_CONFIG] = {200, 0, 0, NULL, NULL},
	[PHX_OP_SNIPPET] = {200, 0, 0, NULL, NULL},
	[PHX_OP_SNIPPET_CLEAN] = {200, 0, 0, NULL, NULL},
	[PHX_OP_HOST_LXC] = {200, 0, 0, NULL, NULL},
	[PHX_OP_HOST_STEP] = {2000, 0, 0, NULL, NULL},
	[PHX_OP_HOST_DIRECTORY] = {200, 0, 0, NULL, NULL},
};

/* It copies nothing, and its tasks cannot be told from those of full clones. */
static const struct phx_cost linked_clone = {2000, 0, 0, NULL, NULL};
/* What a later version adds. */
static const struct phx_cost short_call = {200, 0, 0, NULL, NULL};

const struct phx_cost *phx_cost_of(const struct phx_action *a)
{
	if (a->op == PHX_OP_CLONE)
		for (uint32_t i = 0; i < a->params.v.n; i++)
			if (phx_str_eqc(a->params.v.v[i].name, "full") &&
			    phx_str_eqc(a->params.v.v[i].value, "0"))
				return &linked_clone;
	if (a->op >= PHX_ACTION_OP_COUNT || !costs[a->op].usual_ms)
		return &short_call;
	return &costs[a->op];
}

uint64_t phx_cost_usual(const struct phx_action *a)
{
	return phx_cost_of(a)->usual_ms;
}

uint64_t phx_cost_of_size(const struct phx_cost *c, uint64_t bytes)
{
	return c->base_ms + bytes / 1024 * 1000 / 1024 / c->mib_per_s;
}
