/* A guest's configuration against the parameters of the call that made or changed it. */
#include <string.h>

#include "apply/apply_priv.h"
#include "model/normalise.h"

static void differs(struct phx_job *j, struct phx_str key, const char *how, struct phx_str have,
		    struct phx_str want)
{
	struct phx_buf line = {0};

	phx_buf_printf(&line, "`" PHX_STR_FMT "` %s", PHX_STR_ARG(key), how);
	if (have.len || want.len)
		phx_buf_printf(&line, " `" PHX_STR_FMT "`, not `" PHX_STR_FMT "`",
			       PHX_STR_ARG(phx_str_slice(have, 0, 200)),
			       PHX_STR_ARG(phx_str_slice(want, 0, 200)));
	if (j->why.len)
		phx_buf_c(&j->why, "; ");
	phx_buf_printable(&j->why, phx_buf_view(&line));
	phx_buf_done(&line);
}

/* Parameters of the call that are no configuration, or that nobody can read back. */
static bool is_silent(const struct phx_option *o, const struct phx_param *p)
{
	if (p->secret || !o)
		return true;
	return (o->flags & (PHX_OPTION_CREATE_ONLY | PHX_OPTION_UPDATE_ONLY | PHX_OPTION_WRITE_ONLY |
			    PHX_OPTION_PATH)) != 0;
}

static struct phx_str live_value(struct phx_job *j, const json_t *config, struct phx_str key)
{
	struct phx_buf name = {0}, text = {0};
	struct phx_str s = {0};

	phx_buf_str(&name, key);
	if (phx_json_text(phx_json_get(config, name.ptr), &text))
		s = phx_str_dup(&j->arena, phx_buf_view(&text));
	phx_buf_done(&text);
	phx_buf_done(&name);
	return s;
}

static bool deletes(const struct phx_params *params, struct phx_str key)
{
	for (uint32_t i = 0; i < params->v.n; i++) {
		struct phx_str rest = params->v.v[i].value, piece;

		if (!phx_str_eqc(params->v.v[i].name, "delete"))
			continue;
		while (phx_str_cut(&rest, ',', &piece)) {
			if (phx_str_eq(phx_str_trim(piece), key))
				return true;
		}
	}
	return false;
}

static void check_deleted(struct phx_job *j, const json_t *config, struct phx_str list)
{
	struct phx_str key;

	while (phx_str_cut(&list, ',', &key)) {
		struct phx_str live = live_value(j, config, phx_str_trim(key));

		if (live.len && !phx_str_eqc(live, " "))
			differs(j, key, "is still there", (struct phx_str){0}, (struct phx_str){0});
	}
}

/* Of a clone only the name and the description are its own at first. */
static bool asks_for(const struct phx_job *j, struct phx_str name)
{
	if (j->a->op == PHX_OP_MIGRATE)
		return false;
	if (j->a->op == PHX_OP_CLONE)
		return phx_str_eqc(name, "name") || phx_str_eqc(name, "hostname") ||
		       phx_str_eqc(name, "description");
	return true;
}

enum phx_verdict phx_check_config(struct phx_job *j, const json_t *config)
{
	enum phx_option_kind kind = j->a->is_vm ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER;
	const struct phx_option_table *table = phx_options_table(j->run->options, kind, &j->err);

	phx_buf_clear(&j->why);
	if (!table)
		return PHX_VERDICT_UNKNOWN;
	for (uint32_t i = 0; i < j->params.v.n; i++) {
		const struct phx_param *p = &j->params.v.v[i];
		const struct phx_option *o = phx_option_find(table, p->name, NULL);
		struct phx_str live;

		if (phx_str_eqc(p->name, "delete")) {
			check_deleted(j, config, p->value);
			continue;
		}
		if (is_silent(o, p) || !asks_for(j, p->name) || deletes(&j->params, p->name))
			continue;
		live = live_value(j, config, p->name);
		if (!phx_option_equal(o, p->value, live))
			differs(j, p->name, "is", live.len ? live : PHX_STR("absent"), p->value);
	}
	return j->why.len ? PHX_VERDICT_NO : PHX_VERDICT_YES;
}
