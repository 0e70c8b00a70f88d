/* Cloud-init documents, made of typed data: what the API's own options cannot say. Pure: same declarations, same bytes. */
#pragma once

#include "model/graph.h"

enum phx_ci_doc { PHX_CI_USER, PHX_CI_NETWORK, PHX_CI_VENDOR, PHX_CI_COUNT };
const char *phx_ci_doc_name(enum phx_ci_doc d); /* "user", "network", "vendor": as in `cicustom` */

/* What the documents need to know beyond the guest. */
struct phx_ci_context {
	struct phx_str stack;
	uint64_t id;
	bool agent; /* the guest agent is to be installed where the image has none */
};

struct phx_ci_text {
	struct phx_str text; /* empty: there is no such document */
	bool secret;         /* it holds a hash of a password, or data that is secret */
};

/* Must the user document be phx's own, because the API's options cannot say it? Then it replaces the one that Proxmox makes,
 * and all that those options would say stands in it. */
bool phx_ci_whole(const struct phx_guest *g);
/* Renders what `g` needs. Templates were checked when the graph was built. */
void phx_ci_render(const struct phx_guest *g, const struct phx_ci_context *c, struct phx_arena *a,
		   struct phx_ci_text out[PHX_CI_COUNT]);
/* The vendor document that is the same for every guest: it installs and starts the guest agent where it is missing. */
struct phx_str phx_ci_agent_document(struct phx_arena *a);
/* The hash that stands for a password, in documents and in `cipassword`: salted with stack, id and user. */
struct phx_str phx_ci_password(struct phx_arena *a, struct phx_str stack, uint64_t id, struct phx_str user,
			       struct phx_str password);
