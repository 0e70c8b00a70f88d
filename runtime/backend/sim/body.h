/* From bytes to parameters: query and form (with Proxmox's own splitting), JSON, multipart. */
#pragma once

#include "backend/sim/request.h"

struct phx_sim_params {
	PHX_VEC(struct phx_given) v;
};

/* Collects query and body. False: the answer (a 500 with plain text for JSON that is none) is set. */
bool phx_sim_body_params(struct phx_sim_request *r, struct phx_sim_params *out);
void phx_sim_params_put(struct phx_sim_request *r, struct phx_sim_params *p, struct phx_str name,
			struct phx_str value);

struct phx_sim_multipart;
struct phx_sim_multipart *phx_sim_multipart_new(struct phx_sim_request *r);
void phx_sim_multipart_feed(struct phx_sim_multipart *m, const char *bytes, size_t n);
void phx_sim_multipart_end(struct phx_sim_multipart *m);
void phx_sim_multipart_free(struct phx_sim_multipart *m); /* NULL is fine */
