#include "plan/cloud_init.h"

#include <string.h>

static const struct phx_option *cicustom(const struct plan *p)
{
	return plan_option(p, true, PHX_STR("cicustom"));
}

/* --- names --- */

/* STACK-ID-user-0123456789ab.yaml. The name carries the content: what a name stands for never changes. */
static struct phx_str snippet_name(struct plan *p, const struct plan_item *it, enum phx_ci_doc doc,
				   const struct phx_ci_text *t)
{
	struct phx_str salt = plan_text(p, PHX_STR("phx/"), p->g->stack, PHX_STR("/"), it->id_text);
	struct phx_str hash =
		t->secret ? phx_secret_hash(p->arena, salt, t->text) : phx_sha256_hex(p->arena, t->text);

	return plan_text(p, p->g->stack, PHX_STR("-"), it->id_text, PHX_STR("-"),
			 phx_str_c(phx_ci_doc_name(doc)), PHX_STR("-"), phx_str_slice(hash, 0, 12),
			 PHX_STR(".yaml"));
}

static bool all_of(struct phx_str s, const char *chars)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(chars, s.ptr[i]))
			return false;
	return s.len > 0;
}

static struct phx_str file_of(struct phx_str volume)
{
	ptrdiff_t at = phx_str_find(volume, PHX_STR(":snippets/"));

	return at > 0 ? phx_str_from(volume, (size_t)at + 10) : PHX_STR("");
}

/* Made by phx for a guest of this stack, whichever: a clone comes with those of its source. */
static bool is_ours(const struct plan *p, struct phx_str volume)
{
	struct phx_str rest = file_of(volume), id, doc;

	if (rest.len <= p->g->stack.len + 1 ||
	    !phx_str_eq(phx_str_slice(rest, 0, p->g->stack.len), p->g->stack))
		return false;
	rest = phx_str_from(rest, p->g->stack.len);
	if (rest.ptr[0] != '-' || !phx_str_ends(rest, ".yaml"))
		return false;
	rest = phx_str_slice(rest, 1, rest.len - 6);
	return phx_str_cut(&rest, '-', &id) && all_of(id, "0123456789") && phx_str_cut(&rest, '-', &doc) &&
	       (phx_str_eqc(doc, "user") || phx_str_eqc(doc, "network") || phx_str_eqc(doc, "vendor")) &&
	       rest.len == 12 && all_of(rest, "0123456789abcdef");
}

static bool is_agent(struct phx_str volume)
{
	return phx_str_starts(file_of(volume), "phx-agent-");
}

/* --- where they lie --- */

static bool takes_snippets(const struct phx_live_storage *s)
{
	struct phx_str rest = s->content, piece;

	while (s->active && phx_str_cut(&rest, ',', &piece))
		if (phx_str_eqc(phx_str_trim(piece), "snippets"))
			return true;
	return false;
}

/* In a cluster one that all nodes see, so that the guest can move; else `local`, else the first by name. */
static struct phx_str snippet_storage(const struct plan *p, struct phx_str node)
{
	const struct phx_live_storage *best = NULL;
	bool cluster = p->s->nodes.n > 1;

	if (p->o->offline)
		return PHX_STR("local");
	for (uint32_t i = 0; i < p->s->storages.n; i++) {
		const struct phx_live_storage *s = &p->s->storages.v[i];

		if (!phx_str_eq(s->node, node) || !takes_snippets(s))
			continue;
		if (!best || (cluster && s->shared && !best->shared) ||
		    (phx_str_eqc(s->id, "local") && !(cluster && best->shared)))
			best = s;
	}
	return best ? best->id : PHX_STR("");
}

/* --- what `cicustom` shall say --- */

static const struct phx_setting *declared(const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eqc(g->settings.v[i].key, "cicustom") && !g->settings.v[i].unset)
			return &g->settings.v[i];
	return NULL;
}

/* What the source has when it is cloned: as it lives, or as this plan makes it. */
static struct phx_str of_source(const struct plan *p, const struct plan_item *it)
{
	const struct plan_item *src;

	if (!it->guest->source)
		return PHX_STR("");
	src = &p->items[it->guest->source->r.index];
	if (src->ci)
		return src->ci->value;
	return src->live ? phx_str_trim(phx_live_value(src->live, PHX_STR("cicustom"))) : PHX_STR("");
}

struct phx_str plan_ci_member(const struct plan *p, struct phx_str text, const char *key)
{
	struct phx_propstring props = {.n = 0};

	if (!text.len || !phx_propstring_parse(cicustom(p), PHX_STR("cicustom"), text, &props, NULL))
		return PHX_STR("");
	return phx_propstring_value(&props, key);
}

/* Only at the first start of an image is it worth anything, so that it is never added to a guest that lives. */
static bool wants_agent(struct plan *p, const struct plan_item *it, bool fresh)
{
	const struct phx_guest *g = it->guest;
	const struct phx_setting *own = declared(g);

	return g->agent && g->image && (fresh || it->finish) && !phx_ci_whole(g) &&
	       !g->ci.data[PHX_CI_VENDOR].declared && !(own && plan_ci_member(p, own->value, "vendor").len);
}

static void set(struct plan *p, struct phx_propstring *props, struct phx_str key, struct phx_str value)
{
	if (!phx_propstring_set(cicustom(p), props, key, value))
		PHX_BUG("cicustom has no key " PHX_STR_FMT, PHX_STR_ARG(key));
}

/* `foreign`: without those that phx made for some guest. */
static void lay(struct plan *p, struct phx_propstring *props, struct phx_str text, bool foreign)
{
	struct phx_propstring over = {.n = 0};

	if (!text.len || !phx_propstring_parse(cicustom(p), PHX_STR("cicustom"), text, &over, NULL))
		return;
	for (uint32_t i = 0; i < over.n; i++)
		if (!foreign || !is_ours(p, over.props[i].value))
			set(p, props, over.props[i].key->name, over.props[i].value);
}

static struct phx_str wanted(struct plan *p, const struct plan_item *it, const struct plan_ci *ci)
{
	struct phx_propstring props = {.n = 0};
	const struct phx_setting *own = declared(it->guest);

	lay(p, &props, ci->before, true);
	if (own)
		lay(p, &props, own->value, false);
	if (ci->agent.len)
		set(p, &props, PHX_STR("vendor"), ci->agent);
	for (int i = 0; i < PHX_CI_COUNT; i++)
		if (ci->volume[i].len)
			set(p, &props, phx_str_c(phx_ci_doc_name((enum phx_ci_doc)i)), ci->volume[i]);
	phx_buf_clear(&p->text);
	phx_propstring_print(cicustom(p), &props, &p->text);
	return plan_keep(p, &p->text);
}

static void name_documents(struct plan *p, const struct plan_item *it, struct plan_ci *ci)
{
	struct phx_str storage = snippet_storage(p, it->node);

	for (int i = 0; i < PHX_CI_COUNT; i++) {
		if (!ci->docs[i].text.len)
			continue;
		ci->no_storage = ci->no_storage || !storage.len;
		ci->volume[i] = plan_text(p, storage.len ? storage : PHX_STR("local"), PHX_STR(":snippets/"),
					  snippet_name(p, it, (enum phx_ci_doc)i, &ci->docs[i]));
	}
}

static struct phx_str agent_volume(struct plan *p, struct phx_str storage)
{
	struct phx_str hash = phx_sha256_hex(p->arena, phx_ci_agent_document(p->arena));

	return plan_text(p, storage, PHX_STR(":snippets/phx-agent-"), phx_str_slice(hash, 0, 12),
			 PHX_STR(".yaml"));
}

void plan_ci_settle(struct plan *p, struct plan_item *it, bool fresh)
{
	const struct phx_guest *g = it->guest;
	struct phx_ci_context context = {.stack = p->g->stack, .id = it->id, .agent = g->agent};
	struct phx_str storage;
	struct plan_ci *ci;

	it->ci = NULL;
	if (!it->is_vm || !g->cloud_init || !cicustom(p))
		return;
	it->ci = ci = PHX_NEW(&p->scratch, struct plan_ci);
	if (!phx_ci_whole(g))
		context.agent = g->agent && g->image;
	phx_ci_render(g, &context, p->arena, ci->docs);
	name_documents(p, it, ci);
	ci->before = fresh ? of_source(p, it) : phx_str_trim(phx_live_value(it->live, PHX_STR("cicustom")));
	if (wants_agent(p, it, fresh)) {
		storage = snippet_storage(p, it->node);
		ci->no_agent = !storage.len || !plan_gives_channel(p, it);
		if (!ci->no_agent)
			ci->agent = agent_volume(p, storage);
	}
	if (ci->before.len || ci->agent.len || declared(g) || ci->docs[0].text.len || ci->docs[1].text.len ||
	    ci->docs[2].text.len)
		ci->value = wanted(p, it, ci);
}

bool plan_ci_changes(const struct plan *p, const struct plan_item *it)
{
	return it->ci && (it->ci->before.len || it->ci->value.len) &&
	       !phx_option_equal(cicustom(p), it->ci->before, it->ci->value);
}

/* --- actions --- */

static struct phx_str coded(struct plan *p, struct phx_str bytes)
{
	struct phx_buf text = {0};
	struct phx_str out;

	phx_buf_base64(&text, bytes);
	phx_buf_clear(&p->more);
	for (size_t at = 0; at < text.len; at += 76) {
		phx_buf_str(&p->more, phx_str_slice(phx_buf_view(&text), at, 76));
		phx_buf_ch(&p->more, '\n');
	}
	out = plan_keep(p, &p->more);
	phx_buf_done(&text);
	return out;
}

static void write_one(struct plan *p, const struct plan_item *it, struct phx_str volume, struct phx_str text,
		      bool secret)
{
	struct phx_str sum = phx_sha256_hex(p->arena, text), data = coded(p, text);

	plan_script(p, it, PHX_OP_SNIPPET, "snippet", secret ? plan_text(p, sum, PHX_STR("\n"), data) : data,
		    secret);
	plan_word(p, PHX_STR("write"));
	plan_word(p, volume);
	plan_word(p, secret ? PHX_STR("-") : sum);
}

/* One for all guests of a node: whoever comes first writes it. It is left there when they go. */
static void write_agent(struct plan *p, struct plan_item *it, struct phx_str volume)
{
	struct plan_shared_file f = {.node = it->node, .volume = volume};

	for (uint32_t i = 0; i < p->shared.n; i++)
		if (phx_str_eq(p->shared.v[i].node, f.node) && phx_str_eq(p->shared.v[i].volume, volume)) {
			it->ci_file = p->shared.v[i].action;
			return;
		}
	write_one(p, it, volume, phx_ci_agent_document(p->arena), false);
	f.action = plan_put(p, plan_text(p, PHX_STR("write "), volume,
					 PHX_STR(": installs the guest agent at the first start")));
	it->ci_file = f.action;
	phx_vec_push(p->arena, &p->shared, f);
}

static bool is_there(struct phx_str text, struct phx_str volume)
{
	return text.len && phx_str_find(text, volume) >= 0;
}

/* A clone on another node than its source finds no file there that lies on a storage of the node. */
static bool moves(const struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *source = it->guest->source;

	return source && it->action != PHX_CH_UPDATE && !phx_str_eq(p->items[source->r.index].node, it->node);
}

void plan_ci_write(struct plan *p, struct plan_item *it)
{
	struct plan_ci *ci = it->ci;
	struct phx_str vendor;

	if (!ci || !ci->value.len)
		return;
	vendor = plan_ci_member(p, ci->value, "vendor");
	if (is_agent(vendor) && (!is_there(ci->before, vendor) || moves(p, it)) && plan_has_channel(p))
		write_agent(p, it, vendor);
	for (int i = 0; i < PHX_CI_COUNT; i++) {
		if (!ci->volume[i].len || is_there(ci->before, ci->volume[i]))
			continue;
		write_one(p, it, ci->volume[i], ci->docs[i].text, ci->docs[i].secret);
		plan_end(p, it,
			 plan_text(p, PHX_STR("write "), phx_str_c(phx_ci_doc_name((enum phx_ci_doc)i)),
				   PHX_STR(" data of "), it->id_text, PHX_STR(" to "), ci->volume[i]));
	}
}

static struct phx_str storage_of(struct phx_str volume)
{
	return phx_str_slice(volume, 0, (size_t)phx_str_chr(volume, ':'));
}

static void write_there(struct plan *p, struct plan_item *it, struct phx_str volume, struct phx_str text,
			bool secret, struct phx_str to)
{
	if (!volume.len || plan_storage_shared(p, storage_of(volume)))
		return;
	write_one(p, it, volume, text, secret);
	p->draft.a.node = to;
	plan_end(p, it, plan_text(p, PHX_STR("write "), volume, PHX_STR(" on "), to));
}

void plan_ci_move(struct plan *p, struct plan_item *it, struct phx_str to)
{
	const struct plan_ci *ci = it->ci;
	struct phx_str vendor;

	if (!ci || !ci->value.len || !plan_has_channel(p))
		return;
	vendor = plan_ci_member(p, ci->value, "vendor");
	if (is_agent(vendor))
		write_there(p, it, vendor, phx_ci_agent_document(p->arena), false, to);
	for (int i = 0; i < PHX_CI_COUNT; i++)
		write_there(p, it, ci->volume[i], ci->docs[i].text, ci->docs[i].secret, to);
}

/* On which storage documents of this guest lie that it would no longer use; empty: on none. */
static struct phx_str left_over(struct plan *p, const struct plan_item *it, struct phx_str before,
				struct phx_str value)
{
	struct phx_propstring props = {.n = 0};
	struct phx_str prefix = plan_text(p, p->g->stack, PHX_STR("-"), it->id_text, PHX_STR("-"));

	if (!before.len || !phx_propstring_parse(cicustom(p), PHX_STR("cicustom"), before, &props, NULL))
		return PHX_STR("");
	for (uint32_t i = 0; i < props.n; i++)
		if (is_ours(p, props.props[i].value) && !is_there(value, props.props[i].value) &&
		    phx_str_starts(file_of(props.props[i].value), prefix.ptr))
			return storage_of(props.props[i].value);
	return PHX_STR("");
}

static void clean(struct plan *p, struct plan_item *it, struct phx_str storage, const struct plan_ci *kept)
{
	plan_script(p, it, PHX_OP_SNIPPET_CLEAN, "snippet", PHX_STR(""), false);
	plan_word(p, PHX_STR("clean"));
	plan_word(p, storage);
	plan_word(p, plan_text(p, p->g->stack, PHX_STR("-"), it->id_text, PHX_STR("-")));
	for (int i = 0; kept && i < PHX_CI_COUNT; i++)
		if (kept->volume[i].len)
			plan_word(p, file_of(kept->volume[i]));
	plan_end(p, it,
		 plan_text(p, PHX_STR("remove "),
			   kept ? PHX_STR("old cloud-init data of ") : PHX_STR("the cloud-init data of "),
			   it->id_text, PHX_STR(" from "), storage));
}

void plan_ci_changed(struct plan *p, struct plan_item *it)
{
	struct phx_str storage;

	if (!plan_ci_changes(p, it))
		return;
	plan_begin(p, it, PHX_OP_CLOUDINIT, PHX_ACT_CALL);
	plan_call(p, PHX_PUT, plan_text(p, it->base, PHX_STR("/cloudinit")), false);
	plan_end(p, it,
		 plan_text(p, PHX_STR("make the cloud-init drive of "), it->id_text, PHX_STR(" anew")));
	storage = left_over(p, it, it->ci->before, it->ci->value);
	if (storage.len && plan_has_channel(p))
		clean(p, it, storage, it->ci);
}

void plan_ci_remove(struct plan *p, struct plan_item *it)
{
	struct phx_str storage;

	if (!it->live || !it->live->is_vm || !cicustom(p))
		return;
	storage = left_over(p, it, phx_str_trim(phx_live_value(it->live, PHX_STR("cicustom"))), PHX_STR(""));
	if (!storage.len)
		return;
	if (plan_has_channel(p))
		clean(p, it, storage, NULL);
	else
		plan_note(p, it->change,
			  plan_text(p, PHX_STR("its cloud-init data stays on "), storage,
				    PHX_STR(": without a host channel phx cannot remove it")));
}
