/* A directory of its own for each test of the simulator. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/sim/sim_priv.h"

struct phx_sim_fixture {
	struct phx_arena arena;
	char dir[32];
};

static inline int phx_sim_set_up(void **state)
{
	struct phx_sim_fixture *f = calloc(1, sizeof(*f));

	memcpy(f->dir, "/tmp/phx-test-XXXXXX", sizeof("/tmp/phx-test-XXXXXX"));
	*state = f;
	return mkdtemp(f->dir) != NULL ? 0 : 1;
}

static inline int phx_sim_tear_down(void **state)
{
	struct phx_sim_fixture *f = *state;
	struct phx_str command = phx_str_printf(&f->arena, "rm -rf '%s'", f->dir);
	int status = system(command.ptr);

	phx_arena_done(&f->arena);
	free(f);
	return status;
}

static inline const char *phx_sim_in_dir(struct phx_sim_fixture *f, const char *name)
{
	return phx_str_printf(&f->arena, "%s/%s", f->dir, name).ptr;
}
