#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/check_priv.h"
#include "model/normalise.h"
#include "model/pattern.h"

/* Order and wording of PVE::JSONSchema::check_prop: type, format, pattern, lengths, range, enumeration; the first that
 * fails ends the check of a value. */

static const char format_prefix[] = "invalid format - ";

/* What one value fails with: a kind, and Proxmox's text in `text`. */
struct fault {
	enum phx_check_kind kind;
	struct phx_buf text;
};

static bool fail(struct fault *f, enum phx_check_kind kind, const char *fmt, ...) PHX_PRINTF(3, 4);

static bool fail(struct fault *f, enum phx_check_kind kind, const char *fmt, ...)
{
	va_list args;
	int need;
	f->kind = kind;
	phx_buf_clear(&f->text);
	va_start(args, fmt);
	need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (need < 0)
		PHX_BUG("cannot print a check");
	char *to = phx_buf_reserve(&f->text, (size_t)need + 1);
	va_start(args, fmt);
	vsnprintf(to, (size_t)need + 1, fmt, args);
	va_end(args);
	f->text.len += (size_t)need;
	return false;
}

static bool is_integer(struct phx_str s)
{
	size_t i = s.len > 0 && (s.ptr[0] == '+' || s.ptr[0] == '-');
	if (i == s.len)
		return false;
	for (; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	}
	return true;
}

static size_t count_digits(struct phx_str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.len && s.ptr[at + n] >= '0' && s.ptr[at + n] <= '9')
		n++;
	return n;
}

static bool is_number(struct phx_str s)
{
	size_t at = s.len > 0 && (s.ptr[0] == '+' || s.ptr[0] == '-');
	size_t whole = count_digits(s, at), part = 0;
	at += whole;
	if (at < s.len && s.ptr[at] == '.') {
		part = count_digits(s, ++at);
		at += part;
	}
	if (whole + part == 0)
		return false;
	if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
		at++;
		at += at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-');
		size_t n = count_digits(s, at);
		if (n == 0)
			return false;
		at += n;
	}
	return at == s.len;
}

/* Of a text that is_number: its value; infinite when too large for a double. */
static double number_value(struct phx_str s)
{
	int64_t whole;
	double value;
	bool negative = s.ptr[0] == '-';
	if (phx_parse_i64(s, &whole))
		return (double)whole;
	if (s.ptr[0] == '+' || negative)
		s = phx_str_from(s, 1);
	struct phx_buf text = {0};
	phx_buf_ch(&text, '0'); /* `.5`, and `5.` below, are numbers to Perl */
	phx_buf_str(&text, s);
	if (phx_str_ends(s, "."))
		phx_buf_ch(&text, '0');
	if (!phx_parse_double(phx_buf_view(&text), &value))
		value = strtod(text.ptr, NULL);
	phx_buf_done(&text);
	return negative ? -value : value;
}

static size_t count_characters(struct phx_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
	return n;
}

static const char *type_name(enum phx_option_type type)
{
	static const char *const names[] = {"string", "integer", "number", "boolean",
					    "array",  "object",  "null"};
	return names[type];
}

static bool check_type(const struct phx_option *o, struct phx_str value, bool in_props, struct fault *f)
{
	bool ok = true, truth;
	switch (o->type) {
	case PHX_TYPE_STRING:
		break;
	case PHX_TYPE_INTEGER:
		ok = is_integer(value);
		break;
	case PHX_TYPE_NUMBER:
		ok = is_number(value);
		break;
	case PHX_TYPE_BOOLEAN:
		ok = in_props ? phx_boolean_parse(value, &truth)
			      : phx_str_eqc(value, "0") || phx_str_eqc(value, "1");
		break;
	case PHX_TYPE_ARRAY:
	case PHX_TYPE_OBJECT:
	case PHX_TYPE_NULL:
		return fail(f, PHX_CHECK_TYPE, "type check ('%s') failed", type_name(o->type));
	}
	return ok || fail(f, PHX_CHECK_TYPE, "type check ('%s') failed - got '" PHX_STR_FMT "'",
			  type_name(o->type), PHX_STR_ARG(value));
}

static bool check_format(const struct phx_option *o, struct phx_str value, struct fault *f)
{
	struct phx_buf msg = {0}; /* nothing is written when all is well */
	if (phx_format_value(o, value, &msg))
		return true;
	fail(f, PHX_CHECK_FORMAT, "%s" PHX_STR_FMT, format_prefix, PHX_STR_ARG(phx_buf_view(&msg)));
	phx_buf_done(&msg);
	return false;
}

static bool check_limits(const struct phx_option *o, struct phx_str value, struct fault *f)
{
	if (o->max_length > 0 && value.len > o->max_length && count_characters(value) > o->max_length)
		return fail(f, PHX_CHECK_LENGTH, "value may only be %u characters long", o->max_length);
	if (o->min_length > 0 && count_characters(value) < o->min_length)
		return fail(f, PHX_CHECK_LENGTH, "value must be at least %u characters long", o->min_length);
	if ((o->has_max || o->has_min) && is_number(value)) {
		double number = number_value(value);
		if (o->has_max && number > o->max)
			return fail(f, PHX_CHECK_RANGE, "value must have a maximum value of %.15g", o->max);
		if (o->has_min && number < o->min)
			return fail(f, PHX_CHECK_RANGE, "value must have a minimum value of %.15g", o->min);
	}
	return true;
}

static bool check_enum(const struct phx_option *o, struct phx_str value, struct fault *f)
{
	if (o->nenums == 0)
		return true;
	for (uint32_t i = 0; i < o->nenums; i++) {
		if (phx_str_eq(o->enums[i], value))
			return true;
	}
	fail(f, PHX_CHECK_ENUM, "value '" PHX_STR_FMT "' does not have a value in the enumeration '",
	     PHX_STR_ARG(value));
	for (uint32_t i = 0; i < o->nenums; i++) {
		phx_buf_c(&f->text, i == 0 ? "" : ", ");
		phx_buf_str(&f->text, o->enums[i]);
	}
	phx_buf_ch(&f->text, '\'');
	return false;
}

static bool check_after_format(const struct phx_option *o, struct phx_str value, struct fault *f)
{
	if (o->compiled && !phx_pattern_match(o->compiled, value))
		return fail(f, PHX_CHECK_PATTERN, "value does not match the regex pattern");
	return check_limits(o, value, f) && check_enum(o, value, f);
}

/* A value that is no property string. */
static bool check_scalar(const struct phx_option *o, struct phx_str value, bool in_props, struct fault *f)
{
	if (!check_type(o, value, in_props, f))
		return false;
	if (o->checker && !check_format(o, value, f))
		return false;
	return in_props && o->type == PHX_TYPE_BOOLEAN ? true : check_after_format(o, value, f);
}

/* Proxmox's words without what it puts in front and at the end. */
static struct phx_str detail_of(struct phx_str text)
{
	struct phx_str s = phx_str_trim(text);
	while (phx_str_starts(s, format_prefix))
		s = phx_str_from(s, sizeof(format_prefix) - 1);
	return s;
}

static struct phx_check *push(struct phx_checks *out, struct phx_str param, enum phx_check_kind kind,
			      const struct phx_option *o, struct phx_str text)
{
	struct phx_check c = {.param = phx_str_dup(out->arena, param), .kind = kind, .option = o};
	c.text = phx_str_dup(out->arena, text);
	c.detail = detail_of(c.text);
	phx_vec_push(out->arena, &out->v, c);
	return &out->v.v[out->v.n - 1];
}

void phx_check_add(struct phx_checks *out, struct phx_str param, enum phx_check_kind kind,
		   const struct phx_option *o, struct phx_str text)
{
	push(out, param, kind, o, text);
}

static void push_key(struct phx_checks *out, struct phx_str param, struct phx_str key,
		     enum phx_check_kind kind, const struct phx_option *o, struct phx_str value,
		     struct phx_str text)
{
	struct phx_check *c = push(out, param, kind, o, text);
	c->key = phx_str_dup(out->arena, key);
	c->value = value;
	c->in_value = value.ptr != NULL;
}

/* The checks of one property string, from `first` on, become Proxmox's one text. */
static void compose(struct phx_checks *out, uint32_t first, struct phx_str param)
{
	struct phx_buf text = {0};
	for (uint32_t i = first; i < out->v.n; i++) {
		struct phx_check moved = out->v.v[i];
		uint32_t at = i;
		for (; at > first && phx_str_cmp(out->v.v[at - 1].key, moved.key) > 0; at--)
			out->v.v[at] = out->v.v[at - 1];
		out->v.v[at] = moved;
	}
	phx_buf_printf(&text, "%sformat error\n", format_prefix);
	for (uint32_t i = first; i < out->v.n; i++) {
		const struct phx_check *c = &out->v.v[i];
		phx_buf_printf(&text, PHX_STR_FMT "." PHX_STR_FMT ": " PHX_STR_FMT "\n", PHX_STR_ARG(param),
			       PHX_STR_ARG(c->key), PHX_STR_ARG(c->text));
	}
	struct phx_str whole = phx_str_dup(out->arena, phx_buf_view(&text));
	for (uint32_t i = first; i < out->v.n; i++)
		out->v.v[i].text = whole;
	phx_buf_done(&text);
}

static void push_fatal(const struct phx_option *o, struct phx_str name, const struct phx_prop_faults *faults,
		       struct phx_checks *out)
{
	struct phx_buf text = {0};
	bool twice = faults->fatal_key.len > 0;
	phx_buf_printf(&text, "%s%s" PHX_STR_FMT "%s\n", format_prefix, faults->fatal,
		       PHX_STR_ARG(faults->fatal_key), faults->fatal_tail);
	push_key(out, name, faults->fatal_key, twice ? PHX_CHECK_DUPLICATE : PHX_CHECK_FORMAT, o,
		 faults->fatal_part, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void push_unknown(struct phx_str name, const struct phx_prop_faults *faults, struct phx_checks *out)
{
	for (uint32_t i = 0; i < faults->nunknown; i++) {
		struct phx_str part = faults->unknown[i].value, key = part;
		ptrdiff_t equals = phx_str_chr(part, '=');
		if (equals >= 0)
			key = phx_str_slice(part, 0, (size_t)equals);
		push_key(out, name, key, PHX_CHECK_UNKNOWN, NULL, part, PHX_STR(PHX_TEXT_UNKNOWN));
	}
}

void phx_check_prop_faults(const struct phx_option *o, struct phx_str name,
			   const struct phx_prop_faults *faults, struct phx_checks *out)
{
	uint32_t first = out->v.n;
	if (faults->fatal) {
		push_fatal(o, name, faults, out);
		return;
	}
	push_unknown(name, faults, out);
	compose(out, first, name);
}

static void check_requires(const struct phx_option *o, struct phx_str name, const struct phx_propstring *p,
			   const struct phx_option *key, struct phx_checks *out)
{
	const struct phx_option *other = phx_option_key(o, key->requires);
	struct phx_buf text = {0};
	if (!other || phx_propstring_of(p, other).ptr)
		return;
	phx_buf_printf(&text, "missing property - '" PHX_STR_FMT "." PHX_STR_FMT "' requires this property",
		       PHX_STR_ARG(name), PHX_STR_ARG(key->name));
	push_key(out, name, other->name, PHX_CHECK_MISSING, other, (struct phx_str){0}, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void check_keys(const struct phx_option *o, struct phx_str name, const struct phx_propstring *p,
		       struct phx_checks *out)
{
	struct fault f = {0};
	for (uint32_t i = 0; i < p->n; i++) {
		const struct phx_option *key = p->props[i].key;
		if (!check_scalar(key, p->props[i].value, true, &f))
			push_key(out, name, key->name, f.kind, key, p->props[i].value, phx_buf_view(&f.text));
		if (key->requires.len > 0)
			check_requires(o, name, p, key, out);
	}
	for (uint32_t i = 0; i < o->nkeys; i++) {
		const struct phx_option *key = &o->keys[i];
		if (!(key->flags & PHX_OPTION_OPTIONAL) && key->alias.len == 0 &&
		    !phx_propstring_of(p, key).ptr)
			push_key(out, name, key->name, PHX_CHECK_MISSING, key, (struct phx_str){0},
				 PHX_STR(PHX_TEXT_MISSING));
	}
	phx_buf_done(&f.text);
}

/* Flags of a VM: +NAME or -NAME of the known ones, with `;` between. */
static bool flags_known(const struct phx_option *key, struct phx_str flags)
{
	struct phx_str flag;
	while (phx_str_cut(&flags, ';', &flag)) {
		if (flag.len < 2 || !phx_format_word(key, phx_str_from(flag, 1)))
			return false;
	}
	return true;
}

/* validate_vm_cpu_conf */
static bool check_cpu(const struct phx_propstring *p, struct fault *f, const struct phx_prop **out_prop)
{
	const struct phx_prop *type = phx_propstring_get(p, "cputype");
	const struct phx_prop *flags = phx_propstring_get(p, "flags");
	*out_prop = type;
	if (!type)
		return fail(f, PHX_CHECK_MISSING, "%sCPU is missing cputype\n", format_prefix);
	if (!phx_str_starts(type->value, "custom-") && !phx_format_word(type->key, type->value))
		return fail(f, PHX_CHECK_ENUM,
			    "%sBuilt-in cputype '" PHX_STR_FMT
			    "' is not defined (missing 'custom-' prefix?)\n",
			    format_prefix, PHX_STR_ARG(type->value));
	*out_prop = flags;
	if (flags && !flags_known(flags->key, flags->value)) {
		fail(f, PHX_CHECK_ENUM, "%sVM-specific CPU flags must be a subset of: ", format_prefix);
		for (uint32_t i = 0; i < flags->key->nwords; i++) {
			phx_buf_c(&f->text, i == 0 ? "" : ", ");
			phx_buf_str(&f->text, flags->key->words[i]);
		}
		phx_buf_ch(&f->text, '\n');
		return false;
	}
	*out_prop = phx_propstring_get(p, "reported-model");
	if (*out_prop)
		return fail(f, PHX_CHECK_UNKNOWN,
			    "%sProperty 'reported-model' not allowed in VM-specific CPU config.\n",
			    format_prefix);
	return true;
}

/* validate_prune_backups */
static bool check_prune(const struct phx_propstring *p, struct fault *f, const struct phx_prop **out_prop)
{
	bool all = false, other = false, truth;
	*out_prop = phx_propstring_get(p, "keep-all");
	if (*out_prop && phx_boolean_parse((*out_prop)->value, &truth))
		all = truth;
	for (uint32_t i = 0; i < p->n; i++)
		other |= &p->props[i] != *out_prop && number_value(p->props[i].value) > 0;
	if (all && other)
		return fail(f, PHX_CHECK_FORMAT, "%skeep-all cannot be set together with other options.\n",
			    format_prefix);
	return true;
}

/* What a named format checks once its keys are right. */
static bool check_whole(const struct phx_option *o, struct phx_str name, const struct phx_propstring *p,
			struct phx_checks *out)
{
	struct fault f = {0};
	const struct phx_prop *prop = NULL;
	bool ok = true;
	if (phx_str_eqc(o->format, "pve-vm-cpu-conf"))
		ok = check_cpu(p, &f, &prop);
	else if (phx_str_eqc(o->format, "prune-backups"))
		ok = check_prune(p, &f, &prop);
	if (!ok)
		push_key(out, name, prop ? prop->key->name : (struct phx_str){0}, f.kind,
			 prop ? prop->key : o, prop ? prop->value : (struct phx_str){0},
			 phx_buf_view(&f.text));
	phx_buf_done(&f.text);
	return ok;
}

static bool check_props(const struct phx_option *o, struct phx_str name, struct phx_str value,
			struct phx_checks *out)
{
	struct phx_propstring p;
	struct phx_prop_faults faults;
	uint32_t first = out->v.n;
	phx_propstring_scan(o, value, false, &p, &faults);
	if (faults.fatal) {
		push_fatal(o, name, &faults, out);
		return false;
	}
	push_unknown(name, &faults, out);
	check_keys(o, name, &p, out);
	if (out->v.n > first) {
		compose(out, first, name);
		return false;
	}
	return check_whole(o, name, &p, out);
}

bool phx_option_check(const struct phx_option *o, struct phx_str key, struct phx_str value,
		      struct phx_checks *out)
{
	struct fault f = {0};
	/* Startup orders are property strings to phx only: Proxmox has a parser of its own for them. */
	bool props = o->keys && !o->checker;
	bool ok = true;
	if (props && !check_props(o, key, value, out))
		return false;
	ok = props ? check_after_format(o, value, &f) : check_scalar(o, value, false, &f);
	if (!ok)
		push_key(out, key, (struct phx_str){0}, f.kind, o, value, phx_buf_view(&f.text));
	phx_buf_done(&f.text);
	return ok;
}
