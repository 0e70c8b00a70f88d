#include "model_text.h"

#include <ctype.h>
#include <stdio.h>

struct reader {
	struct world *w;
	struct phx_str text;
	size_t at;
	uint32_t file;
};

static void stuck(const struct reader *r, const char *why)
{
	fail_msg("test text: %s at `%.40s`", why, r->text.ptr + r->at);
}

static void blanks(struct reader *r, bool lines)
{
	for (; r->at < r->text.len; r->at++) {
		char c = r->text.ptr[r->at];

		if (c == '#') {
			while (r->at + 1 < r->text.len && r->text.ptr[r->at + 1] != '\n')
				r->at++;
		} else if (c != ' ' && c != '\t' && c != '\r' && !(lines && (c == '\n' || c == ';'))) {
			return;
		}
	}
}

static char peek(struct reader *r)
{
	blanks(r, false);
	return r->at < r->text.len ? r->text.ptr[r->at] : 0;
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

static struct phx_span span_from(const struct reader *r, size_t start)
{
	size_t end = r->at;

	while (end > start && isspace((unsigned char)r->text.ptr[end - 1]))
		end--;
	return (struct phx_span){r->file, (uint32_t)start, (uint32_t)end};
}

/* A word: everything up to a blank or a bracket; a string in quotes, with \n and \". */
static struct phx_str word(struct reader *r)
{
	size_t start;

	blanks(r, false);
	start = r->at;
	while (r->at < r->text.len && !isspace((unsigned char)r->text.ptr[r->at]) &&
	       !strchr("{}[]()=,;\"", r->text.ptr[r->at]))
		r->at++;
	return phx_str_slice(r->text, start, r->at - start);
}

static struct phx_str quoted(struct reader *r)
{
	struct phx_buf b = {0};
	struct phx_str s;

	for (r->at++; r->at < r->text.len && r->text.ptr[r->at] != '"'; r->at++) {
		char c = r->text.ptr[r->at];

		if (c == '\\' && r->at + 1 < r->text.len) {
			c = r->text.ptr[++r->at];
			c = c == 'n' ? '\n' : c;
		}
		phx_buf_ch(&b, c);
	}
	r->at++;
	s = phx_str_dup(&r->w->arena, phx_buf_view(&b));
	phx_buf_done(&b);
	return s;
}

static struct phx_value value(struct reader *r);

static struct phx_object args(struct reader *r, char end)
{
	PHX_VEC(struct phx_member) v = {0};

	for (blanks(r, true); !take(r, end); blanks(r, true)) {
		struct phx_member m = {0};

		m.key = peek(r) == '"' ? quoted(r) : word(r);
		if (!take(r, '='))
			stuck(r, "= expected");
		m.value = PHX_NEW(&r->w->arena, struct phx_value);
		*m.value = value(r);
		phx_vec_push(&r->w->arena, &v, m);
		take(r, ',');
	}
	return (struct phx_object){v.v, v.n};
}

static bool reference(struct reader *r, struct phx_str w, struct phx_value *out)
{
	struct phx_str rest = w, kind;
	struct phx_ref *ref;
	enum phx_kind k;

	if (!phx_str_cut(&rest, '.', &kind) || !rest.ptr)
		return false;
	k = phx_kind_find(kind);
	if (k == PHX_KIND_NONE)
		return false;
	ref = PHX_NEW(&r->w->arena, struct phx_ref);
	ref->kind = (uint8_t)k;
	ref->name = phx_str_dup(&r->w->arena, rest);
	out->kind = PHX_V_REF;
	out->ref = ref;
	if (take(r, '(')) {
		out->kind = PHX_V_CALL;
		ref->args = args(r, ')');
	}
	return true;
}

static bool literal(struct reader *r, struct phx_str w, struct phx_value *v)
{
	struct phx_ip ip;

	if (phx_str_eqc(w, "true") || phx_str_eqc(w, "false")) {
		*v = phx_value_bool(phx_str_eqc(w, "true"), v->span);
	} else if (phx_str_eqc(w, "null")) {
		v->kind = PHX_V_NULL;
	} else if (phx_str_eqc(w, "poison")) {
		*v = phx_value_poison(v->span);
	} else if (phx_parse_i64(w, &v->i)) {
		v->kind = PHX_V_INT;
		if (w.len > 1 && w.ptr[0] == '0') {
			v->flags = PHX_VF_OCTAL;
			for (v->i = 0; w.len > 0; w = phx_str_from(w, 1))
				v->i = v->i * 8 + (w.ptr[0] - '0');
		}
	} else if (phx_size_parse(w, &v->bytes)) {
		v->kind = PHX_V_SIZE;
	} else if (phx_duration_parse(w, &v->i)) {
		v->kind = PHX_V_DURATION;
	} else if (phx_mac_parse(w, v->mac)) {
		v->kind = PHX_V_MAC;
	} else if (phx_cidr_parse(w, &ip) || phx_ip_parse(w, &ip)) {
		v->kind = phx_str_chr(w, '/') >= 0 ? PHX_V_CIDR : PHX_V_IP;
		v->ip = PHX_NEW(&r->w->arena, struct phx_ip);
		*v->ip = ip;
	} else if (phx_parse_double(w, &v->f)) {
		v->kind = PHX_V_FLOAT;
	} else {
		return false;
	}
	return true;
}

static struct phx_value list(struct reader *r)
{
	PHX_VEC(struct phx_value) v = {0};
	struct phx_value out = {.kind = PHX_V_LIST};

	for (blanks(r, true); !take(r, ']'); blanks(r, true)) {
		struct phx_value one = value(r);

		phx_vec_push(&r->w->arena, &v, one);
		take(r, ',');
	}
	out.list = (struct phx_list){v.v, v.n};
	return out;
}

static struct phx_value unknown(struct reader *r)
{
	struct phx_str type = word(r);

	for (int k = 0; k < PHX_V_KIND_COUNT; k++) {
		if (phx_str_eqc(type, phx_value_kind_name((enum phx_value_kind)k)))
			return phx_value_unknown((enum phx_value_kind)k, (struct phx_span){0});
	}
	stuck(r, "unknown type");
	return (struct phx_value){0};
}

static struct phx_value value(struct reader *r)
{
	struct phx_value v = {0};
	struct phx_str w;
	size_t start;

	peek(r);
	start = r->at;
	if (take(r, '[')) {
		v = list(r);
	} else if (take(r, '{')) {
		v.kind = PHX_V_MAP;
		v.map = PHX_NEW(&r->w->arena, struct phx_object);
		*v.map = args(r, '}');
	} else if (peek(r) == '"') {
		v = phx_value_str(quoted(r), v.span);
	} else {
		w = word(r);
		v.span = span_from(r, start);
		if (phx_str_eqc(w, "secret")) {
			peek(r);
			v = phx_value_str(quoted(r), v.span);
			v.flags = PHX_VF_SECRET;
		} else if (phx_str_eqc(w, "unknown")) {
			v = unknown(r);
		} else if (phx_str_starts(w, "@")) {
			v.kind = PHX_V_REF;
			v.ref = PHX_NEW(&r->w->arena, struct phx_ref);
			if (!phx_parse_u64(phx_str_from(w, 1), &v.ref->id))
				stuck(r, "id expected");
		} else if (!literal(r, w, &v) && !reference(r, w, &v)) {
			v = phx_value_str(w, v.span);
			v.flags = PHX_VF_WORD;
		}
	}
	v.span = span_from(r, start);
	return v;
}

static void body(struct reader *r, struct phx_block *b)
{
	for (blanks(r, true); !take(r, '}'); blanks(r, true)) {
		size_t start = r->at;
		struct phx_str name = peek(r) == '"' ? quoted(r) : word(r), label = PHX_STR(""),
			       label2 = PHX_STR("");
		struct phx_span at = span_from(r, start);
		struct phx_block *child;

		if (name.len == 0)
			stuck(r, "name expected");
		if (take(r, '=')) {
			phx_block_set(&r->w->arena, b, name, value(r), at);
			continue;
		}
		if (peek(r) != '{')
			label = peek(r) == '"' ? quoted(r) : word(r);
		if (peek(r) != '{')
			label2 = word(r);
		child = phx_block_add(&r->w->arena, b, phx_str_dup(&r->w->arena, name).ptr, label,
				      span_from(r, start));
		child->label2 = label2;
		if (!take(r, '{'))
			stuck(r, "{ expected");
		body(r, child);
	}
}

static void declaration(struct reader *r)
{
	struct phx_config *c = &r->w->config;
	size_t start = r->at;
	struct phx_str kind = word(r), name;
	struct phx_decl *d;
	bool defaults = phx_str_eqc(kind, "defaults"), poisoned = phx_str_eqc(kind, "poisoned");

	if (poisoned)
		kind = word(r);
	peek(r);
	name = peek(r) == '"' ? quoted(r) : word(r);
	if (phx_str_eqc(kind, "stack")) {
		c->stack = name;
		c->stack_span = span_from(r, start);
		return;
	}
	if (phx_str_eqc(kind, "ids")) {
		c->has_ids = phx_parse_u64(name, &c->ids_first) && phx_parse_u64(word(r), &c->ids_last);
		return;
	}
	d = phx_decl_new(&r->w->arena, phx_kind_find(defaults ? name : kind), name, span_from(r, start));
	d->from_json = r->w->json;
	d->dir = r->w->dir;
	d->poisoned = poisoned;
	if (!take(r, '{'))
		stuck(r, "{ expected");
	body(r, &d->body);
	if (defaults)
		phx_vec_push(&r->w->arena, &c->defaults, d);
	else
		phx_vec_push(&r->w->arena, &c->decls, d);
}

void world_read(struct world *w, const char *text)
{
	struct reader r = {.w = w, .text = phx_str_c(text)};

	if (!w->sources.arena) {
		phx_sources_init(&w->sources, &w->arena);
		phx_diag_bag_init(&w->bag, &w->arena, &w->sources);
		w->secrets.arena = &w->arena;
		if (!w->options)
			w->options = phx_options_new(&w->arena, PHX_STR("8.4"));
		w->config.stack = PHX_STR("lab");
	}
	r.file = phx_source_add(&w->sources, PHX_STR("test.phx"), r.text);
	for (blanks(&r, true); r.at < r.text.len; blanks(&r, true))
		declaration(&r);
}

void world_graph(struct world *w)
{
	w->graph = phx_graph_build(&w->config, w->options, &w->arena, &w->bag, &w->secrets);
}

void world_build(struct world *w, const char *text)
{
	world_read(w, text);
	world_graph(w);
}

void world_close(struct world *w)
{
	phx_arena_done(&w->arena);
}

/* --- permutations --- */

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static bool ordered(const struct phx_block *b)
{
	return b->blocks.n > 0 && strcmp(b->blocks.v[0]->spec->name, "rule") == 0;
}

static void shuffle_block(struct phx_block *b, uint32_t *state)
{
	for (uint32_t i = b->attrs.n; i > 1; i--) {
		uint32_t k = next(state) % i;
		struct phx_attr a = b->attrs.v[i - 1];

		b->attrs.v[i - 1] = b->attrs.v[k];
		b->attrs.v[k] = a;
	}
	for (uint32_t i = ordered(b) ? 0 : b->blocks.n; i > 1; i--) {
		uint32_t k = next(state) % i;
		struct phx_block *blk = b->blocks.v[i - 1];

		b->blocks.v[i - 1] = b->blocks.v[k];
		b->blocks.v[k] = blk;
	}
	for (uint32_t i = 0; i < b->blocks.n; i++)
		shuffle_block(b->blocks.v[i], state);
}

void world_shuffle(struct world *w, uint32_t seed)
{
	struct phx_config *c = &w->config;

	for (uint32_t i = c->decls.n; i > 1; i--) {
		uint32_t k = next(&seed) % i;
		struct phx_decl *d = c->decls.v[i - 1];

		c->decls.v[i - 1] = c->decls.v[k];
		c->decls.v[k] = d;
	}
	for (uint32_t i = 0; i < c->decls.n; i++)
		shuffle_block(&c->decls.v[i]->body, &seed);
	for (uint32_t i = 0; i < c->defaults.n; i++)
		shuffle_block(&c->defaults.v[i]->body, &seed);
}

/* --- looking --- */

static void show(struct world *w)
{
	struct phx_buf text = {0};

	phx_diag_render(&w->bag, PHX_DIAG_HUMAN, false, &text);
	print_error("%.*s\n", (int)text.len, text.ptr ? text.ptr : "(no diagnostics)");
	phx_buf_done(&text);
}

const struct phx_guest *guest(struct world *w, const char *address)
{
	struct phx_resource *r;

	if (!w->graph)
		show(w);
	assert_non_null(w->graph);
	r = phx_map_get(&w->graph->by_address, phx_str_c(address));
	assert_non_null(r);
	return (const struct phx_guest *)r;
}

const char *setting(struct world *w, const char *address, const char *key)
{
	const struct phx_guest *g = guest(w, address);

	for (uint32_t i = 0; i < g->settings.n; i++) {
		if (phx_str_eqc(g->settings.v[i].key, key))
			return g->settings.v[i].unset ? "(unset)"
						      : phx_str_dup(&w->arena, g->settings.v[i].value).ptr;
	}
	return NULL;
}

const struct phx_volume *volume(struct world *w, const char *address, const char *slot)
{
	const struct phx_guest *g = guest(w, address);

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		if (phx_str_eqc(g->volumes.v[i].slot, slot))
			return &g->volumes.v[i];
	}
	return NULL;
}

const struct phx_nic *nic(struct world *w, const char *address, uint32_t index)
{
	const struct phx_guest *g = guest(w, address);

	for (uint32_t i = 0; i < g->nics.n; i++) {
		if (g->nics.v[i].index == index)
			return &g->nics.v[i];
	}
	return NULL;
}

const struct phx_diag *diag(struct world *w, const char *code)
{
	for (uint32_t i = 0; i < w->bag.diags.n; i++) {
		if (strcmp(phx_code_info(w->bag.diags.v[i]->code)->name, code) == 0)
			return w->bag.diags.v[i];
	}
	return NULL;
}

struct phx_str under(struct world *w, struct phx_span at)
{
	return phx_source_text(&w->sources, at);
}

bool is_only(struct world *w, const char *code, const char *at)
{
	const struct phx_diag *d = diag(w, code);

	if (!d || w->bag.diags.n != 1 || !phx_str_eqc(under(w, d->span), at) ||
	    (d->severity == PHX_SEV_ERROR) != !w->graph) {
		print_error("wanted one %s under `%s`, got:\n", code, at);
		show(w);
		return false;
	}
	return true;
}

bool is_clean(struct world *w)
{
	if (w->bag.diags.n == 0 && w->graph)
		return true;
	print_error("wanted no diagnostic, got:\n");
	show(w);
	return false;
}
