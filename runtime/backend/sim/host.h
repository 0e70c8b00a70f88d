/* The private paths /sim/…: the host channel and the clock. */
#pragma once

#include "backend/sim/request.h"

void phx_sim_private_path(struct phx_sim_request *r);
