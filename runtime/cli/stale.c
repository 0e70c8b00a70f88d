#include "cli/stale.h"

#include <time.h>

enum { MOST_LINES = 40, MOST_GUESTS = 12 };

struct phx_plan_tasks phx_newest_task(struct phx_cli *cli)
{
	struct phx_plan_tasks out = {0};
	struct phx_err err = {0};
	json_t *list = NULL, *x;
	size_t i;

	if (cli->backend &&
	    phx_reader_get_now(phx_backend_reader(cli->backend), PHX_STR("/cluster/tasks"), NULL, &list,
			       &err) &&
	    json_is_array(list)) {
		out.known = true;
		json_array_foreach(list, i, x)
		{
			int64_t time = phx_json_int(x, "starttime", 0);

			if (time < out.time || (time == out.time && out.upid.len))
				continue;
			out.time = time;
			out.upid = phx_str_dup(cli->arena, phx_json_str(x, "upid"));
		}
	}
	json_decref(list);
	phx_err_done(&err);
	return out;
}

/* Looking at a guest's screen, or backing it up, changes nothing of it. */
static bool may_change(struct phx_str type)
{
	static const char *const looking[] = {"vnc", "spice", "term", "vzdump", "qmsnapshotdel", "aptupdate"};

	for (size_t i = 0; i < PHX_COUNTOF(looking); i++)
		if (phx_str_starts(type, looking[i]))
			return false;
	return true;
}

static bool newer(const struct phx_plan *saved, const json_t *task)
{
	int64_t time = phx_json_int(task, "starttime", 0);

	return time > saved->tasks.time ||
	       (time == saved->tasks.time && !phx_str_eq(phx_json_str(task, "upid"), saved->tasks.upid));
}

static void say_task(const json_t *task, struct phx_buf *out)
{
	time_t at = (time_t)phx_json_int(task, "starttime", 0);
	char when[40] = "";
	struct tm utc;

	if (gmtime_r(&at, &utc))
		(void)!strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &utc);
	phx_buf_c(out, "\n    by ");
	phx_buf_printable(out, phx_json_str(task, "user"));
	if (phx_json_str(task, "tokenid").len) {
		phx_buf_ch(out, '!');
		phx_buf_printable(out, phx_json_str(task, "tokenid"));
	}
	phx_buf_printf(out, ", %s: task ", when);
	phx_buf_printable(out, phx_json_str(task, "type"));
}

/* The newest task since then, of those that may change a guest; borrowed from the list. */
static const json_t *newest(const struct phx_plan *saved, const json_t *list)
{
	const json_t *found = NULL;
	size_t i;
	json_t *x;

	json_array_foreach(list, i, x)
	{
		if (!newer(saved, x) || !may_change(phx_json_str(x, "type")))
			continue;
		if (!found || phx_json_int(x, "starttime", 0) > phx_json_int(found, "starttime", 0))
			found = x;
	}
	return found;
}

static void say_who(struct phx_cli *cli, const struct phx_plan *saved, const struct phx_moved *m,
		    struct phx_buf *out)
{
	struct phx_params query = {0};
	struct phx_err err = {0};
	const json_t *task = NULL;
	json_t *list = NULL;
	bool read = false;

	if (cli->backend && saved->tasks.known && m->node.len) {
		phx_params_add(cli->arena, &query, PHX_STR("vmid"), phx_str_u64(cli->arena, m->guest));
		phx_params_add(cli->arena, &query, PHX_STR("source"), PHX_STR("all"));
		phx_params_add(cli->arena, &query, PHX_STR("limit"), PHX_STR("50"));
		read = phx_reader_get_now(
			phx_backend_reader(cli->backend),
			phx_str_printf(cli->arena, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(m->node)),
			&query, &list, &err);
		task = newest(saved, list);
	}
	if (task)
		say_task(task, out);
	else if (read)
		phx_buf_c(out, "\n    by whom: the task log does not tell (a change of a configuration "
			       "leaves no task)");
	else
		phx_buf_c(out, "\n    by whom: the task log could not be read");
	json_decref(list);
	phx_err_done(&err);
}

static bool is_last_of_guest(const struct phx_moves *moves, uint32_t at)
{
	for (uint32_t i = at + 1; i < moves->n; i++)
		if (moves->v[i].guest == moves->v[at].guest)
			return false;
	return true;
}

void phx_stale_say(struct phx_cli *cli, const struct phx_plan *saved, const struct phx_moves *moves)
{
	struct phx_buf text = {0};
	uint32_t guests = 0, lines = 0;

	for (uint32_t i = 0; i < moves->n && lines < MOST_LINES; i++, lines++) {
		const struct phx_moved *m = &moves->v[i];

		phx_buf_printf(&text, "\n  " PHX_STR_FMT, PHX_STR_ARG(m->what));
		if (m->guest && is_last_of_guest(moves, i) && guests++ < MOST_GUESTS)
			say_who(cli, saved, m, &text);
	}
	if (moves->n > lines)
		phx_buf_printf(&text, "\n  and %u more", moves->n - lines);
	phx_err_set(&cli->err, PHX_ERR_STALE, "the saved plan is stale:" PHX_STR_FMT,
		    PHX_STR_ARG(phx_buf_view(&text)));
	phx_err_hint(&cli->err, "plan again, and review what it says now");
	phx_buf_done(&text);
}
