#include "backend/api/api.h"
#include "backend/backend.h"
#include "backend/pvesh/pvesh.h"
#include "backend/sim/sim.h"

/* Endpoint and token of the simulated cluster take the place of those configured. */
static bool open_sim(struct phx_backend_config *c, struct phx_arena *arena, struct phx_err *err)
{
	struct phx_sim_options o = {0};
	struct phx_sim_endpoint at;

	o.dir = phx_str_dup(arena, c->sim_dir).ptr;
	o.speed = c->sim_speed;
	o.faults = c->sim_faults.len ? phx_str_dup(arena, c->sim_faults).ptr : NULL;
	o.guest_root = c->sim_guests.len ? phx_str_dup(arena, c->sim_guests).ptr : NULL;
	if (!phx_sim_connect(arena, &o, &at, err))
		return phx_err_wrap(err, "simulated cluster " PHX_STR_FMT, PHX_STR_ARG(c->sim_dir));
	c->endpoint = at.url;
	c->token = at.token;
	c->user = c->password = c->fingerprint = c->ca_file = (struct phx_str){0};
	return true;
}

bool phx_backend_open(const struct phx_backend_config *config, struct phx_arena *arena,
		      struct phx_backend **out, struct phx_err *err)
{
	struct phx_backend_config c = *config;

	if (c.sim_dir.len && !open_sim(&c, arena, err))
		return false;
	if (!c.sim_dir.len && c.kind != PHX_BACKEND_API)
		return phx_pvesh_open(&c, arena, out, err);
	return phx_api_open(&c, arena, out, err);
}

bool phx_backend_here(void)
{
	return phx_pvesh_here();
}
