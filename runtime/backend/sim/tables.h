/* The option and endpoint tables, loaded once. */
#pragma once

#include "backend/sim/sim_priv.h"
#include "model/endpoint.h"

bool phx_sim_tables_open(struct phx_sim *s, struct phx_err *err);
void phx_sim_tables_close(struct phx_sim *s);
const struct phx_endpoints *phx_sim_tables_endpoints(const struct phx_sim *s);
const struct phx_option_table *phx_sim_tables_options(const struct phx_sim *s, enum phx_option_kind kind);
/* The table of a guest's configuration ("qemu" or "lxc"). */
const struct phx_option_table *phx_sim_tables_guest(const struct phx_sim *s, const char *kind);
/* Option of a guest's key ("scsi3"); NULL: none. */
const struct phx_option *phx_sim_guest_option(const struct phx_sim *s, const char *kind, const char *key);
/* Names of firewall macros, and the same in lower case. */
uint32_t phx_sim_tables_macros(const struct phx_sim *s, const struct phx_str **out);
struct phx_str phx_sim_tables_lower(const struct phx_sim *s, uint32_t i);
