/* A VM's cloud-init documents in the plan: where each lies, and what `cicustom` says. */
#pragma once

#include "model/cloud_init.h"
#include "plan/diff.h"

struct plan_ci {
	struct phx_ci_text docs[PHX_CI_COUNT];
	struct phx_str volume[PHX_CI_COUNT]; /* of the documents that are phx's; empty: none */
	struct phx_str agent;  /* the shared document that installs the agent; empty: not used */
	struct phx_str before; /* `cicustom` as it is there, or comes with the clone */
	struct phx_str value;  /* as it shall be; empty: none */
	bool no_storage;       /* documents are needed, and no storage of the node takes snippets */
	bool no_agent;         /* the image must bring the guest agent: phx cannot put it there */
};

/* Settles it->ci; `fresh`: the guest is made (again) by this plan. Sources before their clones. */
void plan_ci_settle(struct plan *p, struct plan_item *it, bool fresh);
bool plan_ci_changes(const struct plan *p,
		     const struct plan_item *it); /* `cicustom` is to be set or removed */
/* One of the members of `cicustom`; empty: none. */
struct phx_str plan_ci_member(const struct plan *p, struct phx_str text, const char *key);
/* The documents that are not there yet are written. */
void plan_ci_write(struct plan *p, struct plan_item *it);
/* Before the guest moves: its documents on the other node, where they lie on a storage of the node. */
void plan_ci_move(struct plan *p, struct plan_item *it, struct phx_str to);
/* The drive is made anew, and documents that are used no more go. After the configuration was changed. */
void plan_ci_changed(struct plan *p, struct plan_item *it);
/* The documents of a guest that is gone. */
void plan_ci_remove(struct plan *p, struct plan_item *it);
void plan_ci_refuse(struct plan *p, const struct plan_item *it);
