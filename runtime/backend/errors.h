/* Proxmox's error texts become kinds, and advice that people can act on. The texts are those of the recordings; a text
 * nobody has seen yet keeps its words and is PHX_ERR_SERVER (or PHX_ERR_TASK). */
#pragma once

#include "backend/backend.h"

/* What was asked, as far as advice depends on it. All may be empty. */
struct phx_err_context {
	enum phx_method method;
	struct phx_str path;     /* of the call */
	struct phx_str identity; /* "root@pam!phx" */
	struct phx_str endpoint; /* "https://pve:8006" */
	const struct phx_params *params;
	struct phx_str task_guest; /* of a task: the guest it was about */
	bool task_is_ct;
};

/* Message and hint from an error text of Proxmox. `otherwise` is the kind of texts that are not known. */
void phx_err_from_text(struct phx_err *err, enum phx_err_kind otherwise, int status, struct phx_str text,
		       const struct phx_err_context *c);
/* From the parameter map of an answer: (name, text) pairs, sorted by name. */
void phx_err_from_params(struct phx_err *err, int status, const struct phx_param *errors, uint32_t n,
			 const struct phx_err_context *c);
/* A 401; what is wrong stands in the reason phrase only (027-032). */
void phx_err_from_unauthorized(struct phx_err *err, struct phx_str reason, const struct phx_err_context *c);
