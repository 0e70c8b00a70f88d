/* Is a saved plan still what would be planned now? If not: what moved, guest by guest. */
#include <string.h>

#include "plan/plan_json.h"

struct compare {
	struct phx_arena *a;
	struct phx_moves *out;
	struct phx_buf line;
};

static void text(struct compare *c, struct phx_str s)
{
	phx_buf_printable(&c->line, s);
}

/* The line is whole. */
static void moved(struct compare *c, uint64_t guest, struct phx_str node)
{
	struct phx_moved m = {.guest = guest,
			      .node = phx_str_dup(c->a, node),
			      .what = phx_str_dup(c->a, phx_buf_view(&c->line))};

	phx_vec_push(c->a, c->out, m);
	phx_buf_clear(&c->line);
}

static void scalar(struct compare *c, const json_t *v)
{
	struct phx_buf b = {0};

	if (!v || json_is_null(v))
		phx_buf_c(&c->line, "(none)");
	else if (phx_json_text(v, &b))
		text(c, phx_buf_view(&b));
	else
		phx_buf_c(&c->line, "(something else)");
	phx_buf_done(&b);
}

static void was_now(struct compare *c, const json_t *was, const json_t *now)
{
	phx_buf_c(&c->line, " was ");
	scalar(c, was);
	phx_buf_c(&c->line, ", now ");
	scalar(c, now);
}

static const json_t *by(const json_t *list, const char *key, const json_t *like)
{
	const json_t *want = phx_json_get(like, key);
	size_t i;
	json_t *x;

	json_array_foreach(list, i, x) if (want && json_equal(phx_json_get(x, key), want)) return x;
	return NULL;
}

static bool equal(const json_t *a, const json_t *b, const char *key)
{
	return json_equal(phx_json_get(a, key), phx_json_get(b, key));
}

/* --- inputs --- */

/* Values given by --set stand under one name: what counts is that this one is still there. */
static bool still_read(const json_t *list, const json_t *source)
{
	size_t i;
	json_t *x;

	json_array_foreach(list, i,
			   x) if (equal(x, source, "path") && equal(x, source, "sha256")) return true;
	return false;
}

static void source(struct compare *c, const json_t *x, const char *what)
{
	struct phx_str path = phx_json_str(x, "path");

	if (phx_str_eqc(path, "--set"))
		phx_buf_c(&c->line, "a value given by ");
	text(c, path);
	phx_buf_c(&c->line, what);
	moved(c, 0, PHX_STR(""));
}

static void moved_sources(struct compare *c, const json_t *was, const json_t *is)
{
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x) if (!still_read(is, x))
		source(c, x, by(is, "path", x) ? " was changed since" : " is no longer read");
	json_array_foreach(is, i, x) if (!by(was, "path", x)) source(c, x, " is new");
}

/* Credentials may be others: reading and writing rights are often in different hands. */
static void moved_env(struct compare *c, const json_t *was, const json_t *is)
{
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x)
	{
		const json_t *now = by(is, "name", x);

		if (phx_json_bool(x, "credential", false) || (now && equal(now, x, "hash")))
			continue;
		phx_buf_c(&c->line, "env(\"");
		text(c, phx_json_str(x, "name"));
		phx_buf_c(&c->line, now ? "\") has another value now" : "\") is no longer read");
		moved(c, 0, PHX_STR(""));
	}
}

/* --- changes --- */

static void who(struct compare *c, const json_t *change)
{
	text(c, phx_json_str(change, "address"));
	if (phx_json_int(change, "id", 0))
		phx_buf_printf(&c->line, " (%lld)", (long long)phx_json_int(change, "id", 0));
}

static void end(struct compare *c, const json_t *change)
{
	moved(c, (uint64_t)phx_json_int(change, "id", 0), phx_json_str(change, "node"));
}

/* What is there now, what is wanted, or both are others than planned. An attribute that no longer differs has reached what was
 * planned. False: nobody did anything to the guest. */
static bool moved_attribute(struct compare *c, const json_t *was, const json_t *now)
{
	bool here = !now || !equal(now, was, "before");

	if (here)
		was_now(c, phx_json_get(was, "before"),
			phx_json_get(now ? now : was, now ? "before" : "after"));
	if (!now || equal(now, was, "after"))
		return here;
	phx_buf_c(&c->line, here ? "; it was to become " : " was to become ");
	scalar(c, phx_json_get(was, "after"));
	phx_buf_c(&c->line, ", now ");
	scalar(c, phx_json_get(now, "after"));
	phx_buf_c(&c->line, ": the configuration wants something else");
	return here;
}

static void moved_attributes(struct compare *c, const json_t *was, const json_t *is)
{
	const json_t *old = phx_json_get(was, "attributes"), *new = phx_json_get(is, "attributes");
	size_t i;
	json_t *x;

	json_array_foreach(old, i, x)
	{
		const json_t *now = by(new, "path", x);

		if (now && equal(now, x, "before") && equal(now, x, "after"))
			continue;
		who(c, was);
		phx_buf_c(&c->line, ": ");
		text(c, phx_json_str(x, "path"));
		if (moved_attribute(c, x, now))
			end(c, was);
		else
			moved(c, 0, PHX_STR(""));
	}
	json_array_foreach(new, i, x)
	{
		if (by(old, "path", x))
			continue;
		who(c, is);
		phx_buf_c(&c->line, ": ");
		text(c, phx_json_str(x, "path"));
		phx_buf_c(&c->line, " was as declared, now ");
		scalar(c, phx_json_get(x, "before"));
		phx_buf_c(&c->line, " is to become ");
		scalar(c, phx_json_get(x, "after"));
		end(c, is);
	}
}

static void moved_changes(struct compare *c, const json_t *was, const json_t *is)
{
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x)
	{
		const json_t *now = by(is, "address", x);

		if (now && equal(now, x, "action")) {
			moved_attributes(c, x, now);
			continue;
		}
		who(c, x);
		phx_buf_c(&c->line, ": the plan was to ");
		text(c, phx_json_str(x, "action"));
		phx_buf_c(&c->line, " it, now ");
		phx_buf_c(&c->line, now ? "to " : "nothing is to be done");
		text(c, phx_json_str(now, "action"));
		end(c, x);
	}
	json_array_foreach(is, i, x)
	{
		if (by(was, "address", x))
			continue;
		who(c, x);
		phx_buf_c(&c->line, ": the plan was to leave it, now to ");
		text(c, phx_json_str(x, "action"));
		end(c, x);
	}
}

/* --- what was seen of the guests --- */

static void guest(struct compare *c, const json_t *seen, const char *key)
{
	phx_buf_printf(&c->line, "guest %lld (", (long long)phx_json_int(seen, "id", 0));
	text(c, phx_json_str(seen, "name"));
	phx_buf_c(&c->line, "): ");
	text(c, phx_str_c(key));
}

static void guest_end(struct compare *c, const json_t *seen)
{
	moved(c, (uint64_t)phx_json_int(seen, "id", 0), phx_json_str(seen, "node"));
}

/* Has a line said so already, by the name that the configuration has for it? */
static bool told(const struct compare *c, uint64_t id, const char *key)
{
	struct phx_buf needle = {0};
	bool found = false;

	phx_buf_printf(&needle, "): %s was ", key);
	for (uint32_t i = 0; i < c->out->n && !found; i++)
		found = c->out->v[i].guest == id &&
			phx_str_find(c->out->v[i].what, phx_buf_view(&needle)) >= 0;
	phx_buf_done(&needle);
	return found;
}

static uint32_t moved_config(struct compare *c, const json_t *was, const json_t *is)
{
	const json_t *old = phx_json_get(was, "config"), *new = phx_json_get(is, "config");
	uint64_t id = (uint64_t)phx_json_int(was, "id", 0);
	uint32_t n = 0;
	const char *key;
	json_t *x;

	json_object_foreach((json_t *)(uintptr_t)old, key, x)
	{
		if (json_equal(phx_json_get(new, key), x))
			continue;
		n++;
		if (told(c, id, key))
			continue;
		guest(c, was, key);
		was_now(c, x, phx_json_get(new, key));
		guest_end(c, was);
	}
	json_object_foreach((json_t *)(uintptr_t) new, key, x)
	{
		if (phx_json_get(old, key))
			continue;
		n++;
		if (told(c, id, key))
			continue;
		guest(c, was, key);
		was_now(c, NULL, x);
		guest_end(c, was);
	}
	return n;
}

static void moved_seen(struct compare *c, const json_t *was, const json_t *is)
{
	static const struct {
		const char *key, *name;
	} facts[] = {{"node", "node"},
		     {"status", "status"},
		     {"firewall_digest", "firewall digest"},
		     {"firewall_rules_digest", "firewall digest"}};
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x)
	{
		const json_t *now = by(is, "id", x);

		if (!now)
			continue;
		for (size_t k = 0; k < PHX_COUNTOF(facts); k++) {
			if (equal(now, x, facts[k].key))
				continue;
			guest(c, x, facts[k].name);
			was_now(c, phx_json_get(x, facts[k].key), phx_json_get(now, facts[k].key));
			guest_end(c, x);
		}
		if (!moved_config(c, x, now) && !equal(now, x, "digest")) {
			guest(c, x, "configuration digest");
			was_now(c, phx_json_get(x, "digest"), phx_json_get(now, "digest"));
			guest_end(c, x);
		}
	}
}

/* --- all of it --- */

static void compare(struct compare *c, const json_t *was, const json_t *is)
{
	static const char *const facts[] = {"stack", "cluster", "proxmox"};
	static const char *const rest[] = {"actions", "order", "observed", "changes"};
	bool same = true;

	for (size_t i = 0; i < PHX_COUNTOF(facts); i++) {
		if (equal(was, is, facts[i]))
			continue;
		phx_buf_c(&c->line, facts[i]);
		was_now(c, phx_json_get(was, facts[i]), phx_json_get(is, facts[i]));
		moved(c, 0, PHX_STR(""));
	}
	moved_sources(c, phx_json_get(was, "sources"), phx_json_get(is, "sources"));
	moved_env(c, phx_json_get(was, "env"), phx_json_get(is, "env"));
	moved_changes(c, phx_json_get(was, "changes"), phx_json_get(is, "changes"));
	moved_seen(c, phx_json_get(was, "observed"), phx_json_get(is, "observed"));
	for (size_t i = 0; i < PHX_COUNTOF(rest); i++)
		same = same && equal(was, is, rest[i]);
	if (!same && !c->out->n) {
		phx_buf_c(&c->line, "the calls would be others than planned");
		moved(c, 0, PHX_STR(""));
	}
}

bool phx_plan_file_compare(const struct phx_plan_file *f, const struct phx_plan *now,
			   const struct phx_secrets *secrets, struct phx_arena *a, struct phx_moves *out,
			   struct phx_err *err)
{
	struct compare c = {.a = a, .out = out};
	struct phx_buf text_now = {0};
	json_t *doc;

	phx_plan_file_write(now, secrets, PHX_STR(""), &text_now);
	doc = phx_json_parse(phx_buf_view(&text_now), "the plan made now", err);
	if (doc)
		compare(&c, f->doc, doc);
	json_decref(doc);
	phx_buf_done(&c.line);
	phx_buf_done(&text_now);
	return doc != NULL;
}

/* --- whose cluster --- */

static void node_list(const struct phx_plan *p, struct phx_buf *out)
{
	for (uint32_t i = 0; i < p->nodes.n; i++) {
		phx_buf_c(out, i ? ", " : "");
		phx_buf_printable(out, p->nodes.v[i]);
	}
}

static void cluster_text(const struct phx_plan *p, bool certificate, struct phx_buf *out)
{
	phx_buf_ch(out, '`');
	phx_buf_printable(out, p->cluster);
	phx_buf_c(out, "` (nodes ");
	node_list(p, out);
	if (certificate) {
		phx_buf_c(out, "; certificate ");
		phx_buf_printable(out, phx_str_slice(p->fingerprint, 0, 23));
		phx_buf_c(out, "…");
	}
	phx_buf_ch(out, ')');
}

static bool other_cluster(const struct phx_plan *was, const struct phx_plan *now, struct phx_err *err)
{
	bool certificate = was->fingerprint.len && now->fingerprint.len;
	struct phx_buf text = {0};

	phx_buf_c(&text, "the plan was made for another cluster: for ");
	cluster_text(was, certificate, &text);
	phx_buf_c(&text, ", and this is ");
	cluster_text(now, certificate, &text);
	phx_err_set(err, PHX_ERR_DATA, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&text)));
	phx_err_hint(err, "check --cluster, --sim and the endpoint; nothing was done");
	phx_buf_done(&text);
	return false;
}

bool phx_plan_file_cluster(const struct phx_plan_file *f, const struct phx_plan *now, struct phx_err *err)
{
	const struct phx_plan *was = f->plan;
	bool common = false;

	if (was->fingerprint.len && now->fingerprint.len)
		return phx_str_eq(was->fingerprint, now->fingerprint) || other_cluster(was, now, err);
	if (!phx_str_eq(was->cluster, now->cluster))
		return other_cluster(was, now, err);
	for (uint32_t i = 0; i < was->nodes.n; i++)
		for (uint32_t k = 0; k < now->nodes.n; k++)
			common = common || phx_str_eq(was->nodes.v[i], now->nodes.v[k]);
	return common || other_cluster(was, now, err);
}
