/* The private paths /sim/…: the host channel and the clock. */
#pragma once

#include "backend/sim/request.h"

void sim_private_path(struct sim_request *r);
