/* The guest agent of VMs. */
#pragma once

#include "backend/sim/tree.h"

json_t *phx_sim_agent_of(struct phx_sim_request *r);
json_t *phx_sim_guest_files(json_t *g); /* path → {text, bytes}; made when there is none */
void phx_sim_agent_file_write(struct phx_sim_request *r);
void phx_sim_agent_file_read(struct phx_sim_request *r);
void phx_sim_agent_exec(struct phx_sim_request *r);
void phx_sim_agent_exec_status(struct phx_sim_request *r);
json_t *phx_sim_agent_text(struct phx_str bytes); /* output as Proxmox shows it. New reference */
/* What follows a script, or phx's own wrapper (wrapped.c): exit, signal, out, err, and how long it takes. New reference. */
json_t *phx_sim_agent_outcome(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
			      int64_t *out_takes);
/* A script of the seed, or one of the few built in, says what the command does, although the guest has a tree. */
bool phx_sim_agent_scripted(struct phx_sim *s, json_t *g, const json_t *argv);
/* The answer of exec-status for a real process that has ended. New reference. */
json_t *phx_sim_agent_ended(const struct phx_sim_proc *p);
/* The same for a scripted one, `exited: 0` while it runs; NULL: there is none of this number. It is read once. New reference. */
json_t *phx_sim_agent_status(struct phx_sim *s, json_t *g, int64_t number);
/* Starts it: a real one when the guest has a tree. False: it is scripted and cannot be started. */
bool phx_sim_agent_start(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
			 struct phx_sim_proc **out_proc, int64_t *out_number);
#define PHX_SIM_AGENT_MAX ((size_t)16 << 20) /* of output, and of a file that is read (823, 890) */
/* The value of `key=` in a property string; NULL: not there. */
const char *phx_sim_prop(struct phx_arena *a, const char *text, const char *key);
/* What DHCP gives a guest, with its prefix: out of a fixed net, the same for the same guest. */
const char *phx_sim_dhcp_address(struct phx_sim_request *r, int64_t vmid);
