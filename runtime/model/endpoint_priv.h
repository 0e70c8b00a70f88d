#pragma once

#include "model/endpoint.h"

/* A tree of path segments: fixed names go before `{parameter}`, as in PVE::RESTHandler. */
const struct phx_path_node *phx_path_tree(struct phx_arena *arena, const struct phx_endpoint *const *all,
					  uint32_t n);
