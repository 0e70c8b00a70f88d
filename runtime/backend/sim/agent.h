/* The guest agent of VMs. */
#pragma once

#include "backend/sim/request.h"

json_t *sim_agent_of(struct sim_request *r);
json_t *sim_guest_files(json_t *g); /* path → {text, bytes}; made when there is none */
void sim_agent_exec(struct sim_request *r);
void sim_agent_exec_status(struct sim_request *r);
/* The value of `key=` in a property string; NULL: not there. */
const char *sim_prop(struct phx_arena *a, const char *text, const char *key);
