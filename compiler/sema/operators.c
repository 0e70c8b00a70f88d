/* Operators: which types they join, and checked arithmetic. */
#include <math.h>
#include <string.h>

#include "sema/sema_priv.h"

/* --- which types go together --- */

static bool is_number(enum phx_value_kind k)
{
	return k == PHX_V_INT || k == PHX_V_FLOAT;
}

static bool is_amount(enum phx_value_kind k)
{
	return k == PHX_V_SIZE || k == PHX_V_DURATION;
}

static enum phx_value_kind sum_kind(enum phx_op op, enum phx_value_kind a, enum phx_value_kind b)
{
	if (is_number(a) && is_number(b))
		return a == b ? a : PHX_V_FLOAT;
	if (is_amount(a) && a == b)
		return a;
	if (a == PHX_V_IP && b == PHX_V_INT)
		return PHX_V_IP;
	if (op == PHX_OP_SUB && a == PHX_V_IP && b == PHX_V_IP)
		return PHX_V_INT;
	return PHX_V_KIND_COUNT;
}

static enum phx_value_kind product_kind(enum phx_op op, enum phx_value_kind a, enum phx_value_kind b)
{
	if (op == PHX_OP_MOD)
		return a == PHX_V_INT && b == PHX_V_INT ? PHX_V_INT : PHX_V_KIND_COUNT;
	if (is_number(a) && is_number(b))
		return a == b ? a : PHX_V_FLOAT;
	if (is_amount(a) && b == PHX_V_INT)
		return a;
	if (op == PHX_OP_MUL)
		return a == PHX_V_INT && is_amount(b) ? b : PHX_V_KIND_COUNT;
	if (is_amount(a) && a == b)
		return PHX_V_INT;
	return a == PHX_V_IP && b == PHX_V_INT ? PHX_V_CIDR : PHX_V_KIND_COUNT;
}

static bool ordered(enum phx_value_kind a, enum phx_value_kind b)
{
	if (is_number(a) && is_number(b))
		return true;
	return a == b && (is_amount(a) || a == PHX_V_STRING || a == PHX_V_IP);
}

static bool equatable(enum phx_value_kind a, enum phx_value_kind b)
{
	return a == b || (is_number(a) && is_number(b)) || a == PHX_V_NULL || b == PHX_V_NULL ||
	       (a == PHX_V_REF && b == PHX_V_CALL) || (a == PHX_V_CALL && b == PHX_V_REF);
}

static bool contained(enum phx_value_kind a, enum phx_value_kind b)
{
	if (b == PHX_V_LIST)
		return true;
	if (b == PHX_V_MAP)
		return a == PHX_V_STRING;
	return b == PHX_V_CIDR && (a == PHX_V_IP || a == PHX_V_CIDR);
}

static enum phx_value_kind truth(bool exists)
{
	return exists ? PHX_V_BOOL : PHX_V_KIND_COUNT;
}

enum phx_value_kind phx_op_kind(enum phx_op op, enum phx_value_kind a, enum phx_value_kind b)
{
	switch (op) {
	case PHX_OP_ADD:
	case PHX_OP_SUB:
		return sum_kind(op, a, b);
	case PHX_OP_MUL:
	case PHX_OP_DIV:
	case PHX_OP_MOD:
		return product_kind(op, a, b);
	case PHX_OP_LT:
	case PHX_OP_LE:
	case PHX_OP_GT:
	case PHX_OP_GE:
		return truth(ordered(a, b));
	case PHX_OP_EQ:
	case PHX_OP_NE:
		return truth(equatable(a, b));
	case PHX_OP_IN:
		return truth(contained(a, b));
	case PHX_OP_AND:
	case PHX_OP_OR:
		return truth(a == PHX_V_BOOL && b == PHX_V_BOOL);
	case PHX_OP_NONE:
	case PHX_OP_NOT:
	case PHX_OP_NEG:
	case PHX_OP_COUNT:
		break;
	}
	return PHX_V_KIND_COUNT;
}

/* --- types that do not go together --- */

static void help_mismatch(struct phx_sema *s, struct phx_diag *d, enum phx_op op, uint32_t a, uint32_t b)
{
	uint32_t both = a | b;

	if (both == (PHX_TY(PHX_V_SIZE) | PHX_TY(PHX_V_INT)))
		phx_diag_help(s->bag, d, "a size says its unit, such as `512MiB`");
	else if (both == (PHX_TY(PHX_V_DURATION) | PHX_TY(PHX_V_INT)))
		phx_diag_help(s->bag, d, "a duration says its unit, such as `30s`");
	else if (op == PHX_OP_ADD && both & PHX_TY(PHX_V_STRING))
		phx_diag_help(s->bag, d, "texts are joined by interpolation: `\"${a}${b}\"`");
	else if (op == PHX_OP_ADD && both & PHX_TY(PHX_V_LIST))
		phx_diag_help(s->bag, d, "lists are joined by `flatten([a, b])`");
	else if (op == PHX_OP_ADD && both & PHX_TY(PHX_V_MAP))
		phx_diag_help(s->bag, d, "maps are joined by `merge(a, b)`");
	else if (op == PHX_OP_IN && b == PHX_TY(PHX_V_STRING))
		phx_diag_help(s->bag, d, "`in` looks into lists, ranges, maps and networks");
	else if (both & PHX_TY(PHX_V_FLOAT) && both & (PHX_TY(PHX_V_SIZE) | PHX_TY(PHX_V_DURATION)))
		phx_diag_help(s->bag, d, "multiply by an int and divide: `x * 3 / 2`");
}

/* Which of the two does not belong: the one that has no arithmetic, else the plain number beside a unit. */
static bool left_is_odd(uint32_t a, uint32_t b)
{
	const uint32_t able = PHX_TY_NUMBER | PHX_TY(PHX_V_SIZE) | PHX_TY(PHX_V_DURATION) | PHX_TY(PHX_V_IP);

	if (!(a & able) != !(b & able))
		return !(a & able);
	return !(a & ~(uint32_t)PHX_TY_NUMBER) && b & ~(uint32_t)PHX_TY_NUMBER;
}

void phx_op_mismatch(struct phx_sema *s, enum phx_op op, struct phx_span at_a, struct phx_ty a,
		     struct phx_span at_b, struct phx_ty b)
{
	bool equality = op == PHX_OP_EQ || op == PHX_OP_NE;
	const char *name_a = phx_ty_name(s, a), *name_b = phx_ty_name(s, b);
	bool left = !equality && op != PHX_OP_IN && left_is_odd(a.kinds, b.kinds);
	struct phx_span at = left ? at_a : at_b;
	struct phx_diag *d;

	if (equality)
		d = phx_diag_add(s->bag, PHX0203, at,
				 "values of different types never compare equal: %s and %s", name_a, name_b);
	else
		d = phx_diag_add(s->bag, PHX0202, at, "`%s` does not exist for %s and %s", phx_op_text(op),
				 name_a, name_b);
	phx_diag_label(s->bag, d, at, "this is a value of type %s", left ? name_a : name_b);
	phx_diag_label(s->bag, d, left ? at_b : at_a, "this is a value of type %s", left ? name_b : name_a);
	help_mismatch(s, d, op, a.kinds, b.kinds);
}

/* --- arithmetic --- */

static void overflow(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		     const struct phx_value *b, struct phx_value *out)
{
	struct phx_diag *d = phx_eval_error(s, PHX0204, n->span, out, "the result of `%s` is too large",
					    phx_op_text((enum phx_op)n->op));

	if (!d)
		return;
	phx_diag_label(s->bag, d, n->sub.a->span, "this is %s", phx_shown(s, a));
	phx_diag_label(s->bag, d, n->sub.b->span, "this is %s", phx_shown(s, b));
}

static void below_zero(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		       const struct phx_value *b, struct phx_value *out)
{
	struct phx_diag *d =
		phx_eval_error(s, PHX0204, n->sub.b->span, out, "the result would be below zero: %s %s %s",
			       phx_shown(s, a), phx_op_text((enum phx_op)n->op), phx_shown(s, b));

	if (d)
		phx_diag_note(s->bag, d, "sizes and durations are never negative");
}

static bool int_op(enum phx_op op, int64_t a, int64_t b, int64_t *out)
{
	int64_t q, r;

	if (op == PHX_OP_ADD)
		return !__builtin_add_overflow(a, b, out);
	if (op == PHX_OP_SUB)
		return !__builtin_sub_overflow(a, b, out);
	if (op == PHX_OP_MUL)
		return !__builtin_mul_overflow(a, b, out);
	if (a == INT64_MIN && b == -1) {
		*out = 0;
		return op == PHX_OP_MOD;
	}
	/* Rounded down, so that the remainder has the divisor's sign. */
	q = a / b;
	r = a % b;
	if (r != 0 && (r < 0) != (b < 0)) {
		q--;
		r += b;
	}
	*out = op == PHX_OP_DIV ? q : r;
	return true;
}

static double as_double(const struct phx_value *v)
{
	return v->kind == PHX_V_INT ? (double)v->i : v->f;
}

static bool float_op(enum phx_op op, double a, double b, double *out)
{
	if (op == PHX_OP_ADD)
		*out = a + b;
	else if (op == PHX_OP_SUB)
		*out = a - b;
	else if (op == PHX_OP_MUL)
		*out = a * b;
	else
		*out = a / b;
	return isfinite(*out);
}

/* Sizes and durations as magnitudes; both fit into 64 bits without a sign. */
static uint64_t magnitude(const struct phx_value *v)
{
	return v->kind == PHX_V_SIZE ? v->bytes : (uint64_t)v->i;
}

static void amount_result(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
			  const struct phx_value *b, uint64_t m, struct phx_value *out)
{
	if (out->kind == PHX_V_SIZE)
		out->bytes = m;
	else if (m > INT64_MAX)
		overflow(s, n, a, b, out);
	else
		out->i = (int64_t)m;
}

static void amount_op(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		      const struct phx_value *b, struct phx_value *out)
{
	enum phx_op op = (enum phx_op)n->op;
	uint64_t x = magnitude(a), y = magnitude(b), m;

	if (op == PHX_OP_SUB && x < y) {
		below_zero(s, n, a, b, out);
		return;
	}
	if ((a->kind == PHX_V_INT && a->i < 0) || (b->kind == PHX_V_INT && b->i < 0)) {
		below_zero(s, n, a, b, out);
		return;
	}
	if (op == PHX_OP_DIV) {
		m = x / y;
	} else if (op == PHX_OP_SUB) {
		m = x - y;
	} else if (op == PHX_OP_ADD ? __builtin_add_overflow(x, y, &m) : __builtin_mul_overflow(x, y, &m)) {
		overflow(s, n, a, b, out);
		return;
	}
	amount_result(s, n, a, b, m, out);
}

/* --- addresses --- */

/* Adds to the number that the address is; false: beyond the family's range. */
static bool ip_add(struct phx_ip *ip, int64_t by)
{
	int n = ip->family == 4 ? 4 : 16;
	uint64_t left = by < 0 ? -(uint64_t)by : (uint64_t)by;
	int carry = 0;

	for (int i = n - 1; i >= 0; i--) {
		int digit = (int)(left & 0xff);
		int sum = by < 0 ? ip->bytes[i] - digit - carry : ip->bytes[i] + digit + carry;

		left >>= 8;
		carry = sum < 0 || sum > 0xff;
		ip->bytes[i] = (uint8_t)(sum & 0xff);
	}
	return !carry && left == 0;
}

static bool ip_difference(const struct phx_ip *a, const struct phx_ip *b, int64_t *out)
{
	phx_u128 x = 0, y = 0;
	bool negative;

	for (int i = 0; i < (a->family == 4 ? 4 : 16); i++) {
		x = x << 8 | a->bytes[i];
		y = y << 8 | b->bytes[i];
	}
	negative = x < y;
	x = negative ? y - x : x - y;
	if (x > INT64_MAX)
		return false;
	*out = negative ? -(int64_t)x : (int64_t)x;
	return true;
}

static void ip_moved(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		     const struct phx_value *b, struct phx_value *out)
{
	struct phx_ip *ip = PHX_NEW(&s->tmp, struct phx_ip);
	int64_t by = b->i;
	bool ok = true;

	*ip = *a->ip;
	if (n->op == PHX_OP_SUB)
		ok = !__builtin_sub_overflow(0, by, &by);
	if (!ok || !ip_add(ip, by)) {
		phx_eval_error(s, PHX0206, n->sub.b->span, out, "%s %s %s is no address any more",
			       phx_shown(s, a), phx_op_text((enum phx_op)n->op), phx_shown(s, b));
	} else if (a->ip->prefix && !phx_ip_same_net(a->ip, ip)) {
		struct phx_diag *d =
			phx_eval_error(s, PHX0206, n->sub.b->span, out, "%s %s %s lies outside its subnet",
				       phx_shown(s, a), phx_op_text((enum phx_op)n->op), phx_shown(s, b));

		if (d)
			phx_diag_note(s->bag, d, "%s was taken out of a /%u", phx_shown(s, a), a->ip->prefix);
	} else {
		out->ip = ip;
	}
}

static void ip_prefix(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		      const struct phx_value *b, struct phx_value *out)
{
	int64_t max = a->ip->family == 4 ? 32 : 128;
	struct phx_ip *ip;

	if (b->i < 0 || b->i > max) {
		phx_eval_error(s, PHX0206, n->sub.b->span, out,
			       "/%s is no prefix: an IPv%d prefix is 0 to %lld", phx_shown(s, b),
			       a->ip->family, (long long)max);
		return;
	}
	ip = PHX_NEW(&s->tmp, struct phx_ip);
	*ip = *a->ip;
	ip->prefix = (uint8_t)b->i;
	out->ip = ip;
}

static void ip_op(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		  const struct phx_value *b, struct phx_value *out)
{
	if (n->op == PHX_OP_DIV) {
		ip_prefix(s, n, a, b, out);
	} else if (b->kind == PHX_V_INT) {
		ip_moved(s, n, a, b, out);
	} else if (a->ip->family != b->ip->family) {
		phx_eval_error(s, PHX0206, n->sub.b->span, out, "%s and %s are of different families",
			       phx_shown(s, a), phx_shown(s, b));
	} else if (!ip_difference(a->ip, b->ip, &out->i)) {
		overflow(s, n, a, b, out);
	}
}

/* --- comparison --- */

static int sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int float_order(double a, double b)
{
	return (a > b) - (a < b);
}

int phx_value_order(const struct phx_value *a, const struct phx_value *b)
{
	if (a->kind == PHX_V_FLOAT || b->kind == PHX_V_FLOAT)
		return float_order(as_double(a), as_double(b));
	if (a->kind == PHX_V_STRING)
		return phx_str_cmp(a->s, b->s);
	if (a->kind == PHX_V_SIZE)
		return (a->bytes > b->bytes) - (a->bytes < b->bytes);
	if (a->kind == PHX_V_IP) {
		if (a->ip->family != b->ip->family)
			return sign(a->ip->family, b->ip->family);
		return memcmp(a->ip->bytes, b->ip->bytes, sizeof(a->ip->bytes));
	}
	return sign(a->i, b->i);
}

static bool equal(const struct phx_value *a, const struct phx_value *b)
{
	if (is_number((enum phx_value_kind)a->kind) && is_number((enum phx_value_kind)b->kind) &&
	    a->kind != b->kind)
		return float_order(as_double(a), as_double(b)) == 0;
	return phx_value_equal(a, b);
}

static bool compared(enum phx_op op, const struct phx_value *a, const struct phx_value *b)
{
	if (op == PHX_OP_EQ)
		return equal(a, b);
	if (op == PHX_OP_NE)
		return !equal(a, b);
	if (op == PHX_OP_LT)
		return phx_value_order(a, b) < 0;
	if (op == PHX_OP_LE)
		return phx_value_order(a, b) <= 0;
	if (op == PHX_OP_GT)
		return phx_value_order(a, b) > 0;
	return phx_value_order(a, b) >= 0;
}

/* An element of another type than what is looked for is a mistake, as with `==`. */
static void in_list(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		    const struct phx_value *b, struct phx_value *out)
{
	for (uint32_t i = 0; i < b->list.n; i++) {
		const struct phx_value *x = &b->list.v[i];

		if (!equatable((enum phx_value_kind)a->kind, (enum phx_value_kind)x->kind)) {
			struct phx_diag *d = phx_eval_error(
				s, PHX0203, n->sub.a->span, out, "a %s is never in a list of %s",
				phx_value_kind_name((enum phx_value_kind)a->kind),
				phx_value_kind_name((enum phx_value_kind)x->kind));

			if (d)
				phx_diag_label(s->bag, d, n->sub.b->span, "element %u is %s", i,
					       phx_shown(s, x));
			return;
		}
		if (equal(a, x)) {
			out->b = true;
			return;
		}
	}
}

static void in_op(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		  const struct phx_value *b, struct phx_value *out)
{
	if (b->kind == PHX_V_LIST) {
		in_list(s, n, a, b, out);
	} else if (b->kind == PHX_V_CIDR) {
		out->b = phx_ip_same_net(b->ip, a->ip) &&
			 (a->kind == PHX_V_IP || a->ip->prefix >= b->ip->prefix);
	} else {
		for (uint32_t i = 0; i < b->map->n && !out->b; i++)
			out->b = phx_str_eq(a->s, b->map->v[i].key);
	}
}

/* --- all together --- */

static bool divides_by_zero(struct phx_sema *s, const struct phx_node *n, const struct phx_value *b,
			    struct phx_value *out)
{
	bool zero = (b->kind == PHX_V_FLOAT && !(b->f < 0) && !(b->f > 0)) ||
		    (b->kind == PHX_V_SIZE && b->bytes == 0) ||
		    ((b->kind == PHX_V_INT || b->kind == PHX_V_DURATION) && b->i == 0);
	struct phx_diag *d;

	if (!zero || out->kind == PHX_V_CIDR)
		return false;
	d = phx_eval_error(s, PHX0205, n->sub.b->span, out, "division by zero");
	if (d)
		phx_diag_label(s->bag, d, n->sub.b->span, "this is 0");
	return true;
}

static void arithmetic(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		       const struct phx_value *b, struct phx_value *out)
{
	enum phx_op op = (enum phx_op)n->op;

	if ((op == PHX_OP_DIV || op == PHX_OP_MOD) && divides_by_zero(s, n, b, out))
		return;
	if (a->kind == PHX_V_IP)
		ip_op(s, n, a, b, out);
	else if (is_amount((enum phx_value_kind)a->kind) || is_amount((enum phx_value_kind)b->kind))
		amount_op(s, n, a, b, out);
	else if (out->kind == PHX_V_FLOAT ? !float_op(op, as_double(a), as_double(b), &out->f)
					  : !int_op(op, a->i, b->i, &out->i))
		overflow(s, n, a, b, out);
}

void phx_op_apply(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		  const struct phx_value *b, struct phx_value *out)
{
	enum phx_op op = (enum phx_op)n->op;
	enum phx_value_kind kind =
		phx_op_kind(op, (enum phx_value_kind)a->kind, (enum phx_value_kind)b->kind);

	*out = (struct phx_value){.kind = (uint8_t)kind, .span = n->span};
	if (kind == PHX_V_KIND_COUNT) {
		PHX_BUG("operator %s was not checked", phx_op_text(op));
	} else if (op == PHX_OP_IN) {
		in_op(s, n, a, b, out);
	} else if (kind == PHX_V_BOOL) {
		out->b = compared(op, a, b);
	} else {
		arithmetic(s, n, a, b, out);
	}
}
