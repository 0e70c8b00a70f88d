#include "backend/sim/wrapped.h"

#include <stdlib.h>
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/guest.h"
#include "base/secret.h"

#define IN_DIR "/var/lib/phx/in/"

struct bundle {
	struct phx_str id;
	bool once, stream, whole, split;
	struct phx_str rest; /* after the line of phx_begin */
};

/* The next line that begins with a word; *rest goes behind it. */
static bool line_of(struct phx_str *rest, const char *word, struct phx_str *out)
{
	struct phx_str line;

	while (rest->len > 0 && phx_str_cut(rest, '\n', &line))
		if (phx_str_starts(line, word)) {
			*out = phx_str_from(line, strlen(word));
			return true;
		}
	return false;
}

static bool parse(struct phx_str input, struct bundle *b)
{
	struct phx_str line, log, once, timeout, mode;

	b->rest = input;
	if (!line_of(&b->rest, "phx_begin ", &line) || !phx_str_cut(&line, ' ', &b->id) ||
	    !phx_str_cut(&line, ' ', &log) || !phx_str_cut(&line, ' ', &once) ||
	    !phx_str_cut(&line, ' ', &timeout) || !phx_str_cut(&line, ' ', &mode))
		return false;
	b->once = phx_str_eqc(once, "1");
	b->stream = phx_str_eqc(mode, "stream");
	b->whole = phx_str_eqc(mode, "whole");
	b->split = phx_str_eqc(line, "1");
	return true;
}

/* ---- what it brings ---- */

bool phx_sim_guest_file_get(json_t *g, const char *path, struct phx_buf *out)
{
	json_t *file = json_object_get(phx_sim_guest_files(g), path);

	if (file == NULL)
		return false;
	if (phx_sim_s(file, "text") != NULL) {
		phx_buf_c(out, phx_sim_s(file, "text"));
		return true;
	}
	return phx_buf_unbase64(out, phx_str_c(phx_sim_so(file, "base64", "")));
}

void phx_sim_guest_file_put(struct phx_sim *s, json_t *g, const char *path, struct phx_str bytes,
			    const char *mode, const char *owner)
{
	struct phx_buf coded = {0};
	json_t *doc;

	phx_buf_base64(&coded, bytes);
	doc = json_pack("{s:s%, s:I, s:s?, s:s?}", "base64", coded.ptr != NULL ? coded.ptr : "", coded.len,
			"bytes", (json_int_t)bytes.len, "mode", mode, "owner", owner);
	json_object_set_new(phx_sim_guest_files(g), path, doc);
	phx_sim_guest_dirty(s, g);
	phx_buf_done(&coded);
}

/* An entry by its name in step.sh ("env", "script", "w/data"), out of the bundle or its pieces. */
static bool entry(json_t *g, const struct bundle *b, const char *name, struct phx_buf *out)
{
	struct phx_arena a = {0};
	struct phx_str rest = b->rest, line, index;
	const char *here = phx_sim_fmt(&a, "phx_file '%s' ", name),
		   *ahead = phx_sim_fmt(&a, "phx_pieces '%s' ", name);
	uint64_t n = 0;
	bool found = false;

	if (line_of(&rest, here, &line)) {
		struct phx_buf coded = {0};

		while (phx_str_cut(&rest, '\n', &line) && !phx_str_eqc(line, "phx"))
			phx_buf_str(&coded, line);
		found = phx_buf_unbase64(out, phx_buf_view(&coded));
		phx_buf_done(&coded);
	} else if (g != NULL && (rest = b->rest, line_of(&rest, ahead, &line)) &&
		   phx_str_cut(&line, ' ', &index) && phx_str_cut(&line, ' ', &index) &&
		   phx_parse_u64(line, &n)) {
		found = true;
		for (uint64_t i = 0; i < n && found; i++)
			found = phx_sim_guest_file_get(
				g,
				phx_sim_fmt(&a, IN_DIR PHX_STR_FMT "/" PHX_STR_FMT ".%llu",
					    PHX_STR_ARG(b->id), PHX_STR_ARG(index), (unsigned long long)i),
				out);
	}
	phx_arena_done(&a);
	return found;
}

/* A variable of the environment; NULL: not set. */
static const char *variable(const struct bundle *b, const char *name, struct phx_arena *a)
{
	struct phx_buf env = {0}, value = {0};
	const char *out = NULL, *at;

	if (entry(NULL, b, "env", &env)) {
		at = strstr(env.ptr, phx_sim_fmt(a, "export %s='", name));
		for (at = at != NULL ? strchr(at, '\'') + 1 : NULL; at != NULL && *at != 0; at++) {
			if (strncmp(at, "'\\''", 4) == 0)
				at += 3;
			else if (*at == '\'')
				break;
			phx_buf_ch(&value, *at);
		}
		if (at != NULL)
			out = phx_sim_fmt(a, "%s", value.ptr != NULL ? value.ptr : "");
	}
	phx_buf_done(&env);
	phx_buf_done(&value);
	return out;
}

/* ---- its answer ---- */

/* A script keeps no files that the rest of it could be read from: who wants the whole gets it here. */
static void tail(struct phx_buf *out, const char *label, bool whole, struct phx_str bytes)
{
	enum { KEPT = 65536 };

	phx_buf_printf(out, "%s\n%zu\n", label, bytes.len);
	if (bytes.len > KEPT && !whole)
		bytes = phx_str_from(bytes, bytes.len - KEPT);
	phx_buf_base64(out, bytes);
	phx_buf_ch(out, '\n');
}

static json_t *in_form(const struct bundle *b, const char *kind, int64_t exit, struct phx_str out,
		       struct phx_str err)
{
	struct phx_buf o = {0}, e = {0};
	json_t *doc;

	if (b->stream) {
		phx_buf_str(&o, out);
		if (b->split && err.len > 0)
			phx_buf_printf(&e, PHX_STR_FMT "\n", PHX_STR_ARG(err));
	} else {
		tail(&o, "phx-out", b->whole, out);
		if (b->split)
			tail(&o, "phx-err", b->whole, err);
	}
	phx_buf_printf(&e, "phx-end " PHX_STR_FMT " %s %lld\n", PHX_STR_ARG(b->id), kind, (long long)exit);
	doc = json_pack("{s:I, s:s%, s:s%}", "exit", (json_int_t)exit, "out", o.ptr != NULL ? o.ptr : "",
			o.len, "err", e.ptr, e.len);
	phx_buf_done(&o);
	phx_buf_done(&e);
	return doc;
}

void phx_sim_wrapped_line(struct phx_str input, struct phx_buf *line)
{
	struct bundle b;

	if (!parse(input, &b))
		return;
	phx_buf_clear(line);
	phx_buf_printf(line, "phx " PHX_STR_FMT "\n", PHX_STR_ARG(b.id));
	(void)entry(NULL, &b, "script", line);
}

json_t *phx_sim_wrapped_script(struct phx_str input, const json_t *script)
{
	struct phx_buf out = {0};
	struct bundle b;
	json_t *doc, *made;
	const char *key;
	json_t *v;
	int64_t size = phx_json_int(script, "out_size", 0), signal = phx_json_int(script, "signal", 0);

	if (!parse(input, &b))
		return json_deep_copy(script);
	phx_buf_str(&out, phx_json_str(script, "out"));
	if (size > 0)
		phx_buf_fill(&out, 'x', (size_t)size);
	if (!b.split)
		phx_buf_str(&out, phx_json_str(script, "err"));
	made = in_form(&b, "exit", signal > 0 ? 128 + signal : phx_json_int(script, "exit", 0),
		       phx_buf_view(&out), phx_json_str(script, "err"));
	doc = json_deep_copy(script);
	json_object_del(doc, "out_size");
	json_object_del(doc, "signal");
	json_object_foreach(made, key, v)
	{
		json_object_set(doc, key, v);
	}
	json_decref(made);
	phx_buf_done(&out);
	return doc;
}

/* ---- push, pull, and all others ---- */

static json_t *push(struct phx_sim *s, json_t *g, const struct bundle *b)
{
	struct phx_arena a = {0};
	struct phx_buf bytes = {0};
	const char *to = variable(b, "PHX_TO", &a);
	json_t *out;

	if (to != NULL && entry(g, b, "w/data", &bytes)) {
		phx_sim_guest_file_put(s, g, to, phx_buf_view(&bytes), variable(b, "PHX_MODE", &a),
				       variable(b, "PHX_OWNER", &a));
		out = in_form(b, "exit", 0, (struct phx_str){0}, (struct phx_str){0});
	} else {
		out = in_form(b, "fail", 125, (struct phx_str){0}, PHX_STR("phx: a piece is missing"));
	}
	phx_buf_done(&bytes);
	phx_arena_done(&a);
	return out;
}

static json_t *pull(struct phx_sim *s, json_t *g, const struct bundle *b)
{
	struct phx_arena a = {0};
	struct phx_buf bytes = {0}, said = {0}, coded = {0};
	const char *from = variable(b, "PHX_FROM", &a), *dir = variable(b, "PHX_OUT", &a);
	size_t piece = (size_t)phx_sim_number(phx_str_c(variable(b, "PHX_PIECE", &a)), 0);
	uint64_t n = 0;
	json_t *out;

	if (from == NULL || !phx_sim_guest_file_get(g, from, &bytes)) {
		phx_buf_printf(&said, "%s: No such file or directory\n", from != NULL ? from : "?");
		out = in_form(b, "exit", 1, (struct phx_str){0}, phx_buf_view(&said));
	} else {
		for (size_t at = 0; piece > 0 && at < bytes.len; at += piece, n++) {
			phx_buf_clear(&coded);
			phx_buf_base64(&coded, phx_str_slice(phx_buf_view(&bytes), at, piece));
			phx_sim_guest_file_put(
				s, g,
				phx_sim_fmt(&a, "%s/%llu", dir != NULL ? dir : "", (unsigned long long)n),
				phx_buf_view(&coded), NULL, NULL);
		}
		phx_buf_printf(&said, "%zu %s " PHX_STR_FMT " %llu\n", bytes.len,
			       phx_sim_so(json_object_get(phx_sim_guest_files(g), from), "mode", "644"),
			       PHX_STR_ARG(phx_sha256_hex(&a, phx_buf_view(&bytes))), (unsigned long long)n);
		out = in_form(b, "exit", 0, phx_buf_view(&said), (struct phx_str){0});
	}
	phx_buf_done(&bytes);
	phx_buf_done(&said);
	phx_buf_done(&coded);
	phx_arena_done(&a);
	return out;
}

static json_t *known_runs(json_t *g)
{
	json_t *runs = json_object_get(g, "phx_runs");

	if (runs == NULL) {
		runs = json_object();
		json_object_set_new(g, "phx_runs", runs);
	}
	return runs;
}

json_t *phx_sim_wrapped(struct phx_sim *s, json_t *g, struct phx_str input)
{
	struct phx_str rest = input, line;
	struct bundle b = {0};
	char *id;
	bool known;

	if (!parse(input, &b)) {
		/* Nothing goes on here that could be joined or ended. */
		if (!line_of(&rest, "phx_join ", &line) &&
		    (rest = input, !line_of(&rest, "phx_kill ", &line)))
			return NULL;
		(void)phx_str_cut(&line, ' ', &b.id);
		return in_form(&b, "none", 125, (struct phx_str){0}, (struct phx_str){0});
	}
	if (phx_str_starts(b.id, "push-"))
		return push(s, g, &b);
	if (phx_str_starts(b.id, "pull-"))
		return pull(s, g, &b);
	id = strndup(b.id.ptr, b.id.len);
	known = b.once && json_object_get(known_runs(g), id) != NULL;
	if (b.once && !known) {
		json_object_set_new(known_runs(g), id, json_integer(0));
		phx_sim_guest_dirty(s, g);
	}
	free(id);
	return in_form(&b, known ? "known" : "exit", 0, (struct phx_str){0}, (struct phx_str){0});
}

/* The file of `cat FILE`, or of `exec cat -- 'FILE'` on the input of a shell; NULL: it is neither. */
static const char *file_of(struct phx_arena *a, const char *first, const char *last, struct phx_str input)
{
	static const char script[] = "exec cat -- '";

	if (strcmp(first, "cat") == 0 && last[0] == '/')
		return last;
	if (strcmp(first, "/bin/sh") != 0 || !phx_str_starts(input, script) || !phx_str_ends(input, "'\n"))
		return NULL;
	return phx_sim_fmt(a, "%.*s", (int)(input.len - sizeof(script) - 1), input.ptr + sizeof(script) - 1);
}

static json_t *content(json_t *g, const char *path)
{
	struct phx_buf bytes = {0}, coded = {0};
	json_t *out;

	if (!phx_sim_guest_file_get(g, path, &bytes)) {
		phx_buf_done(&bytes);
		return NULL;
	}
	phx_buf_base64(&coded, phx_buf_view(&bytes));
	out = json_pack("{s:i, s:o, s:s%}", "exit", 0, "out", phx_sim_agent_text(phx_buf_view(&bytes)),
			"out_base64", coded.ptr != NULL ? coded.ptr : "", coded.len);
	phx_buf_done(&bytes);
	phx_buf_done(&coded);
	return out;
}

json_t *phx_sim_wrapped_piece(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input)
{
	const char *first = json_string_value(json_array_get(argv, 0)),
		   *last = json_string_value(json_array_get(argv, json_array_size(argv) - 1)), *to, *path;
	struct phx_buf bytes = {0};
	struct phx_arena a = {0};
	json_t *out = NULL;

	if (first == NULL || last == NULL)
		return NULL;
	to = strstr(last, ">" IN_DIR);
	path = file_of(&a, first, last, input);
	if (path != NULL) {
		out = content(g, path);
	} else if (to != NULL && strcmp(first, "/bin/sh") == 0) {
		if (strstr(last, "base64 -d >") == NULL)
			phx_buf_str(&bytes, input);
		else if (!phx_buf_unbase64(&bytes, input))
			phx_buf_clear(&bytes);
		phx_sim_guest_file_put(s, g, phx_sim_fmt(&a, "%.*s", (int)strcspn(to + 1, " "), to + 1),
				       phx_buf_view(&bytes), NULL, NULL);
		out = json_pack("{s:i}", "exit", 0);
	}
	phx_buf_done(&bytes);
	phx_arena_done(&a);
	return out;
}
