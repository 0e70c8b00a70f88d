/* Values and names as .phx text. */
#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "json/write_priv.h"

static bool is_identifier(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return s.len > 0;
}

static bool is_one_of(struct phx_str s, const char *const *words)
{
	for (; *words; words++) {
		if (phx_str_eqc(s, *words))
			return true;
	}
	return false;
}

static bool is_reserved(struct phx_str s)
{
	static const char *const words[] = {"for", "if", "else", "in", "true", "false", "null", NULL};

	return is_one_of(s, words);
}

static void quoted(struct phx_buf *out, struct phx_str s)
{
	struct phx_value v = phx_value_str(s, (struct phx_span){0});

	phx_value_show(&v, out);
}

void phx_wlabel(struct phx_buf *out, struct phx_str name)
{
	if (is_identifier(name) && !is_reserved(name))
		phx_buf_str(out, name);
	else
		quoted(out, name);
}

void phx_wname(struct phx_buf *out, struct phx_str name)
{
	static const char *const words[] = {"let", "param", "assert", "output", NULL};

	if (is_identifier(name) && !is_reserved(name) && !is_one_of(name, words))
		phx_buf_str(out, name);
	else
		quoted(out, name);
}

/* `vm.web`; a name that is no identifier is looked up by its address. */
static void reference(struct phx_buf *out, const struct phx_ref *ref)
{
	const char *kind = phx_kind_name((enum phx_kind)ref->kind);

	if (is_identifier(ref->name) && !is_reserved(ref->name)) {
		phx_buf_printf(out, "%s." PHX_STR_FMT, kind, PHX_STR_ARG(ref->name));
		return;
	}
	phx_buf_printf(out, "resource(\"%s." PHX_STR_FMT "\")", kind, PHX_STR_ARG(ref->name));
}

/* A word of the attribute's own needs no quotes. */
static bool is_word(const struct phx_attr_spec *spec, const struct phx_value *v)
{
	if (!spec || !(spec->types & PHX_AT_ENUM) || !is_identifier(v->s) || is_reserved(v->s))
		return false;
	return v->flags & PHX_VF_WORD || (spec->words && is_one_of(v->s, spec->words));
}

static void number(struct phx_buf *out, const struct phx_value *v)
{
	size_t len = out->len;

	if (v->kind == PHX_V_INT && v->i == INT64_MIN) {
		phx_buf_c(out, "-9223372036854775807 - 1");
		return;
	}
	phx_value_show(v, out);
	if (v->kind != PHX_V_FLOAT || phx_str_chr(phx_str_from(phx_buf_view(out), len), 'e') < 0)
		return;
	/* The language has no exponents: such a number is kept as text. */
	phx_buf_ch(out, '"');
	phx_buf_ch(out, '"');
	memmove(out->ptr + len + 1, out->ptr + len, out->len - len - 2);
	out->ptr[len] = '"';
}

static void value(struct phx_buf *out, const struct phx_attr_spec *spec, const struct phx_value *v);

static void list(struct phx_buf *out, const struct phx_attr_spec *spec, const struct phx_value *v)
{
	bool first = true;

	phx_buf_ch(out, '[');
	for (uint32_t i = 0; i < v->list.n; i++) {
		if (v->list.v[i].flags & PHX_VF_SECRET)
			continue;
		phx_buf_c(out, first ? "" : ", ");
		value(out, spec, &v->list.v[i]);
		first = false;
	}
	phx_buf_ch(out, ']');
}

static void members(struct phx_buf *out, const struct phx_object *o, const char *sep)
{
	bool first = true;

	for (uint32_t i = 0; o && i < o->n; i++) {
		if (o->v[i].value->flags & PHX_VF_SECRET)
			continue;
		phx_buf_c(out, first ? "" : sep);
		phx_wname(out, o->v[i].key);
		phx_buf_c(out, " = ");
		value(out, NULL, o->v[i].value);
		first = false;
	}
}

static uint32_t shown_members(const struct phx_object *o)
{
	uint32_t n = 0;

	for (uint32_t i = 0; o && i < o->n; i++)
		n += !(o->v[i].value->flags & PHX_VF_SECRET);
	return n;
}

static void value(struct phx_buf *out, const struct phx_attr_spec *spec, const struct phx_value *v)
{
	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_LIST:
		list(out, spec, v);
		break;
	case PHX_V_MAP:
		phx_buf_c(out, shown_members(v->map) ? "{ " : "{");
		members(out, v->map, ", ");
		phx_buf_c(out, shown_members(v->map) ? " }" : "}");
		break;
	case PHX_V_REF:
		reference(out, v->ref);
		break;
	case PHX_V_CALL:
		reference(out, v->ref);
		phx_buf_ch(out, '(');
		members(out, &v->ref->args, ", ");
		phx_buf_ch(out, ')');
		break;
	case PHX_V_STRING:
		if (is_word(spec, v))
			phx_buf_str(out, v->s);
		else
			quoted(out, v->s);
		break;
	case PHX_V_INT:
	case PHX_V_FLOAT:
		number(out, v);
		break;
	case PHX_V_NULL:
	case PHX_V_BOOL:
	case PHX_V_SIZE:
	case PHX_V_DURATION:
	case PHX_V_IP:
	case PHX_V_CIDR:
	case PHX_V_MAC:
	case PHX_V_KIND_COUNT:
		phx_value_show(v, out);
		break;
	}
}

void phx_wattr_inline(struct phx_buf *out, struct phx_str name, const struct phx_attr_spec *spec,
		      const struct phx_value *v)
{
	phx_wname(out, name);
	phx_buf_c(out, " = ");
	value(out, spec, v);
}

/* --- over several lines --- */

static struct phx_str formed(struct phx_writer *w)
{
	struct phx_str s = phx_str_dup(&w->arena, phx_buf_view(&w->text));

	phx_buf_clear(&w->text);
	return s;
}

static void add(struct phx_writer *w, struct phx_str left, struct phx_str right, struct phx_str comment)
{
	struct phx_wline l = {w->level, w->group, left, right, comment};

	phx_vec_push(&w->arena, &w->lines, l);
}

void phx_wtext(struct phx_writer *w, struct phx_str text)
{
	add(w, phx_str_dup(&w->arena, text), (struct phx_str){0}, (struct phx_str){0});
	w->group++;
}

/* What was left out, and why; a secret is never written. */
static void secret_comment(struct phx_writer *w, struct phx_str name)
{
	struct phx_buf text = {0};

	phx_buf_c(&text, "# ");
	phx_wname(&text, name);
	phx_buf_c(&text, ": a secret, left out");
	phx_wtext(w, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void entry(struct phx_writer *w, struct phx_str name, const struct phx_attr_spec *spec,
		  const struct phx_value *v, const char *end, bool named);

static void broken_value(struct phx_writer *w, const struct phx_attr_spec *spec, const struct phx_value *v)
{
	w->level++;
	w->group++;
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		entry(w, PHX_STR(""), spec, &v->list.v[i], ",", false);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++)
		entry(w, v->map->v[i].key, NULL, v->map->v[i].value, "", true);
	w->level--;
	w->group++;
}

static bool breakable(const struct phx_value *v)
{
	return (v->kind == PHX_V_LIST && v->list.n > 0) || (v->kind == PHX_V_MAP && v->map && v->map->n > 0);
}

static bool hides(const struct phx_value *v)
{
	return phx_value_is_secret(v);
}

static void entry(struct phx_writer *w, struct phx_str name, const struct phx_attr_spec *spec,
		  const struct phx_value *v, const char *end, bool named)
{
	struct phx_str left = {0}, right;
	const char *open = v->kind == PHX_V_LIST ? "[" : "{", *close = v->kind == PHX_V_LIST ? "]" : "}";

	if (v->flags & PHX_VF_SECRET) {
		secret_comment(w, named ? name : PHX_STR("an element"));
		return;
	}
	if (named) {
		phx_wname(&w->text, name);
		left = formed(w);
	}
	value(&w->text, spec, v);
	phx_buf_c(&w->text, end);
	right = formed(w);
	if (!breakable(v) || (!hides(v) && 2 * w->level + left.len + 3 + right.len <= PHX_WRITE_WIDTH)) {
		add(w, named ? left : right, named ? right : (struct phx_str){0}, phx_wids(w, v));
		return;
	}
	add(w, named ? left : phx_str_c(open), named ? phx_str_c(open) : (struct phx_str){0},
	    (struct phx_str){0});
	broken_value(w, spec, v);
	phx_buf_printf(&w->text, "%s%s", close, end);
	add(w, formed(w), (struct phx_str){0}, phx_wids(w, v));
	w->group++;
}

void phx_wattr(struct phx_writer *w, struct phx_str name, const struct phx_attr_spec *spec,
	       const struct phx_value *v)
{
	entry(w, name, spec, v, "", true);
}

static void ids(const struct phx_value *v, struct phx_buf *out)
{
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		ids(&v->list.v[i], out);
	if (v->kind == PHX_V_REF && v->ref->id)
		phx_buf_printf(out, "%s%" PRIu64, out->len ? ", " : "", v->ref->id);
}

struct phx_str phx_wids(struct phx_writer *w, const struct phx_value *v)
{
	struct phx_buf text = {0};
	struct phx_str out = {0};

	ids(v, &text);
	if (text.len > 0)
		out = phx_str_printf(&w->arena, "# " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&text)));
	phx_buf_done(&text);
	return out;
}

/* --- layout --- */

static uint32_t width(struct phx_str s)
{
	uint32_t columns = 0, len;

	for (size_t at = 0; at < s.len; at += len)
		columns += phx_utf8_width(phx_utf8_at(s, at, &len));
	return columns;
}

/* Columns of a line up to its comment, once its `=` stands at `equals`. */
static uint32_t line_width(const struct phx_wline *l, uint32_t equals)
{
	return l->right.ptr ? 2 * l->level + equals + 3 + width(l->right) : 2 * l->level + width(l->left);
}

static void pad_equals(const struct phx_writer *w, uint32_t *equals)
{
	for (uint32_t first = 0, end; first < w->lines.n; first = end) {
		uint32_t most = 0;

		for (end = first;
		     end < w->lines.n && (end == first || (w->lines.v[end].right.ptr &&
							   w->lines.v[end].group == w->lines.v[first].group));
		     end++) {
			uint32_t columns = width(w->lines.v[end].left);

			most = columns > most ? columns : most;
		}
		for (uint32_t i = first; i < end; i++)
			equals[i] = most;
	}
}

static void pad_comments(const struct phx_writer *w, const uint32_t *equals, uint32_t *comments)
{
	for (uint32_t first = 0, end; first < w->lines.n; first = end) {
		uint32_t most = 0;

		for (end = first;
		     end < w->lines.n &&
		     (end == first || (w->lines.v[end].comment.len && w->lines.v[first].comment.len &&
				       w->lines.v[end].level == w->lines.v[first].level));
		     end++) {
			uint32_t columns = line_width(&w->lines.v[end], equals[end]);

			most = columns > most ? columns : most;
		}
		for (uint32_t i = first; i < end; i++)
			comments[i] = most;
	}
}

void phx_wlayout(const struct phx_writer *w, struct phx_buf *out)
{
	struct phx_arena scratch = {0};
	uint32_t *equals = PHX_NEW_N(&scratch, uint32_t, w->lines.n + 1);
	uint32_t *comments = PHX_NEW_N(&scratch, uint32_t, w->lines.n + 1);

	pad_equals(w, equals);
	pad_comments(w, equals, comments);
	for (uint32_t i = 0; i < w->lines.n; i++) {
		const struct phx_wline *l = &w->lines.v[i];

		phx_buf_fill(out, ' ', l->left.len ? 2 * l->level : 0);
		phx_buf_str(out, l->left);
		if (l->right.ptr) {
			phx_buf_fill(out, ' ', equals[i] - width(l->left));
			phx_buf_c(out, " = ");
			phx_buf_str(out, l->right);
		}
		if (l->comment.len) {
			phx_buf_fill(out, ' ', comments[i] - line_width(l, equals[i]) + 2);
			phx_buf_str(out, l->comment);
		}
		phx_buf_ch(out, '\n');
	}
	phx_arena_done(&scratch);
}
