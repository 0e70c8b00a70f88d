/* The guest agent of VMs. */
#pragma once

#include "backend/sim/request.h"

json_t *phx_sim_agent_of(struct phx_sim_request *r);
json_t *phx_sim_guest_files(json_t *g); /* path → {text, bytes}; made when there is none */
void phx_sim_agent_exec(struct phx_sim_request *r);
void phx_sim_agent_exec_status(struct phx_sim_request *r);
/* The value of `key=` in a property string; NULL: not there. */
const char *phx_sim_prop(struct phx_arena *a, const char *text, const char *key);
