/* Raw lines. Which of those that are there are phx's, the marker remembers; others stay, unless they say something else of a key
 * that holds one value. */
#include "plan/lxc.h"

#include <stdlib.h>

struct line {
	struct phx_str text, key; /* "lxc.mount.entry: …" */
};
struct lines {
	struct line *v;
	uint32_t n, cap;
};

static struct phx_str text_of(struct plan *p, const struct phx_lxc_line *l)
{
	return plan_text(p, l->key, PHX_STR(": "), l->value);
}

static struct phx_str short_hash(struct plan *p, struct phx_str line)
{
	return phx_str_slice(phx_sha256_hex(p->arena, line), 0, 8);
}

static int by_text(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

struct phx_str plan_lxc_fact(struct plan *p, const struct phx_guest *g)
{
	struct phx_str *hashes = PHX_NEW_N(p->arena, struct phx_str, g->lxc.n + 1);

	for (uint32_t i = 0; i < g->lxc.n; i++)
		hashes[i] = short_hash(p, text_of(p, &g->lxc.v[i]));
	if (g->lxc.n)
		qsort(hashes, g->lxc.n, sizeof(*hashes), by_text);
	phx_buf_clear(&p->text);
	for (uint32_t i = 0; i < g->lxc.n; i++) {
		phx_buf_c(&p->text, i ? "." : "");
		phx_buf_str(&p->text, hashes[i]);
	}
	return plan_keep(p, &p->text);
}

/* --- what is there --- */

static void read_lines(struct plan *p, struct phx_str text, struct lines *out)
{
	struct phx_str line;

	while (phx_str_cut(&text, '\n', &line)) {
		struct phx_str rest = line, key;

		if (line.len && phx_str_cut(&rest, ':', &key))
			phx_vec_push(p->arena, out, ((struct line){line, key}));
	}
}

static void wanted_lines(struct plan *p, const struct phx_guest *g, struct lines *out)
{
	for (uint32_t i = 0; i < g->lxc.n; i++)
		phx_vec_push(p->arena, out, ((struct line){text_of(p, &g->lxc.v[i]), g->lxc.v[i].key}));
}

/* What the container has when the lines are set: as it lives, or what a clone brings along. */
static struct phx_str there(struct plan *p, const struct plan_item *it, struct lines *out)
{
	const struct plan_item *src;

	if (it->live && !it->gone_first) {
		read_lines(p, phx_live_value(it->live, PHX_STR("lxc")), out);
		return it->live->has_marker && it->live->owned ? phx_marker_fact(&it->live->marker, "lxc")
							       : PHX_STR("");
	}
	if (!it->guest->source)
		return PHX_STR("");
	src = &p->items[it->guest->source->r.index];
	if (src->live && !src->gone_first && (!src->change || src->action == PHX_CH_NONE)) {
		read_lines(p, phx_live_value(src->live, PHX_STR("lxc")), out);
		return phx_marker_fact(&src->live->marker, "lxc");
	}
	wanted_lines(p, src->guest, out);
	return plan_lxc_fact(p, src->guest);
}

static bool has(const struct lines *l, struct phx_str text)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (phx_str_eq(l->v[i].text, text))
			return true;
	return false;
}

static bool says_key(const struct lines *l, struct phx_str key)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (phx_str_eq(l->v[i].key, key))
			return true;
	return false;
}

/* An id map is a whole: a line more would change what the others mean. */
static bool holds_one(struct phx_str key)
{
	return !phx_lxc_key_is_list(key) || phx_str_eqc(key, "lxc.idmap");
}

struct difference {
	struct lines add, drop;
};

static void compare(struct plan *p, const struct plan_item *it, struct difference *out)
{
	struct lines have = {0}, want = {0};
	struct phx_str ours = there(p, it, &have);

	wanted_lines(p, it->guest, &want);
	for (uint32_t i = 0; i < want.n; i++)
		if (!has(&have, want.v[i].text))
			phx_vec_push(p->arena, &out->add, want.v[i]);
	for (uint32_t i = 0; i < have.n; i++) {
		struct line l = have.v[i];

		if (has(&want, l.text))
			continue;
		if ((ours.len && phx_str_find(ours, short_hash(p, l.text)) >= 0) ||
		    (says_key(&want, l.key) && holds_one(l.key)))
			phx_vec_push(p->arena, &out->drop, l);
	}
}

/* --- the change --- */

static struct phx_span span_of(const struct plan_item *it, struct phx_str key)
{
	for (uint32_t i = 0; i < it->guest->lxc.n; i++)
		if (phx_str_eq(it->guest->lxc.v[i].key, key))
			return it->guest->lxc.v[i].span;
	return it->span;
}

static struct phx_str value_of(const struct line *l)
{
	return phx_str_trim(phx_str_from(l->text, l->key.len + 1));
}

static void told(struct plan_diff *d, const struct line *before, const struct line *after)
{
	const struct line *l = after ? after : before;
	struct phx_attr_change *a =
		plan_diff_attr(d, l->key, before ? value_of(before) : PHX_STR(""),
			       after ? value_of(after) : PHX_STR(""), span_of(d->it, l->key));

	plan_diff_worse(d, a, d->live->running ? PHX_EFFECT_RESTART : PHX_EFFECT_LIVE);
	if (d->live->running) {
		a->reason = PHX_STR("raw lines are read when a container starts");
		d->u->restart = true;
	}
}

void plan_diff_lxc(struct plan_diff *d)
{
	struct difference x = {0};

	if (d->live->is_vm || (!d->g->lxc.n && !phx_live_value(d->live, PHX_STR("lxc")).len))
		return;
	compare(d->p, d->it, &x);
	for (uint32_t i = 0; i < x.add.n; i++) {
		const struct line *old = NULL;

		for (uint32_t k = 0; k < x.drop.n && !old; k++)
			if (phx_str_eq(x.drop.v[k].key, x.add.v[i].key) && holds_one(x.add.v[i].key))
				old = &x.drop.v[k];
		told(d, old, &x.add.v[i]);
	}
	for (uint32_t i = 0; i < x.drop.n; i++)
		if (!says_key(&x.add, x.drop.v[i].key) || !holds_one(x.drop.v[i].key))
			told(d, &x.drop.v[i], NULL);
}

bool plan_lxc(struct plan *p, struct plan_item *it, struct phx_str digest)
{
	struct difference x = {0};
	struct phx_buf data = {0};

	if (it->is_vm)
		return false;
	compare(p, it, &x);
	if (!x.add.n && !x.drop.n)
		return false;
	for (uint32_t i = 0; i < x.drop.n; i++)
		phx_buf_printf(&data, "-" PHX_STR_FMT "\n", PHX_STR_ARG(x.drop.v[i].text));
	for (uint32_t i = 0; i < it->guest->lxc.n; i++)
		phx_buf_printf(&data, "+" PHX_STR_FMT "\n", PHX_STR_ARG(text_of(p, &it->guest->lxc.v[i])));
	plan_script(p, it, PHX_OP_HOST_LXC, "lxc", phx_str_dup(p->arena, phx_buf_view(&data)), false);
	phx_buf_done(&data);
	plan_word(p, it->id_text);
	plan_word(p, digest.len ? digest : PHX_STR("-"));
	plan_hold(p, it->lock_name, true, 0);
	plan_note(p, it->change, PHX_STR("raw lines are written as root on the node, over the host channel"));
	plan_end(p, it,
		 plan_text(p, PHX_STR("write raw lines of "), it->id_text, PHX_STR(" on the node: "),
			   plan_number(p, x.add.n), PHX_STR(" added, "), plan_number(p, x.drop.n),
			   PHX_STR(" removed")));
	return true;
}

/* --- refusal --- */

void plan_lxc_refuse(struct plan *p, const struct plan_item *it)
{
	struct difference x = {0};
	bool owner = false;
	struct phx_diag *d;

	if (it->is_vm || plan_has_channel(p))
		return;
	compare(p, it, &x);
	for (uint32_t i = 0; i < it->guest->volumes.n; i++) {
		const struct phx_volume *v = &it->guest->volumes.v[i];

		owner = owner || (plan_directory_fact(p, it, v).len && plan_directory_moves(p, it, v));
	}
	if (!x.add.n && !x.drop.n && !owner)
		return;
	d = phx_diag_add(p->bag, PHX0640, x.add.n ? span_of(it, x.add.v[0].key) : it->span,
			 "`" PHX_STR_FMT "` needs a command on node `" PHX_STR_FMT
			 "`, and there is no channel to it",
			 PHX_STR_ARG(it->address), PHX_STR_ARG(it->node));
	for (uint32_t i = 0; i < x.add.n; i++)
		phx_diag_note(p->bag, d, "to be written: " PHX_STR_FMT, PHX_STR_ARG(x.add.v[i].text));
	for (uint32_t i = 0; i < x.drop.n; i++)
		phx_diag_note(p->bag, d, "to be removed: " PHX_STR_FMT, PHX_STR_ARG(x.drop.v[i].text));
	for (uint32_t i = 0; i < it->guest->volumes.n; i++)
		if (plan_directory_fact(p, it, &it->guest->volumes.v[i]).len)
			phx_diag_note(p->bag, d, "to be given owner and mode: " PHX_STR_FMT,
				      PHX_STR_ARG(it->guest->volumes.v[i].volume));
	phx_diag_help(p->bag, d,
		      "give the cluster block a host channel: ssh { host = \"…\"; user = \"root\" }; or run "
		      "phx on the "
		      "node");
}
