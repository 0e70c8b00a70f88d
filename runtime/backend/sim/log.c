#include "backend/sim/sim_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/sys.h"

struct phx_sim_log {
	FILE *file;
};

bool phx_sim_log_open(struct phx_sim *s, struct phx_err *err)
{
	const char *path = phx_sim_fmt(&s->arena, "%s/sim.log", s->options.dir);

	s->log = calloc(1, sizeof(*s->log));
	if (s->log == NULL)
		phx_out_of_memory();
	s->log->file = fopen(path, "ae");
	if (s->log->file == NULL)
		return phx_err_errno(err, errno, "cannot write %s", path);
	return true;
}

void phx_sim_log_close(struct phx_sim *s)
{
	if (s->log == NULL)
		return;
	if (s->log->file != NULL)
		(void)fclose(s->log->file);
	free(s->log);
	s->log = NULL;
}

void phx_sim_log(struct phx_sim *s, const char *event, json_t *stolen)
{
	json_t *line = stolen != NULL ? stolen : json_object();
	struct phx_buf text = {0};

	if (s->log != NULL && s->log->file != NULL) {
		json_object_set_new(line, "event", json_string(event));
		json_object_set_new(line, "time_ms", json_integer((json_int_t)phx_wall_ms()));
		json_object_set_new(line, "sim_us", json_integer((json_int_t)phx_sim_now(s)));
		phx_json_dump(line, 0, &text);
		(void)fprintf(s->log->file, PHX_STR_FMT "\n", PHX_STR_ARG(phx_buf_view(&text)));
		(void)fflush(s->log->file);
		phx_buf_done(&text);
	}
	json_decref(line);
}
