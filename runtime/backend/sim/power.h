/* Power of guests and nodes. */
#pragma once

#include "backend/sim/sim_priv.h"

/* The power of a node fails (NULL: of all): tasks die where they are, guests stop; when it is back, guests with onboot start. */
void phx_sim_power_loss(struct phx_sim *s, const char *node);
/* After an orderly restart: nodes that were booting go on. */
void phx_sim_power_recover(struct phx_sim *s);
/* The guest runs from now on: its system boots, agent and cloud-init come in their time. */
void phx_sim_guest_power_on(struct phx_sim *s, json_t *g);
void phx_sim_guest_power_off(struct phx_sim *s, json_t *g);
/* Whether its system answers the wish to shut down (ACPI, agent, init). */
bool phx_sim_guest_obeys(struct phx_sim *s, json_t *g);
bool phx_sim_agent_up(struct phx_sim *s, json_t *g);
bool phx_sim_agent_enabled(const json_t *g);
/* Facts of the operating system on the guest's disk (agent, boot_s, …); NULL: there is none. Borrowed. */
json_t *phx_sim_guest_os(struct phx_sim *s, const json_t *g);
void phx_sim_guest_os_change(struct phx_sim *s, json_t *g,
			     json_t *members); /* as if somebody had changed it inside */
