/* Injected faults: tests/sim/FAULTS.md says what a faults file holds. */
#pragma once

#include "backend/sim/request.h"

bool phx_sim_faults_open(struct phx_sim *s, struct phx_err *err); /* false: the file is missing or wrong */
void phx_sim_faults_close(struct phx_sim *s);
/* Before a request is looked at. True: it is answered, dropped, or waits. */
bool phx_sim_fault_before(struct phx_sim_request *r);
/* After it was acted on, before the answer goes out. */
void phx_sim_fault_after(struct phx_sim_request *r);
/* The exit status with which the task that this request starts will fail; NULL: none. */
const char *phx_sim_fault_doom(struct phx_sim_request *r);
bool phx_sim_fault_agent_never(struct phx_sim *s, int64_t vmid);
bool phx_sim_fault_guest_offline(struct phx_sim *s, int64_t vmid);
bool phx_sim_fault_storage_full(struct phx_sim *s, const char *storage);
