#include "cli/ordinary.h"

/* --- what phx itself says --- */

/* Beside the names of kinds and operations: the words that its plans, reports and summaries are made of. */
static const char vocabulary[] = "a another action actions address adopt agent already and apply as at "
				 "before behind by call cannot change changed changes "
				 "check clone cloned cloud-init cluster complete configuration configure "
				 "container convert cores create created declared "
				 "default delete denied depends destroy detach disk done download each error "
				 "exclude failed feature file firewall full "
				 "give guest health help hint host https image in inside inventory is it "
				 "kept left linked live lock longest memory migrate "
				 "missing name network new next no node none note nothing of offline on one "
				 "only order other output outputs plan policy "
				 "pool proxmox reason refused replace resize resource resources restart "
				 "restarted root running saved script secret "
				 "seconds shut size skipped snapshot source stack start started state steps "
				 "stop stopped storage summary switch tags take "
				 "task template text that the this to token unlock until update upload user "
				 "value version volume wait warning what when "
				 "with write written";

void phx_ordinary_program(struct phx_cli *cli)
{
	struct phx_secrets *s = &cli->secrets;

	phx_secrets_ordinary(s, (struct phx_str){vocabulary, sizeof(vocabulary) - 1});
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++)
		phx_secrets_ordinary(s, phx_str_c(phx_kind_name((enum phx_kind)k)));
	for (int a = 0; a < PHX_CH_COUNT; a++)
		phx_secrets_ordinary(s, phx_str_c(phx_change_action_name((enum phx_change_action)a)));
	for (int e = 0; e <= PHX_EFFECT_DATA_LOSS; e++)
		phx_secrets_ordinary(s, phx_str_c(phx_effect_name((enum phx_effect)e)));
	for (int o = 0; o < PHX_ACTION_OP_COUNT; o++)
		phx_secrets_ordinary(s, phx_str_c(phx_action_op_name((enum phx_action_op)o)));
}

/* --- what the configuration and the cluster say --- */

struct words {
	struct phx_cli *cli;
	struct phx_buf text; /* one a line */
};

/* Names, addresses and numbers. A text with anything else is free text, which may well hold a secret. */
static void take(struct words *w, struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return;
	}
	phx_buf_str(&w->text, s);
	phx_buf_ch(&w->text, '\n');
}

static void take_value(struct words *w, const struct phx_value *v);

static void take_members(struct words *w, const struct phx_object *o)
{
	for (uint32_t i = 0; i < o->n; i++) {
		take(w, o->v[i].key);
		take_value(w, o->v[i].value);
	}
}

static void take_value(struct words *w, const struct phx_value *v)
{
	struct phx_buf text = {0};

	if (v->flags & (PHX_VF_SECRET | PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	if (v->kind == PHX_V_LIST) {
		for (uint32_t i = 0; i < v->list.n; i++)
			take_value(w, &v->list.v[i]);
	} else if (v->kind == PHX_V_MAP) {
		take_members(w, v->map);
	} else if (v->kind == PHX_V_REF || v->kind == PHX_V_CALL) {
		take(w, v->ref->name);
		take_members(w, &v->ref->args);
	} else if (phx_value_text(v, &text)) {
		take(w, phx_buf_view(&text));
	}
	phx_buf_done(&text);
}

static void take_block(struct words *w, const struct phx_block *b)
{
	take(w, b->label);
	take(w, b->label2);
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		const struct phx_attr *a = &b->attrs.v[i];

		take(w, a->name);
		if (!a->spec || !(a->spec->flags & PHX_AF_SECRET_OK))
			take_value(w, &a->value);
	}
	for (uint32_t i = 0; i < b->blocks.n; i++)
		take_block(w, b->blocks.v[i]);
}

static void give(struct words *w)
{
	phx_secrets_ordinary(&w->cli->secrets, phx_str_dup(w->cli->arena, phx_buf_view(&w->text)));
	phx_buf_done(&w->text);
}

void phx_ordinary_config(struct phx_cli *cli)
{
	const struct phx_config *c = cli->config;
	struct words w = {.cli = cli};

	if (!cli->secrets.plain.n && !cli->secrets.weak.n) /* none that could be one of thousands of words */
		return;
	take(&w, c->stack);
	for (uint32_t i = 0; i < c->decls.n; i++) {
		take(&w, c->decls.v[i]->address);
		take_block(&w, &c->decls.v[i]->body);
	}
	for (uint32_t i = 0; i < c->defaults.n; i++)
		take_block(&w, &c->defaults.v[i]->body);
	for (uint32_t i = 0; i < c->outputs.n; i++) {
		take(&w, c->outputs.v[i].name);
		take_value(&w, &c->outputs.v[i].value);
	}
	give(&w);
}

void phx_ordinary_cluster(struct phx_cli *cli, const struct phx_snapshot *s)
{
	struct words w = {.cli = cli};

	take(&w, s->cluster_name);
	for (uint32_t i = 0; i < s->nodes.n; i++)
		take(&w, s->nodes.v[i].name);
	for (uint32_t i = 0; i < s->storages.n; i++)
		take(&w, s->storages.v[i].id);
	for (uint32_t i = 0; i < s->pools.n; i++)
		take(&w, s->pools.v[i].id);
	give(&w);
}

/* --- telling --- */

static bool holds(const struct phx_value *v, struct phx_str weak)
{
	bool found = v->kind == PHX_V_STRING && phx_str_eq(v->s, weak);

	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		found = found || holds(&v->list.v[i], weak);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++)
		found = found || holds(v->map->v[i].value, weak);
	for (uint32_t i = 0; v->kind == PHX_V_CALL && i < v->ref->args.n; i++)
		found = found || holds(v->ref->args.v[i].value, weak);
	return found;
}

static const struct phx_attr *attr_with(const struct phx_block *b, struct phx_str weak)
{
	const struct phx_attr *found = NULL;

	for (uint32_t i = 0; i < b->attrs.n; i++) {
		const struct phx_attr *a = &b->attrs.v[i];

		if ((phx_value_is_secret(&a->value) || (a->spec && a->spec->flags & PHX_AF_SECRET_OK)) &&
		    holds(&a->value, weak))
			return a;
	}
	for (uint32_t i = 0; i < b->blocks.n && !found; i++)
		found = attr_with(b->blocks.v[i], weak);
	return found;
}

/* Without a place: the line that would be shown may hold the secret. */
static void warn(struct phx_cli *cli, struct phx_str weak)
{
	const struct phx_config *c = cli->config;
	struct phx_diag *d = NULL;

	for (uint32_t i = 0; c && i < c->decls.n && !d; i++) {
		const struct phx_attr *a = attr_with(&c->decls.v[i]->body, weak);

		if (a)
			d = phx_diag_add(&cli->bag, PHX0332, (struct phx_span){0},
					 "the secret in `" PHX_STR_FMT "` of " PHX_STR_FMT
					 " is an ordinary word: it cannot be hidden in texts",
					 PHX_STR_ARG(a->name), PHX_STR_ARG(c->decls.v[i]->address));
	}
	if (!d)
		d = phx_diag_add(&cli->bag, PHX0332, (struct phx_span){0},
				 "a secret is an ordinary word: it cannot be hidden in texts");
	phx_diag_help(&cli->bag, d, "take another one, that nothing else is called");
}

void phx_ordinary_warn(struct phx_cli *cli)
{
	for (; cli->weak_told < cli->secrets.weak.n; cli->weak_told++)
		warn(cli, cli->secrets.weak.v[cli->weak_told]);
}
