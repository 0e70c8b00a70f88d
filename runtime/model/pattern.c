#include "model/pattern.h"

#include <string.h>

#include "model/pattern_priv.h"

/* The tree becomes a program for a machine that runs all alternatives side by side (Thompson). */

enum { MAX_CODE = 2048, MANY = PHX_PATTERN_MANY };

enum op { OP_SET, OP_SPLIT, OP_JUMP, OP_START, OP_END, OP_MATCH };

struct inst {
	uint8_t op;
	uint16_t x, y; /* SPLIT: both targets; JUMP: x */
	const struct set *set;
};

struct phx_pattern {
	uint16_t n;
	struct inst *code;
};

struct emitter {
	struct inst *code;
	uint32_t n; /* beyond MAX_CODE nothing is written */
};

static uint32_t emit(struct emitter *e, enum op op, const struct set *set)
{
	if (e->n < MAX_CODE)
		e->code[e->n] = (struct inst){.op = (uint8_t)op, .set = set};
	return e->n < MAX_CODE ? e->n++ : MAX_CODE;
}

static void target(struct emitter *e, uint32_t at, uint32_t x, uint32_t y)
{
	if (at >= MAX_CODE)
		return;
	e->code[at].x = (uint16_t)x;
	e->code[at].y = (uint16_t)y;
}

static void emit_node(struct emitter *e, const struct node *n);

static void emit_repeat(struct emitter *e, const struct node *n)
{
	for (uint16_t i = 0; i < n->min && e->n < MAX_CODE; i++)
		emit_node(e, n->left);
	if (n->max == MANY) {
		uint32_t split = emit(e, OP_SPLIT, NULL);
		emit_node(e, n->left);
		target(e, emit(e, OP_JUMP, NULL), split, 0);
		target(e, split, split + 1, e->n);
		return;
	}
	for (uint16_t i = n->min; i < n->max && e->n < MAX_CODE; i++) {
		uint32_t split = emit(e, OP_SPLIT, NULL);
		emit_node(e, n->left);
		target(e, split, split + 1, e->n);
	}
}

static void emit_alt(struct emitter *e, const struct node *n)
{
	uint32_t split = emit(e, OP_SPLIT, NULL);
	emit_node(e, n->left);
	uint32_t jump = emit(e, OP_JUMP, NULL);
	target(e, split, split + 1, e->n);
	emit_node(e, n->right);
	target(e, jump, e->n, 0);
}

static void emit_node(struct emitter *e, const struct node *n)
{
	switch (n->kind) {
	case NODE_EMPTY:
		break;
	case NODE_SET:
		emit(e, OP_SET, n->set);
		break;
	case NODE_START:
		emit(e, OP_START, NULL);
		break;
	case NODE_END:
		emit(e, OP_END, NULL);
		break;
	case NODE_CAT:
		emit_node(e, n->left);
		emit_node(e, n->right);
		break;
	case NODE_ALT:
		emit_alt(e, n);
		break;
	case NODE_REPEAT:
		emit_repeat(e, n);
		break;
	}
}

const struct phx_pattern *phx_pattern_compile(struct phx_arena *arena, struct phx_str pattern,
					      struct phx_err *err)
{
	struct inst code[MAX_CODE];
	struct emitter e = {.code = code};
	const char *wrong;
	struct phx_str text = phx_str_printf(arena, "^" PHX_STR_FMT "$", PHX_STR_ARG(pattern));
	const struct node *n = phx_pattern_parse(arena, text, &wrong);
	if (n) {
		emit_node(&e, n);
		emit(&e, OP_MATCH, NULL);
		if (e.n >= MAX_CODE)
			wrong = "too much repetition";
	}
	if (wrong) {
		phx_err_set(err, PHX_ERR_DATA, "pattern `" PHX_STR_FMT "` has %s", PHX_STR_ARG(pattern),
			    wrong);
		return NULL;
	}
	struct phx_pattern *out = PHX_NEW(arena, struct phx_pattern);
	out->n = (uint16_t)e.n;
	out->code = PHX_NEW_N(arena, struct inst, e.n);
	memcpy(out->code, code, e.n * sizeof(*code));
	return out;
}

struct threads {
	uint16_t n;
	uint16_t at[MAX_CODE];
};

struct machine {
	const struct phx_pattern *p;
	struct phx_str text;
	uint32_t step;           /* counts positions from 1 */
	uint32_t seen[MAX_CODE]; /* last step in which an instruction was reached */
};

/* `$` is the end, or before a newline that ends the text. */
static bool at_end(const struct machine *m, size_t pos)
{
	return pos == m->text.len || (pos + 1 == m->text.len && m->text.ptr[pos] == '\n');
}

/* Follows everything that takes no character. True: a match. */
static bool reach(struct machine *m, struct threads *t, uint16_t first, size_t pos)
{
	uint16_t stack[MAX_CODE];
	uint32_t depth = 0;
	stack[depth++] = first;
	while (depth > 0) {
		uint16_t pc = stack[--depth];
		if (m->seen[pc] == m->step)
			continue;
		m->seen[pc] = m->step;
		const struct inst *i = &m->p->code[pc];
		switch ((enum op)i->op) {
		case OP_MATCH:
			return true;
		case OP_SET:
			t->at[t->n++] = pc;
			break;
		case OP_SPLIT:
			stack[depth++] = i->y;
			stack[depth++] = i->x;
			break;
		case OP_JUMP:
			stack[depth++] = i->x;
			break;
		case OP_START:
			if (pos == 0)
				stack[depth++] = (uint16_t)(pc + 1);
			break;
		case OP_END:
			if (at_end(m, pos))
				stack[depth++] = (uint16_t)(pc + 1);
			break;
		}
	}
	return false;
}

bool phx_pattern_match(const struct phx_pattern *p, struct phx_str text)
{
	struct machine m; /* too large to clear as a whole */
	struct threads lists[2];
	struct threads *now = &lists[0], *next = &lists[1];
	m.p = p;
	m.text = text;
	m.step = 1;
	memset(m.seen, 0, p->n * sizeof(*m.seen));
	now->n = 0;
	for (size_t pos = 0;; pos++) {
		/* Not anchored as a whole: a match may begin anywhere, unless `^` forbids it. */
		if (reach(&m, now, 0, pos))
			return true;
		if (pos == text.len)
			return false;
		m.step++;
		next->n = 0;
		for (uint16_t i = 0; i < now->n; i++) {
			const struct inst *in = &p->code[now->at[i]];
			if (set_has(in->set, (unsigned char)text.ptr[pos]) &&
			    reach(&m, next, (uint16_t)(now->at[i] + 1), pos + 1))
				return true;
		}
		struct threads *swap = now;
		now = next;
		next = swap;
	}
}
