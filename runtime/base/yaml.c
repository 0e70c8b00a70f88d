#include "base/yaml.h"

#include <string.h>
#include <yaml.h>

enum { MAX_DEPTH = 64, MAX_NODES = 100000 };

/* --- making --- */

static struct phx_yaml *node(struct phx_arena *a, enum phx_yaml_kind kind)
{
	struct phx_yaml *y = PHX_NEW(a, struct phx_yaml);

	y->kind = (uint8_t)kind;
	return y;
}

struct phx_yaml *phx_yaml_map(struct phx_arena *a)
{
	return node(a, PHX_YAML_MAP);
}

struct phx_yaml *phx_yaml_list(struct phx_arena *a)
{
	return node(a, PHX_YAML_LIST);
}

struct phx_yaml *phx_yaml_text(struct phx_arena *a, struct phx_str s)
{
	struct phx_yaml *y = node(a, PHX_YAML_SCALAR);

	y->text = phx_str_dup(a, s);
	y->quoted = true;
	return y;
}

struct phx_yaml *phx_yaml_bool(struct phx_arena *a, bool b)
{
	struct phx_yaml *y = node(a, PHX_YAML_SCALAR);

	y->text = b ? PHX_STR("true") : PHX_STR("false");
	return y;
}

static struct phx_yaml **find(const struct phx_yaml *map, struct phx_str key)
{
	for (uint32_t i = 0; map && map->kind == PHX_YAML_MAP && i < map->items.n; i++)
		if (map->items.v[i]->key->kind == PHX_YAML_SCALAR &&
		    phx_str_eq(map->items.v[i]->key->text, key))
			return &map->items.v[i];
	return NULL;
}

struct phx_yaml *phx_yaml_get(const struct phx_yaml *map, const char *key)
{
	struct phx_yaml **at = find(map, phx_str_c(key));

	return at ? *at : NULL;
}

/* A copy, since a node may stand in several trees and has one key in each. */
static struct phx_yaml *keyed(struct phx_arena *a, const struct phx_yaml *value, struct phx_yaml *key)
{
	struct phx_yaml *y = PHX_NEW(a, struct phx_yaml);

	*y = *value;
	y->key = key;
	return y;
}

static void put(struct phx_arena *a, struct phx_yaml *map, struct phx_yaml *key, const struct phx_yaml *value)
{
	struct phx_yaml **at = find(map, key->text), *y = keyed(a, value, key);

	if (at && key->kind == PHX_YAML_SCALAR)
		*at = y;
	else
		phx_vec_push(a, &map->items, y);
}

void phx_yaml_set(struct phx_arena *a, struct phx_yaml *map, const char *key, struct phx_yaml *value)
{
	struct phx_yaml *k = phx_yaml_text(a, phx_str_c(key));

	k->quoted = false;
	put(a, map, k, value);
}

void phx_yaml_push(struct phx_arena *a, struct phx_yaml *list, struct phx_yaml *item)
{
	phx_vec_push(a, &list->items, item);
}

struct phx_yaml *phx_yaml_merge(struct phx_arena *a, struct phx_yaml *base, struct phx_yaml *over)
{
	struct phx_yaml *out;

	if (!base || !over)
		return over ? over : base;
	if (base->kind != over->kind || base->kind == PHX_YAML_SCALAR)
		return over;
	out = node(a, (enum phx_yaml_kind)base->kind);
	for (uint32_t i = 0; i < base->items.n; i++)
		phx_vec_push(a, &out->items, base->items.v[i]);
	for (uint32_t i = 0; i < over->items.n; i++) {
		struct phx_yaml *x = over->items.v[i], **have;

		if (out->kind == PHX_YAML_LIST) {
			phx_vec_push(a, &out->items, x);
			continue;
		}
		have = x->key->kind == PHX_YAML_SCALAR ? find(out, x->key->text) : NULL;
		put(a, out, x->key, have ? phx_yaml_merge(a, *have, x) : x);
	}
	return out;
}

/* --- reading --- */

struct reading {
	yaml_document_t doc;
	struct phx_arena *a;
	struct phx_err *err;
	uint32_t nodes;
};

static bool refuse(struct reading *r, size_t line, const char *what)
{
	if (r->err->kind == PHX_ERR_NONE)
		phx_err_set(r->err, PHX_ERR_DATA, "line %zu: %s", line + 1, what);
	return false;
}

static struct phx_yaml *convert(struct reading *r, int index, uint32_t depth);

static void explicit_tag(struct reading *r, const yaml_node_t *n, struct phx_yaml *y)
{
	static const char *const plain[] = {YAML_STR_TAG, YAML_SEQ_TAG, YAML_MAP_TAG};

	for (size_t i = 0; n->tag && i < PHX_COUNTOF(plain); i++)
		if (strcmp((const char *)n->tag, plain[i]) == 0)
			return;
	if (n->tag)
		y->tag = phx_str_dup(r->a, phx_str_c((const char *)n->tag));
}

static bool convert_list(struct reading *r, const yaml_node_t *n, struct phx_yaml *y, uint32_t depth)
{
	for (const yaml_node_item_t *i = n->data.sequence.items.start; i < n->data.sequence.items.top; i++) {
		struct phx_yaml *item = convert(r, *i, depth + 1);

		if (!item)
			return false;
		phx_vec_push(r->a, &y->items, item);
	}
	return true;
}

static bool convert_map(struct reading *r, const yaml_node_t *n, struct phx_yaml *y, uint32_t depth)
{
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top; p++) {
		struct phx_yaml *key = convert(r, p->key, depth + 1), *value;

		if (!key)
			return false;
		if (key->kind == PHX_YAML_SCALAR && find(y, key->text))
			return refuse(r, key->line - 1, "a key stands twice in one map");
		value = convert(r, p->value, depth + 1);
		if (!value)
			return false;
		phx_vec_push(r->a, &y->items, keyed(r->a, value, key));
	}
	return true;
}

static struct phx_yaml *convert(struct reading *r, int index, uint32_t depth)
{
	const yaml_node_t *n = yaml_document_get_node(&r->doc, index);
	struct phx_yaml *y;
	bool ok = true;

	if (!n || depth > MAX_DEPTH || ++r->nodes > MAX_NODES) {
		(void)refuse(r, n ? n->start_mark.line : 0, "it is nested too deeply, or too large");
		return NULL;
	}
	y = node(r->a, n->type == YAML_SEQUENCE_NODE  ? PHX_YAML_LIST
		       : n->type == YAML_MAPPING_NODE ? PHX_YAML_MAP
						      : PHX_YAML_SCALAR);
	y->line = (uint32_t)n->start_mark.line + 1;
	explicit_tag(r, n, y);
	if (n->type == YAML_SEQUENCE_NODE) {
		ok = convert_list(r, n, y, depth);
	} else if (n->type == YAML_MAPPING_NODE) {
		ok = convert_map(r, n, y, depth);
	} else {
		y->text = phx_str_dup(
			r->a, (struct phx_str){(const char *)n->data.scalar.value, n->data.scalar.length});
		y->style = (uint8_t)n->data.scalar.style;
		y->quoted = n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	}
	return ok ? y : NULL;
}

/* Nothing may follow the first document. */
static bool at_end(struct reading *r, yaml_parser_t *parser)
{
	yaml_document_t more;
	bool second;

	if (!yaml_parser_load(parser, &more))
		return refuse(r, parser->problem_mark.line, parser->problem ? parser->problem : "malformed");
	second = yaml_document_get_root_node(&more) != NULL;
	yaml_document_delete(&more);
	return second ? refuse(r, 0, "it holds more than one document") : true;
}

bool phx_yaml_parse(struct phx_str text, struct phx_arena *a, struct phx_yaml **out, struct phx_err *err)
{
	struct reading r = {.a = a, .err = err};
	struct phx_yaml *root = NULL;
	yaml_parser_t parser;
	bool ok = false;

	if (!yaml_parser_initialize(&parser))
		phx_out_of_memory();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(text.ptr ? text.ptr : ""), text.len);
	if (!yaml_parser_load(&parser, &r.doc)) {
		(void)refuse(&r, parser.problem_mark.line, parser.problem ? parser.problem : "malformed");
		yaml_parser_delete(&parser);
		return false;
	}
	ok = true;
	if (yaml_document_get_root_node(&r.doc)) {
		root = convert(&r, 1, 0);
		ok = root != NULL && at_end(&r, &parser);
	}
	yaml_document_delete(&r.doc);
	yaml_parser_delete(&parser);
	if (ok)
		*out = root;
	return ok;
}

/* --- writing --- */

static int append(void *user, unsigned char *bytes, size_t n)
{
	phx_buf_add(user, bytes, n);
	return 1;
}

/* Would a reader take it for a number, a boolean, null, or a date, as YAML 1.1 does? */
static bool looks_typed(struct phx_str s)
{
	static const char *const words[] = {"true", "false", "yes", "no",  "on", "off",
					    "null", "y",     "n",   "nan", "inf"};
	char lower[8];

	if (!s.len || phx_str_eqc(s, "~") || phx_str_eqc(s, "=") || phx_str_eqc(s, "<<"))
		return true;
	if ((s.ptr[0] >= '0' && s.ptr[0] <= '9') || strchr("+-.", s.ptr[0]))
		return true;
	if (s.len >= sizeof(lower))
		return false;
	for (size_t i = 0; i < s.len; i++)
		lower[i] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i];
	for (size_t i = 0; i < PHX_COUNTOF(words); i++)
		if (phx_str_eqc((struct phx_str){lower, s.len}, words[i]))
			return true;
	return false;
}

static yaml_scalar_style_t style_of(const struct phx_yaml *y)
{
	if (y->style && y->style != YAML_FOLDED_SCALAR_STYLE)
		return (yaml_scalar_style_t)y->style;
	if (phx_str_chr(y->text, '\n') >= 0)
		return YAML_LITERAL_SCALAR_STYLE;
	return y->quoted && looks_typed(y->text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
}

static unsigned char *tag_of(const struct phx_yaml *y)
{
	return y->tag.len ? (unsigned char *)(uintptr_t)y->tag.ptr : NULL;
}

static void emit(yaml_emitter_t *e, yaml_event_t *event)
{
	if (!yaml_emitter_emit(e, event))
		PHX_BUG("libyaml does not write: %s", e->problem ? e->problem : "?");
}

static void print(yaml_emitter_t *e, const struct phx_yaml *y)
{
	yaml_event_t event;
	int bare = !y->tag.len;

	if (y->kind == PHX_YAML_SCALAR) {
		if (!yaml_scalar_event_initialize(
			    &event, NULL, tag_of(y),
			    (unsigned char *)(uintptr_t)(y->text.ptr ? y->text.ptr : ""), (int)y->text.len,
			    bare, bare, style_of(y)))
			PHX_BUG("text that is no UTF-8 in a YAML document");
		emit(e, &event);
		return;
	}
	if (y->kind == PHX_YAML_LIST)
		yaml_sequence_start_event_initialize(&event, NULL, tag_of(y), bare,
						     YAML_BLOCK_SEQUENCE_STYLE);
	else
		yaml_mapping_start_event_initialize(&event, NULL, tag_of(y), bare, YAML_BLOCK_MAPPING_STYLE);
	emit(e, &event);
	for (uint32_t i = 0; i < y->items.n; i++) {
		if (y->kind == PHX_YAML_MAP)
			print(e, y->items.v[i]->key);
		print(e, y->items.v[i]);
	}
	if (y->kind == PHX_YAML_LIST)
		yaml_sequence_end_event_initialize(&event);
	else
		yaml_mapping_end_event_initialize(&event);
	emit(e, &event);
}

void phx_yaml_print(const struct phx_yaml *y, struct phx_buf *out)
{
	yaml_emitter_t e;
	yaml_event_t event;

	if (!yaml_emitter_initialize(&e))
		phx_out_of_memory();
	yaml_emitter_set_output(&e, append, out);
	yaml_emitter_set_unicode(&e, 1);
	yaml_emitter_set_width(&e, -1);
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(&e, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(&e, &event);
	print(&e, y);
	yaml_document_end_event_initialize(&event, 1);
	emit(&e, &event);
	yaml_stream_end_event_initialize(&event);
	emit(&e, &event);
	yaml_emitter_delete(&e);
}
