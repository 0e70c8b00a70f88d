/* Reading a plan file, and telling whether the plan made now is still the same. */
#include <string.h>

#include "base/json.h"
#include "base/sys.h"
#include "plan/plan_json.h"

static bool damaged(const char *path, struct phx_err *err, const char *what)
{
	phx_err_set(err, PHX_ERR_DATA, "%s is not a usable plan: %s", path, what);
	phx_err_hint(err, "make it again: phx plan -o %s", path);
	return false;
}

/* Splits off the checksum, which covers every byte before it. */
static bool check_seal(const char *path, struct phx_str text, struct phx_arena *a, struct phx_str *out_sum,
		       struct phx_err *err)
{
	const struct phx_str tail = PHX_STR("\"\n}\n");
	const size_t seal = sizeof(PHX_PLAN_SEAL) - 1;
	size_t end;
	struct phx_str sum, found;

	if (text.len < seal + 64 + tail.len || !phx_str_ends(text, tail.ptr))
		return damaged(path, err, "it is cut off, or was written by something else");
	end = text.len - tail.len - 64;
	found = phx_str_slice(text, end, 64);
	if (!phx_str_eq(phx_str_slice(text, end - seal, seal), PHX_STR(PHX_PLAN_SEAL)))
		return damaged(path, err, "it is cut off, or was written by something else");
	sum = phx_sha256_hex(a, phx_str_slice(text, 0, end - seal));
	if (!phx_str_eq(sum, found))
		return damaged(path, err, "its checksum does not fit: it was changed after it was written");
	*out_sum = sum;
	return true;
}

static bool read_sources(const json_t *doc, struct phx_arena *a, struct phx_plan_file *out)
{
	const json_t *inputs = phx_json_get(doc, "inputs");
	const json_t *paths = inputs ? phx_json_get(inputs, "paths") : NULL;
	size_t i;
	json_t *x;

	json_array_foreach(paths, i, x)
	{
		if (!json_is_string(x))
			return false;
		phx_vec_push(a, &out->source_paths,
			     phx_str_dup(a, (struct phx_str){json_string_value(x), json_string_length(x)}));
	}
	return true;
}

bool phx_plan_file_read(const char *path, struct phx_arena *a, struct phx_plan_file *out, struct phx_err *err)
{
	struct phx_buf text = {0};
	json_t *doc = NULL;
	struct phx_str format;
	struct phx_plan_file f = {0};
	bool ok = false;

	if (!phx_read_file(path, &text, err))
		goto out;
	if (!check_seal(path, phx_buf_view(&text), a, &f.sha256, err))
		goto out;
	doc = phx_json_parse(phx_buf_view(&text), path, err);
	if (!doc)
		goto out;
	format = phx_json_str(doc, "format");
	if (!phx_str_eqc(format, PHX_PLAN_FORMAT)) {
		phx_err_set(err, PHX_ERR_DATA,
			    "%s has format `" PHX_STR_FMT "`, this phx reads `" PHX_PLAN_FORMAT "`", path,
			    PHX_STR_ARG(format));
		goto out;
	}
	if (!phx_str_eqc(phx_json_str(doc, "phx"), PHX_VERSION)) {
		phx_err_set(err, PHX_ERR_DATA, "%s was made by phx " PHX_STR_FMT ", this is " PHX_VERSION,
			    path, PHX_STR_ARG(phx_json_str(doc, "phx")));
		phx_err_hint(err, "another version may plan otherwise; make it again: phx plan -o %s", path);
		goto out;
	}
	if (!read_sources(doc, a, &f)) {
		damaged(path, err, "`inputs.paths` is not a list of strings");
		goto out;
	}
	f.text = phx_str_dup(a, phx_buf_view(&text));
	f.doc = doc;
	doc = NULL;
	*out = f;
	ok = true;
out:
	json_decref(doc);
	phx_buf_done(&text);
	return ok;
}

void phx_plan_file_done(struct phx_plan_file *f)
{
	json_decref(f->doc);
	*f = (struct phx_plan_file){0};
}

/* --- is it still the same? --- */

struct compare {
	struct phx_buf *out;
	uint32_t lines;
};

#define MOST_LINES 12

static bool line(struct compare *c)
{
	if (c->lines++ >= MOST_LINES)
		return false;
	phx_buf_c(c->out, "\n  ");
	return true;
}

static void text(struct compare *c, struct phx_str s)
{
	phx_buf_printable(c->out, s);
}

static void scalar(struct compare *c, const json_t *v)
{
	struct phx_buf b = {0};

	if (!v || json_is_null(v))
		phx_buf_c(c->out, "(none)");
	else if (phx_json_text(v, &b))
		text(c, phx_buf_view(&b));
	else
		phx_buf_c(c->out, "(something else)");
	phx_buf_done(&b);
}

static const json_t *by(const json_t *list, const char *key, const json_t *like)
{
	const json_t *want = phx_json_get(like, key);
	size_t i;
	json_t *x;

	json_array_foreach(list, i, x) if (want && json_equal(phx_json_get(x, key), want)) return x;
	return NULL;
}

static void moved_sources(struct compare *c, const json_t *was, const json_t *is)
{
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x)
	{
		const json_t *now = by(is, "path", x);

		if (now && json_equal(phx_json_get(now, "sha256"), phx_json_get(x, "sha256")))
			continue;
		if (!line(c))
			return;
		text(c, phx_json_str(x, "path"));
		phx_buf_c(c->out, now ? " was changed since" : " is no longer read");
	}
	json_array_foreach(is, i, x) if (!by(was, "path", x) && line(c))
	{
		text(c, phx_json_str(x, "path"));
		phx_buf_c(c->out, " is new");
	}
}

static void who(struct compare *c, const json_t *change)
{
	text(c, phx_json_str(change, "address"));
	if (phx_json_int(change, "id", 0))
		phx_buf_printf(c->out, " (%lld)", (long long)phx_json_int(change, "id", 0));
}

static uint32_t moved_attributes(struct compare *c, const json_t *was, const json_t *is)
{
	const json_t *old = phx_json_get(was, "attributes"), *new = phx_json_get(is, "attributes");
	uint32_t n = 0;
	size_t i;
	json_t *x;

	json_array_foreach(old, i, x)
	{
		const json_t *now = by(new, "path", x);

		if (now && json_equal(phx_json_get(now, "before"), phx_json_get(x, "before")) &&
		    json_equal(phx_json_get(now, "after"), phx_json_get(x, "after")))
			continue;
		n++;
		if (!line(c))
			continue;
		who(c, was);
		phx_buf_c(c->out, ": ");
		text(c, phx_json_str(x, "path"));
		phx_buf_c(c->out, " was ");
		scalar(c, phx_json_get(x, "before"));
		phx_buf_c(c->out, ", now ");
		/* An attribute that no longer differs has reached what was planned. */
		scalar(c, now ? phx_json_get(now, "before") : phx_json_get(x, "after"));
	}
	json_array_foreach(new, i, x)
	{
		if (by(old, "path", x))
			continue;
		n++;
		if (!line(c))
			continue;
		who(c, is);
		phx_buf_c(c->out, ": ");
		text(c, phx_json_str(x, "path"));
		phx_buf_c(c->out, " was as declared, now ");
		scalar(c, phx_json_get(x, "before"));
	}
	return n;
}

static void moved_changes(struct compare *c, const json_t *was, const json_t *is)
{
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x)
	{
		const json_t *now = by(is, "address", x);

		if (now && json_equal(phx_json_get(now, "action"), phx_json_get(x, "action"))) {
			moved_attributes(c, x, now);
			continue;
		}
		if (!line(c))
			continue;
		who(c, x);
		phx_buf_c(c->out, ": the plan was to ");
		text(c, phx_json_str(x, "action"));
		phx_buf_c(c->out, " it, now ");
		phx_buf_c(c->out, now ? "to " : "nothing is to be done");
		text(c, phx_json_str(now, "action"));
	}
	json_array_foreach(is, i, x) if (!by(was, "address", x) && line(c))
	{
		who(c, x);
		phx_buf_c(c->out, ": the plan was to leave it, now to ");
		text(c, phx_json_str(x, "action"));
	}
}

static void moved_observed(struct compare *c, const json_t *was, const json_t *is)
{
	static const char *const keys[] = {"node", "status", "digest", "firewall_digest",
					   "firewall_rules_digest"};
	size_t i;
	json_t *x;

	json_array_foreach(was, i, x)
	{
		const json_t *now = by(is, "id", x);

		for (size_t k = 0; now && k < PHX_COUNTOF(keys); k++) {
			if (json_equal(phx_json_get(now, keys[k]), phx_json_get(x, keys[k])))
				continue;
			if (!line(c))
				return;
			phx_buf_printf(c->out, "guest %lld (", (long long)phx_json_int(x, "id", 0));
			text(c, phx_json_str(x, "name"));
			phx_buf_printf(c->out, "): %s was ",
				       k == 2   ? "configuration digest"
				       : k >= 3 ? "firewall digest"
						: keys[k]);
			scalar(c, phx_json_get(x, keys[k]));
			phx_buf_c(c->out, ", now ");
			scalar(c, phx_json_get(now, keys[k]));
		}
	}
}

static bool same(const json_t *was, const json_t *is)
{
	static const char *const keys[] = {"stack",    "cluster", "proxmox", "sources",
					   "observed", "changes", "actions", "order"};

	for (size_t i = 0; i < PHX_COUNTOF(keys); i++)
		if (!json_equal(phx_json_get(was, keys[i]), phx_json_get(is, keys[i])))
			return false;
	return true;
}

static void say_what_moved(const json_t *was, const json_t *is, struct phx_err *err)
{
	static const char *const facts[] = {"stack", "cluster", "proxmox"};
	struct phx_buf moved = {0};
	struct compare c = {.out = &moved};

	for (size_t i = 0; i < PHX_COUNTOF(facts); i++)
		if (!json_equal(phx_json_get(was, facts[i]), phx_json_get(is, facts[i])) && line(&c)) {
			phx_buf_printf(&moved, "%s was ", facts[i]);
			scalar(&c, phx_json_get(was, facts[i]));
			phx_buf_c(&moved, ", now ");
			scalar(&c, phx_json_get(is, facts[i]));
		}
	moved_sources(&c, phx_json_get(was, "sources"), phx_json_get(is, "sources"));
	moved_changes(&c, phx_json_get(was, "changes"), phx_json_get(is, "changes"));
	moved_observed(&c, phx_json_get(was, "observed"), phx_json_get(is, "observed"));
	if (!c.lines && line(&c))
		phx_buf_c(&moved, "the calls would be others than planned");
	if (c.lines > MOST_LINES)
		phx_buf_printf(&moved, "\n  and %u more", c.lines - MOST_LINES);
	phx_err_set(err, PHX_ERR_STALE, "the saved plan is stale:" PHX_STR_FMT,
		    PHX_STR_ARG(phx_buf_view(&moved)));
	phx_err_hint(err, "plan again, and review what it says now");
	phx_buf_done(&moved);
}

bool phx_plan_file_same(const struct phx_plan_file *f, const struct phx_plan *now, struct phx_err *err)
{
	struct phx_buf text_now = {0};
	json_t *doc = NULL;
	bool ok = false;

	phx_plan_json(now, true, &text_now);
	doc = phx_json_parse(phx_buf_view(&text_now), "the plan made now", err);
	if (!doc)
		goto out;
	ok = same(f->doc, doc);
	if (!ok)
		say_what_moved(f->doc, doc, err);
out:
	json_decref(doc);
	phx_buf_done(&text_now);
	return ok;
}
