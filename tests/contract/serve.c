/* Serves the simulated cluster of a directory until its standard input ends: contract_serve DIR SPEED [FAULTS] */
#include <stdio.h>

#include "backend/sim/sim.h"

int main(int argc, char **argv)
{
	struct phx_sim_options options = {0};
	struct phx_err err = {0};
	struct phx_sim *sim;
	bool ok = false;

	if (argc < 3 || argc > 4 || !phx_parse_double(phx_str_c(argv[2]), &options.speed)) {
		(void)fprintf(stderr, "usage: contract_serve DIR SPEED [FAULTS]\n");
		return 64;
	}
	options.dir = argv[1];
	options.faults = argc > 3 ? argv[3] : NULL;
	sim = phx_sim_open(&options, &err);
	if (sim != NULL) {
		printf("%s %s\n", phx_sim_url(sim), phx_sim_token(sim));
		(void)fflush(stdout);
		ok = phx_sim_serve(sim, 0, &err);
		phx_sim_close(sim);
	}
	if (!ok)
		(void)fprintf(stderr, "%s\n", err.msg.ptr ? err.msg.ptr : "failed");
	phx_err_done(&err);
	return ok ? 0 : 1;
}
