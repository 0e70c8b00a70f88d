/* From bytes to parameters: query and form (with Proxmox's own splitting), JSON, multipart. */
#pragma once

#include "backend/sim/request.h"

struct sim_params {
	PHX_VEC(struct phx_param) v;
};

/* Collects query and body. False: the answer (a 500 with plain text for JSON that is none) is set. */
bool sim_body_params(struct sim_request *r, struct sim_params *out);
void sim_params_put(struct sim_request *r, struct sim_params *p, struct phx_str name, struct phx_str value);

struct sim_multipart;
struct sim_multipart *sim_multipart_new(struct sim_request *r);
void sim_multipart_feed(struct sim_multipart *m, const char *bytes, size_t n);
void sim_multipart_end(struct sim_multipart *m);
void sim_multipart_free(struct sim_multipart *m); /* NULL is fine */
