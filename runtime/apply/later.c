#include <string.h>

#include "apply/apply_priv.h"
#include "model/normalise.h"

/* A call of the firewall needs the list's digest: to send it, and to see after a lost reply whether it was acted on. */
static bool is_rule(const struct phx_action *a)
{
	return a->op == PHX_OP_FW_RULE_ADD || a->op == PHX_OP_FW_RULE_DELETE ||
	       a->op == PHX_OP_FW_RULE_UPDATE;
}

static void set_param(struct phx_job *j, const char *name, struct phx_str value)
{
	for (uint32_t i = 0; i < j->params.v.n; i++) {
		if (phx_str_eqc(j->params.v.v[i].name, name)) {
			j->params.v.v[i].value = value;
			return;
		}
	}
	phx_params_add(&j->arena, &j->params, phx_str_c(name), value);
}

static void rules_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str digest;

	if (answer->err.kind != PHX_ERR_NONE) {
		phx_call_failed(j, &answer->err);
		return;
	}
	/* Every rule carries the digest of the whole list (586); an empty list has none. */
	digest = phx_json_str(json_array_get(answer->data, 0), "digest");
	j->digest_before = digest.len ? phx_str_dup(&j->arena, digest) : PHX_STR("(empty)");
	if (j->a->later & PHX_LATER_DIGEST && digest.len)
		set_param(j, "digest", j->digest_before);
	phx_call_send(j);
}

static struct phx_str rules_path(struct phx_job *j)
{
	return phx_job_guest_path(j, "/firewall/rules");
}

static const struct phx_option *option_of(struct phx_job *j, struct phx_str key)
{
	const struct phx_option_table *t = phx_options_table(
		j->run->options, j->a->is_vm ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER, &j->err);

	return t ? phx_option_find(t, key, NULL) : NULL;
}

/* `*,discard=on` over what the clone brought: its volume, and the keys that the plan does not name. */
static bool fill_volume(struct phx_job *j, struct phx_param *p, const json_t *config)
{
	struct phx_buf key = {0}, wanted = {0}, out = {0};
	const struct phx_option *o = option_of(j, p->name);
	struct phx_str live, volume = {0};
	bool ok = false;

	phx_buf_str(&key, p->name);
	live = phx_json_str(config, key.ptr);
	if (!phx_str_cut(&(struct phx_str){live.ptr, live.len}, ',', &volume) || !volume.len)
		goto out;
	phx_buf_str(&wanted, volume);
	phx_buf_str(&wanted, phx_str_from(p->value, 1));
	if (!o || !phx_option_patch(o, live, phx_buf_view(&wanted), &out)) {
		phx_buf_clear(&out);
		phx_buf_str(&out, phx_buf_view(&wanted));
	}
	p->value = phx_str_dup(&j->arena, phx_buf_view(&out));
	ok = true;
out:
	phx_buf_done(&out);
	phx_buf_done(&wanted);
	phx_buf_done(&key);
	return ok;
}

static void config_read(struct phx_job *j, struct phx_answer *answer)
{
	if (answer->err.kind != PHX_ERR_NONE) {
		phx_call_failed(j, &answer->err);
		return;
	}
	for (uint32_t i = 0; j->a->later & PHX_LATER_VOLUME && i < j->params.v.n; i++) {
		struct phx_param *p = &j->params.v.v[i];

		if (!p->value.len || p->value.ptr[0] != PHX_PLAN_VOLUME ||
		    phx_str_eqc(p->name, "description"))
			continue;
		if (!fill_volume(j, p, answer->data)) {
			phx_job_failf(j, PHX_ERR_MISSING,
				      "look at the guest it was cloned from, and plan again",
				      "the clone has no volume `" PHX_STR_FMT "`", PHX_STR_ARG(p->name));
			return;
		}
	}
	if (j->a->later & PHX_LATER_DIGEST && phx_json_str(answer->data, "digest").len)
		set_param(j, "digest", phx_str_dup(&j->arena, phx_json_str(answer->data, "digest")));
	phx_call_send(j);
}

static struct phx_str newest(const json_t *tasks, struct phx_str type, struct phx_str not_this)
{
	size_t i;
	json_t *t;

	json_array_foreach(tasks, i, t)
	{
		if (phx_str_eq(phx_json_str(t, "type"), type) &&
		    !phx_str_eq(phx_json_str(t, "upid"), not_this))
			return phx_json_str(t, "upid");
	}
	return (struct phx_str){0};
}

static void tasks_read(struct phx_job *j, struct phx_answer *answer)
{
	/* Not to know them is no reason to stop: the guest's configuration tells the end as well. */
	j->task_before =
		phx_str_dup(&j->arena, newest(answer->data, phx_job_task_type(j), (struct phx_str){0}));
	phx_call_send(j);
}

static void read_tasks(struct phx_job *j)
{
	struct phx_params p = {0};

	phx_params_add(&j->arena, &p, PHX_STR("vmid"), phx_job_task_id(j));
	phx_params_add(&j->arena, &p, PHX_STR("source"), PHX_STR("all"));
	phx_params_add(&j->arena, &p, PHX_STR("limit"), PHX_STR("20"));
	phx_job_get(j, phx_str_printf(&j->arena, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(j->a->node)), &p,
		    tasks_read);
}

void phx_later_begin(struct phx_job *j)
{
	j->params.v.n = 0;
	for (uint32_t i = 0; i < j->a->params.v.n; i++)
		phx_vec_push(&j->arena, &j->params.v, j->a->params.v.v[i]);
	if (is_rule(j->a))
		phx_job_get(j, rules_path(j), NULL, rules_read);
	else if (j->a->op == PHX_OP_FW_OPTIONS && j->a->later & PHX_LATER_DIGEST)
		phx_job_get(j, phx_job_guest_path(j, "/firewall/options"), NULL, config_read);
	else if (j->a->later & (PHX_LATER_DIGEST | PHX_LATER_VOLUME))
		phx_job_get(j, phx_job_guest_path(j, "/config"), NULL, config_read);
	else if (j->a->hidden_task)
		read_tasks(j);
	else
		phx_call_send(j);
}
