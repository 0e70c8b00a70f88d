/* The parts of cluster/resources, of what the asker may see. */
#pragma once

#include "backend/sim/request.h"

void phx_sim_resources_guests(struct phx_sim_request *r, json_t *out);
void phx_sim_resources_nodes(struct phx_sim_request *r, json_t *out);
void phx_sim_resources_storages(struct phx_sim_request *r, json_t *out);
void phx_sim_resources_sdn(struct phx_sim_request *r, json_t *out);
void phx_sim_resources_pools(struct phx_sim_request *r, json_t *out);
json_t *phx_sim_resource_guest(struct phx_sim *s, json_t *g); /* new reference */
json_t *phx_sim_resource_storage(struct phx_sim *s, const char *storage, const char *node);
json_t *phx_sim_resource_node(struct phx_sim *s, const char *node);
/* [{KEY: word}, …] out of words separated by blanks. */
json_t *phx_sim_index(const char *key, const char *words);
