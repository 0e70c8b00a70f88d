/* Functions of texts. Case is that of ASCII; lengths count characters. */
#include <regex.h>
#include <string.h>

#include "sema/fn_priv.h"

#define STR PHX_TY(PHX_V_STRING)

void phx_fn_text(struct phx_sema *s, const struct phx_node *n, struct phx_buf *text, struct phx_value *out)
{
	if (text->len > PHX_SEMA_MAX_STRING)
		phx_eval_error(s, PHX0218, n->span, out, "the text grows beyond 16 MiB");
	else
		*out = phx_value_str(phx_tmp_str(s, text), n->span);
	phx_buf_done(text);
}

/* --- case, blanks, pieces --- */

static void map_case(struct phx_sema *s, const struct phx_node *n, struct phx_str t, char from, char to,
		     int by, struct phx_value *out)
{
	struct phx_buf text = {0};

	for (size_t i = 0; i < t.len; i++) {
		char c = t.ptr[i];

		phx_buf_ch(&text, c >= from && c <= to ? (char)(c + by) : c);
	}
	phx_fn_text(s, n, &text, out);
}

static void fn_lower(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	map_case(s, n, a[0].s, 'A', 'Z', 'a' - 'A', out);
}

static void fn_upper(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	map_case(s, n, a[0].s, 'a', 'z', 'A' - 'a', out);
}

static bool in_set(struct phx_str set, char c)
{
	return set.len && memchr(set.ptr, c, set.len) != NULL;
}

static void fn_trim(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_str t = a[0].s, set = n->call.n > 1 ? a[1].s : PHX_STR(" \t\r\n\v\f");

	(void)s;
	while (t.len && in_set(set, t.ptr[0]))
		t = phx_str_from(t, 1);
	while (t.len && in_set(set, t.ptr[t.len - 1]))
		t.len--;
	*out = phx_value_str(t, n->span);
}

static size_t char_len(struct phx_str t)
{
	size_t n = 1;

	while (n < t.len && ((unsigned char)t.ptr[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void fn_split(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_str sep = a[0].s, rest = a[1].s;
	PHX_VEC(struct phx_value) pieces = {0};

	for (;;) {
		ptrdiff_t at = sep.len ? phx_str_find(rest, sep) : (ptrdiff_t)char_len(rest);

		if (pieces.n > PHX_SEMA_MAX_LIST) {
			phx_eval_error(s, PHX0218, n->span, out, "`split` gives more than a million pieces");
			return;
		}
		if (sep.len == 0 && rest.len == 0)
			break;
		if (at < 0 || (size_t)at >= rest.len + (sep.len ? 1 : 0)) {
			phx_vec_push(&s->tmp, &pieces, phx_value_str(rest, n->span));
			break;
		}
		phx_vec_push(&s->tmp, &pieces, phx_value_str(phx_str_slice(rest, 0, (size_t)at), n->span));
		rest = phx_str_from(rest, (size_t)at + sep.len);
	}
	*out = (struct phx_value){.kind = PHX_V_LIST, .list = {pieces.v, pieces.n}, .span = n->span};
}

static void fn_join(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < a[1].list.n; i++) {
		const struct phx_value *v = &a[1].list.v[i];

		if (i)
			phx_buf_str(&text, a[0].s);
		if (!phx_value_text(v, &text)) {
			phx_eval_error(s, PHX0210, n->call.args[1]->span, out,
				       "`join` cannot print element %u, a value of type %s", i,
				       phx_value_kind_name((enum phx_value_kind)v->kind));
			phx_buf_done(&text);
			return;
		}
		if (text.len > PHX_SEMA_MAX_STRING)
			break;
	}
	phx_fn_text(s, n, &text, out);
}

static void fn_replace(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		       struct phx_value *out)
{
	struct phx_str rest = a[0].s, from = a[1].s;
	struct phx_buf text = {0};
	ptrdiff_t at;

	if (from.len == 0) {
		phx_eval_error(s, PHX0213, n->call.args[1]->span, out, "`replace` needs a text to look for");
		return;
	}
	while ((at = phx_str_find(rest, from)) >= 0 && text.len <= PHX_SEMA_MAX_STRING) {
		phx_buf_add(&text, rest.ptr, (size_t)at);
		phx_buf_str(&text, a[2].s);
		rest = phx_str_from(rest, (size_t)at + from.len);
	}
	phx_buf_str(&text, rest);
	phx_fn_text(s, n, &text, out);
}

/* --- regex: POSIX extended, with limits, because a pattern can ask for any amount of memory --- */

enum { MAX_PATTERN = 1000, MAX_GROUPS = 50, MAX_REPEAT = 1000, MAX_SUBJECT = 1024 * 1024 };

static uint64_t bound_product(uint64_t product, struct phx_str t, size_t *i)
{
	uint64_t biggest = 0, number = 0;

	while (*i < t.len && t.ptr[*i] != '}') {
		char c = t.ptr[(*i)++];

		number = c >= '0' && c <= '9' && number < 100000 ? number * 10 + (uint64_t)(c - '0') : 0;
		biggest = number > biggest ? number : biggest;
	}
	return biggest > 1 && product <= MAX_REPEAT ? product * biggest : product;
}

static const char *pattern_refused(struct phx_str t)
{
	uint64_t product = 1;
	uint32_t groups = 0;

	if (t.len > MAX_PATTERN)
		return "is longer than 1000 bytes";
	if (memchr(t.ptr ? t.ptr : "", '\0', t.len))
		return "holds a NUL";
	for (size_t i = 0; i < t.len; i++) {
		if (t.ptr[i] == '\\' && i + 1 < t.len) {
			if (t.ptr[i + 1] >= '1' && t.ptr[i + 1] <= '9')
				return "uses a back-reference, which extended expressions do not have";
			i++;
		} else if (t.ptr[i] == '(') {
			groups++;
		} else if (t.ptr[i] == '{') {
			product = bound_product(product, t, &i);
		}
	}
	if (groups > MAX_GROUPS)
		return "has more than 50 groups";
	return product > MAX_REPEAT ? "repeats too often" : NULL;
}

static void groups_list(struct phx_sema *s, const struct phx_node *n, const regmatch_t *m, size_t groups,
			struct phx_str subject, struct phx_value *out)
{
	size_t first = groups ? 1 : 0, count = groups ? groups : 1;
	struct phx_value *v = PHX_NEW_N(&s->tmp, struct phx_value, count);

	for (size_t i = 0; i < count; i++) {
		const regmatch_t *g = &m[first + i];
		struct phx_str piece = {0};

		if (g->rm_so >= 0)
			piece = phx_str_slice(subject, (size_t)g->rm_so, (size_t)(g->rm_eo - g->rm_so));
		v[i] = phx_value_str(piece, n->span);
	}
	*out = (struct phx_value){.kind = PHX_V_LIST, .list = {v, (uint32_t)count}, .span = n->span};
}

static void fn_regex(struct phx_sema *s, const struct phx_node *n, struct phx_value *a, struct phx_value *out)
{
	struct phx_str pattern = phx_str_dup(&s->tmp, a[0].s), subject = phx_str_dup(&s->tmp, a[1].s);
	const char *refused = pattern_refused(pattern);
	regmatch_t m[MAX_GROUPS + 1];
	char why[200];
	regex_t re;
	int code;

	if (refused || subject.len > MAX_SUBJECT || (subject.len && memchr(subject.ptr, '\0', subject.len))) {
		phx_eval_error(s, PHX0213, n->call.args[refused ? 0 : 1]->span, out, "the %s %s",
			       refused ? "pattern" : "text",
			       refused ? refused : "is longer than 1 MiB, or holds a NUL");
		return;
	}
	code = regcomp(&re, pattern.ptr, REG_EXTENDED);
	if (code) {
		regerror(code, &re, why, sizeof(why));
		phx_eval_error(s, PHX0213, n->call.args[0]->span, out,
			       "the pattern is no extended regular expression: %s", why);
		return;
	}
	if (regexec(&re, subject.ptr, MAX_GROUPS + 1, m, 0) == 0) {
		groups_list(s, n, m, re.re_nsub, subject, out);
	} else {
		struct phx_diag *d = phx_eval_missing(s, PHX0221, n->span, out, "the pattern does not match");

		if (d && !phx_value_is_secret(&a[1]))
			phx_diag_note(s->bag, d, "the text is %s", phx_shown(s, &a[1]));
	}
	regfree(&re);
}

/* --- format --- */

/* One `%…`: flags, width, precision, letter. */
struct directive {
	bool left, zero, plus;
	uint32_t width, precision;
	bool has_precision;
	char letter;
};

enum { MAX_WIDTH = 1000 };

static uint32_t read_number(struct phx_str t, size_t *i)
{
	uint32_t n = 0;

	while (*i < t.len && t.ptr[*i] >= '0' && t.ptr[*i] <= '9' && n <= MAX_WIDTH)
		n = n * 10 + (uint32_t)(t.ptr[(*i)++] - '0');
	return n;
}

static bool read_directive(struct phx_str t, size_t *i, struct directive *d)
{
	*d = (struct directive){0};
	for (; *i < t.len && (t.ptr[*i] == '-' || t.ptr[*i] == '0' || t.ptr[*i] == '+'); (*i)++) {
		d->left = d->left || t.ptr[*i] == '-';
		d->zero = d->zero || t.ptr[*i] == '0';
		d->plus = d->plus || t.ptr[*i] == '+';
	}
	d->width = read_number(t, i);
	if (*i < t.len && t.ptr[*i] == '.') {
		(*i)++;
		d->has_precision = true;
		d->precision = read_number(t, i);
	}
	if (*i >= t.len || d->width > MAX_WIDTH || d->precision > 40)
		return false;
	d->letter = t.ptr[(*i)++];
	return strchr("dsfxX", d->letter) != NULL;
}

static void padded(const struct directive *d, struct phx_str t, struct phx_buf *out)
{
	size_t chars = 0, fill;
	bool sign = t.len && (t.ptr[0] == '-' || t.ptr[0] == '+');

	for (size_t i = 0; i < t.len; i++)
		chars += ((unsigned char)t.ptr[i] & 0xc0) != 0x80;
	fill = d->width > chars ? d->width - chars : 0;
	if (d->zero && !d->left && d->letter != 's') {
		phx_buf_add(out, t.ptr, sign);
		phx_buf_fill(out, '0', fill);
		phx_buf_str(out, phx_str_from(t, sign));
		return;
	}
	if (!d->left)
		phx_buf_fill(out, ' ', fill);
	phx_buf_str(out, t);
	if (d->left)
		phx_buf_fill(out, ' ', fill);
}

static bool plain(const struct directive *d, const struct phx_value *v, struct phx_buf *out)
{
	if (d->letter == 's')
		return phx_value_text(v, out);
	if (d->letter == 'f') {
		double f = v->kind == PHX_V_INT ? (double)v->i : v->f;

		if (v->kind != PHX_V_INT && v->kind != PHX_V_FLOAT)
			return false;
		phx_buf_printf(out, d->plus ? "%+.*f" : "%.*f", d->has_precision ? (int)d->precision : 6, f);
		return true;
	}
	if (v->kind != PHX_V_INT)
		return false;
	if (d->letter == 'd')
		phx_buf_printf(out, d->plus ? "%+lld" : "%lld", (long long)v->i);
	else if (v->i < 0)
		return false;
	else
		phx_buf_printf(out, d->letter == 'x' ? "%llx" : "%llX", (unsigned long long)v->i);
	return true;
}

static bool one_directive(struct phx_sema *s, const struct phx_node *n, const struct directive *d,
			  struct phx_value *a, uint32_t arg, struct phx_buf *text, struct phx_value *out)
{
	struct phx_buf piece = {0};
	bool ok;

	if (arg >= n->call.n) {
		phx_eval_error(s, PHX0213, n->call.args[0]->span, out, "`format` has no argument for `%%%c`",
			       d->letter);
		return false;
	}
	ok = plain(d, &a[arg], &piece);
	if (ok)
		padded(d, phx_buf_view(&piece), text);
	else
		phx_eval_error(s, PHX0213, n->call.args[arg]->span, out,
			       "`%%%c` cannot print a value of type %s%s", d->letter,
			       a[arg].kind == PHX_V_INT
				       ? "int below zero"
				       : phx_value_kind_name((enum phx_value_kind)a[arg].kind),
			       d->letter == 'd' ? "; use `%s`" : "");
	phx_buf_done(&piece);
	return ok;
}

static void fn_format(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	struct phx_str t = a[0].s;
	struct phx_buf text = {0};
	struct directive d;
	uint32_t arg = 1;
	bool ok = true;

	for (size_t i = 0; i < t.len && ok && text.len <= PHX_SEMA_MAX_STRING;) {
		if (t.ptr[i] != '%') {
			phx_buf_ch(&text, t.ptr[i++]);
		} else if (i + 1 < t.len && t.ptr[i + 1] == '%') {
			phx_buf_ch(&text, '%');
			i += 2;
		} else {
			i++;
			ok = read_directive(t, &i, &d);
			if (!ok)
				phx_eval_error(s, PHX0213, n->call.args[0]->span, out,
					       "`format` knows `%%d`, `%%s`, `%%f`, `%%x` and `%%%%`, with a "
					       "width up to 1000");
			ok = ok && one_directive(s, n, &d, a, arg++, &text, out);
		}
	}
	if (ok && arg < n->call.n) {
		phx_eval_error(s, PHX0213, n->call.args[arg]->span, out,
			       "`format` has no `%%…` for this argument");
		ok = false;
	}
	if (ok)
		phx_fn_text(s, n, &text, out);
	else
		phx_buf_done(&text);
}

static struct phx_ty list_of_text(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	(void)n;
	(void)args;
	return phx_ty_list(s, phx_ty_of(STR));
}

const struct phx_fn phx_fns_text[] = {
	{.name = "lower",
	 .usage = "lower(text)",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .result = STR,
	 .eval = fn_lower},
	{.name = "upper",
	 .usage = "upper(text)",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .result = STR,
	 .eval = fn_upper},
	{.name = "trim",
	 .usage = "trim(text) or trim(text, characters)",
	 .min = 1,
	 .max = 2,
	 .args = {STR, STR},
	 .result = STR,
	 .eval = fn_trim},
	{.name = "split",
	 .usage = "split(separator, text)",
	 .min = 2,
	 .max = 2,
	 .args = {STR, STR},
	 .type = list_of_text,
	 .eval = fn_split},
	{.name = "join",
	 .usage = "join(separator, list)",
	 .min = 2,
	 .max = 2,
	 .args = {STR, PHX_TY(PHX_V_LIST)},
	 .result = STR,
	 .eval = fn_join},
	{.name = "replace",
	 .usage = "replace(text, from, to)",
	 .min = 3,
	 .max = 3,
	 .args = {STR, STR, STR},
	 .result = STR,
	 .eval = fn_replace},
	{.name = "regex",
	 .usage = "regex(pattern, text)",
	 .min = 2,
	 .max = 2,
	 .args = {STR, STR},
	 .type = list_of_text,
	 .eval = fn_regex},
	{.name = "format",
	 .usage = "format(text, …)",
	 .min = 1,
	 .max = 255,
	 .args = {STR, PHX_TY_ANY, PHX_TY_ANY},
	 .result = STR,
	 .eval = fn_format},
	{.name = NULL},
};
