/* Changes: what happens to a resource and why, for people. */
#include "plan/plan_priv.h"

struct phx_change *plan_change(struct plan *p, struct plan_item *it, enum phx_change_action action,
			       struct phx_str reason)
{
	struct phx_change *c = PHX_NEW(p->arena, struct phx_change);

	c->address = it->address;
	if (it->resource)
		c->kind = it->resource->kind;
	else
		c->kind = it->pool ? PHX_KIND_POOL : it->is_vm ? PHX_KIND_VM : PHX_KIND_CONTAINER;
	c->id = it->id;
	c->node = it->node;
	c->action = (uint8_t)action;
	c->reason = reason;
	c->span = it->span;
	c->resource = it->resource;
	c->live = it->live;
	it->change = c;
	it->action = (uint8_t)action;
	return c;
}

struct phx_attr_change *plan_attr(struct plan *p, struct phx_change *c, struct phx_str path,
				  struct phx_span span)
{
	phx_vec_push(p->arena, &c->attributes, ((struct phx_attr_change){.path = path, .span = span}));
	return &c->attributes.v[c->attributes.n - 1];
}

void plan_note(struct plan *p, struct phx_change *c, struct phx_str note)
{
	phx_vec_push(p->arena, &c->notes, note);
}

const char *phx_change_action_name(enum phx_change_action a)
{
	switch (a) {
	case PHX_CH_NONE:
		return "none";
	case PHX_CH_CREATE:
		return "create";
	case PHX_CH_UPDATE:
		return "update";
	case PHX_CH_REPLACE:
		return "replace";
	case PHX_CH_DELETE:
		return "delete";
	case PHX_CH_ADOPT:
		return "adopt";
	case PHX_CH_MIGRATE:
		return "migrate";
	case PHX_CH_COUNT:
		break;
	}
	PHX_BUG("no change action %d", (int)a);
}

const char *phx_effect_name(enum phx_effect e)
{
	switch (e) {
	case PHX_EFFECT_NONE:
		return "none";
	case PHX_EFFECT_LIVE:
		return "live";
	case PHX_EFFECT_PENDING:
		return "pending";
	case PHX_EFFECT_RESTART:
		return "restart";
	case PHX_EFFECT_OFFLINE:
		return "offline";
	case PHX_EFFECT_DATA_LOSS:
		return "data-loss";
	}
	PHX_BUG("no effect %d", (int)e);
}

const char *phx_action_op_name(enum phx_action_op op)
{
	static const char *const names[PHX_ACTION_OP_COUNT] = {
		[PHX_OP_LOCK] = "lock",
		[PHX_OP_UNLOCK] = "unlock",
		[PHX_OP_IMAGE_DOWNLOAD] = "image-download",
		[PHX_OP_IMAGE_UPLOAD] = "image-upload",
		[PHX_OP_OSTEMPLATE_DOWNLOAD] = "ostemplate-download",
		[PHX_OP_POOL_CREATE] = "pool-create",
		[PHX_OP_POOL_UPDATE] = "pool-update",
		[PHX_OP_POOL_DELETE] = "pool-delete",
		[PHX_OP_CREATE] = "create",
		[PHX_OP_CLONE] = "clone",
		[PHX_OP_CONFIG] = "config",
		[PHX_OP_RESIZE] = "resize",
		[PHX_OP_DISK_MOVE] = "disk-move",
		[PHX_OP_UNLINK] = "unlink",
		[PHX_OP_CLOUDINIT] = "cloudinit",
		[PHX_OP_FW_OPTIONS] = "firewall-options",
		[PHX_OP_FW_RULE_ADD] = "firewall-rule-add",
		[PHX_OP_FW_RULE_DELETE] = "firewall-rule-delete",
		[PHX_OP_FW_RULE_UPDATE] = "firewall-rule-update",
		[PHX_OP_POOL_MEMBER] = "pool-member",
		[PHX_OP_MIGRATE] = "migrate",
		[PHX_OP_START] = "start",
		[PHX_OP_SHUTDOWN] = "shutdown",
		[PHX_OP_STOP] = "stop",
		[PHX_OP_REBOOT] = "reboot",
		[PHX_OP_TEMPLATE] = "template",
		[PHX_OP_SNAPSHOT] = "snapshot",
		[PHX_OP_DELETE] = "delete",
		[PHX_OP_HA] = "ha",
		[PHX_OP_WAIT_AGENT] = "wait-agent",
		[PHX_OP_WAIT_CLOUD_INIT] = "wait-cloud-init",
		[PHX_OP_WAIT_NETWORK] = "wait-network",
		[PHX_OP_WAIT_TASK] = "wait-task",
		[PHX_OP_GUEST] = "guest",
		[PHX_OP_MARKER] = "marker",
		[PHX_OP_BREAK_LOCK] = "break-lock",
		[PHX_OP_HOST_STEP] = "host-step",
		[PHX_OP_HOST_CONFIG] = "host-config",
		[PHX_OP_SNIPPET] = "snippet",
		[PHX_OP_SNIPPET_CLEAN] = "snippet-clean",
		[PHX_OP_HOST_LXC] = "host-lxc",
		[PHX_OP_HOST_DIRECTORY] = "host-directory",
	};

	if ((size_t)op >= PHX_ACTION_OP_COUNT || !names[op])
		PHX_BUG("no action op %d", (int)op);
	return names[op];
}
