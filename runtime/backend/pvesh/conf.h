/* A guest's configuration file as `GET …/config` and `GET …/pending` give it (PVE::QemuServer::parse_vm_config,
 * PVE::LXC::Config::parse_pct_config, PVE::AbstractConfig::load_current_config). */
#pragma once

#include "base/json.h"

enum phx_conf_view { PHX_CONF_CONFIG, PHX_CONF_PENDING };

/* Values are strings. NULL: it holds something that is not surely read as Proxmox would: ask Proxmox. */
json_t *phx_conf_json(struct phx_str text, bool is_vm, enum phx_conf_view view);
