/* What people see of a run. On a terminal: what is over stands above, what runs is a tree below that is drawn again in its
 * place. Elsewhere: one plain line an event. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/map.h"
#include "base/utf8.h"

enum { WIDTH = 100, HEIGHT = 24, NARROWEST = 20, TREE_MAX = 30, DRAW_MS = 50 };

/* An action at work. */
struct branch {
	const struct phx_action *a;
	uint64_t since_ms;
	struct phx_buf note; /* what was last heard of it */
};

struct phx_progress {
	struct phx_progress_options o;
	const struct phx_plan *plan;
	struct branch *branches;
	uint32_t n, cap;
	struct phx_arena arena;
	struct phx_map left; /* address → actions that are not over */
	uint64_t now_ms;
	uint32_t finished, total, failed;
	uint64_t drawn_at;
	uint32_t drawn[TREE_MAX + 2], ndrawn; /* widths of the lines that stand there now */
	bool utf8;
	struct phx_buf out;
};

enum style { PLAIN, GOOD, BAD, WARN, DIM, STRONG };

static void style(struct phx_progress *p, enum style s)
{
	static const char *const codes[] = {[PLAIN] = "\x1b[0m", [GOOD] = "\x1b[32m", [BAD] = "\x1b[1;31m",
					    [WARN] = "\x1b[33m", [DIM] = "\x1b[2m",   [STRONG] = "\x1b[1m"};

	if (p->o.colour)
		phx_buf_c(&p->out, codes[s]);
}

static void elapsed(struct phx_buf *b, uint64_t ms)
{
	uint64_t s = ms / 1000;

	if (s >= 3600)
		phx_buf_printf(b, "%llu:%02llu:%02llu", (unsigned long long)(s / 3600),
			       (unsigned long long)(s / 60 % 60), (unsigned long long)(s % 60));
	else
		phx_buf_printf(b, "%llu:%02llu", (unsigned long long)(s / 60), (unsigned long long)(s % 60));
}

static void duration(struct phx_buf *b, uint64_t ms)
{
	if (ms < 60000)
		phx_buf_printf(b, "%.1f s", (double)ms / 1000);
	else
		elapsed(b, ms);
}

static void flush(struct phx_progress *p)
{
	fwrite(p->out.ptr, 1, p->out.len, p->o.out);
	fflush(p->o.out);
	phx_buf_clear(&p->out);
}

static void ask_size(struct phx_progress *p, uint32_t *width, uint32_t *height)
{
	struct winsize w = {0};

	*width = p->o.width;
	*height = p->o.height;
	if ((!*width || !*height) && ioctl(fileno(p->o.out), TIOCGWINSZ, &w) != 0)
		w = (struct winsize){0};
	if (!*width)
		*width = w.ws_col ? w.ws_col : WIDTH;
	if (!*height)
		*height = w.ws_row ? w.ws_row : HEIGHT;
	if (*width < NARROWEST)
		*width = NARROWEST;
}

/* Up to where the tree began; lines that a narrower terminal has wrapped since count as many. */
static void erase(struct phx_progress *p, uint32_t width)
{
	uint32_t rows = 0;

	for (uint32_t i = 0; i < p->ndrawn; i++)
		rows += p->drawn[i] ? (p->drawn[i] + width - 1) / width : 1;
	if (rows)
		phx_buf_printf(&p->out, "\r\x1b[%uA\x1b[J", rows);
	p->ndrawn = 0;
}

/* Cuts to the width, and remembers how wide the line is. */
static void draw_line(struct phx_progress *p, struct phx_str line, uint32_t width)
{
	uint32_t used = 0, len;
	size_t at = 0;

	while (at < line.len) {
		uint32_t c = phx_utf8_at(line, at, &len), w = phx_utf8_width(c);

		if (used + w > width - 1)
			break;
		if (phx_utf8_unprintable(c))
			phx_buf_ch(&p->out, '?');
		else
			phx_buf_add(&p->out, line.ptr + at, len);
		used += w;
		at += len;
	}
	phx_buf_ch(&p->out, '\n');
	if (p->ndrawn < PHX_COUNTOF(p->drawn))
		p->drawn[p->ndrawn++] = used;
}

static void draw_head(struct phx_progress *p, uint32_t width)
{
	struct phx_buf line = {0};

	phx_buf_printf(&line, PHX_STR_FMT ": %u of %u actions", PHX_STR_ARG(p->plan->stack), p->finished,
		       p->total);
	if (p->failed)
		phx_buf_printf(&line, ", %u failed", p->failed);
	phx_buf_printf(&line, ", %u at work, ", p->n);
	elapsed(&line, p->now_ms);
	style(p, STRONG);
	draw_line(p, phx_buf_view(&line), width);
	style(p, PLAIN);
	phx_buf_done(&line);
}

static void draw_branch(struct phx_progress *p, const struct branch *b, bool last, uint32_t width)
{
	struct phx_buf line = {0};

	phx_buf_c(&line, p->utf8 ? (last ? "└─ " : "├─ ") : (last ? "`- " : "|- "));
	elapsed(&line, p->now_ms - b->since_ms); /* first: the end of a long line is cut off */
	phx_buf_printf(&line, "  " PHX_STR_FMT ": " PHX_STR_FMT, PHX_STR_ARG(b->a->address),
		       PHX_STR_ARG(b->a->summary));
	if (b->note.len)
		phx_buf_printf(&line, "  " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&b->note)));
	draw_line(p, phx_buf_view(&line), width);
	phx_buf_done(&line);
}

static void draw(struct phx_progress *p, uint32_t width, uint32_t height)
{
	uint32_t room = height > 4 ? height - 3 : 1, shown;

	if (room > TREE_MAX)
		room = TREE_MAX;
	shown = p->n <= room ? p->n : room - 1;
	draw_head(p, width);
	for (uint32_t i = 0; i < shown; i++)
		draw_branch(p, &p->branches[i], i + 1 == p->n, width);
	if (shown < p->n) {
		struct phx_buf line = {0};

		phx_buf_printf(&line, "%s and %u more", p->utf8 ? "└─" : "`-", p->n - shown);
		draw_line(p, phx_buf_view(&line), width);
		phx_buf_done(&line);
	}
}

static void redraw(struct phx_progress *p)
{
	uint32_t width, height;

	if (!p->o.tty || !p->plan)
		return;
	ask_size(p, &width, &height);
	erase(p, width);
	draw(p, width, height);
	flush(p);
	p->drawn_at = p->now_ms;
}

/* After an event: many come at once, and nobody sees more than a few trees a second. */
static void redraw_soon(struct phx_progress *p)
{
	if (!p->ndrawn || p->now_ms - p->drawn_at >= DRAW_MS)
		redraw(p);
}

/* A line that stays: above the tree, or just printed. */
static void say(struct phx_progress *p, enum style s, const char *sign, struct phx_str text)
{
	uint32_t width, height;

	if (p->o.tty) {
		ask_size(p, &width, &height);
		erase(p, width);
	}
	style(p, s);
	phx_buf_c(&p->out, sign);
	style(p, PLAIN);
	phx_buf_ch(&p->out, ' ');
	phx_buf_str(&p->out, text);
	phx_buf_ch(&p->out, '\n');
	if (p->o.tty && p->plan)
		draw(p, width, height);
	flush(p);
}

static struct branch *find_branch(struct phx_progress *p, const struct phx_action *a)
{
	for (uint32_t i = 0; i < p->n; i++) {
		if (p->branches[i].a == a)
			return &p->branches[i];
	}
	return NULL;
}

static void add_branch(struct phx_progress *p, const struct phx_event *e)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 16;
		p->branches = realloc(p->branches, p->cap * sizeof(*p->branches));
		if (!p->branches)
			phx_out_of_memory();
	}
	p->branches[p->n++] = (struct branch){.a = e->action, .since_ms = e->at_ms};
}

static void drop_branch(struct phx_progress *p, const struct phx_action *a)
{
	struct branch *b = find_branch(p, a);

	if (!b)
		return;
	phx_buf_done(&b->note);
	memmove(b, b + 1, (size_t)(p->branches + p->n - b - 1) * sizeof(*b));
	p->n--;
}

static void count_addresses(struct phx_progress *p, const struct phx_plan *plan)
{
	for (uint32_t i = 0; i < plan->actions.n; i++)
		phx_map_put(&p->arena, &p->left, plan->actions.v[i]->address, NULL)->num++;
}

static bool was_run(const struct phx_action_result *res)
{
	return res->outcome == PHX_OUT_DONE || res->outcome == PHX_OUT_ALREADY ||
	       res->outcome == PHX_OUT_FAILED;
}

/* "vm.web: clone vm 8000 to 8001 (2.7 s)" */
static void describe(struct phx_buf *b, const struct phx_action *a, const struct phx_action_result *res)
{
	phx_buf_printf(b, PHX_STR_FMT ": " PHX_STR_FMT, PHX_STR_ARG(a->address), PHX_STR_ARG(a->summary));
	if (res && was_run(res)) {
		phx_buf_c(b, " (");
		duration(b, res->ended_ms - res->started_ms);
		phx_buf_ch(b, ')');
	}
}

static enum style style_of(const struct phx_action_result *res)
{
	switch ((enum phx_outcome)res->outcome) {
	case PHX_OUT_DONE:
	case PHX_OUT_ALREADY:
		return res->warned ? WARN : GOOD;
	case PHX_OUT_FAILED:
		return BAD;
	case PHX_OUT_LEFT:
	case PHX_OUT_SKIPPED:
	case PHX_OUT_UNKNOWN:
	case PHX_OUT_COUNT:
		return WARN;
	}
	return PLAIN;
}

static const char *sign_of(const struct phx_progress *p, const struct phx_action_result *res)
{
	if (res->outcome == PHX_OUT_DONE || res->outcome == PHX_OUT_ALREADY)
		return res->warned ? "!" : p->utf8 ? "✓" : "+";
	return res->outcome == PHX_OUT_FAILED ? (p->utf8 ? "✗" : "x") : "-";
}

/* On a terminal a line per resource that is complete, and per failure or warning; the tree showed the rest. */
static void finish_tree(struct phx_progress *p, const struct phx_event *e)
{
	struct phx_map_entry *left = phx_map_find(&p->left, e->action->address);
	const struct phx_action_result *res = e->result;
	struct phx_buf line = {0};
	bool complete;

	drop_branch(p, e->action);
	if (left && left->num)
		left->num--;
	complete = left && !left->num;
	if (res->outcome == PHX_OUT_FAILED || res->warned) {
		describe(&line, e->action, res);
		if (res->message.len)
			phx_buf_printf(&line, ": " PHX_STR_FMT, PHX_STR_ARG(res->message));
		say(p, style_of(res), sign_of(p, res), phx_buf_view(&line));
	} else if (complete && !p->o.quiet &&
		   (res->outcome == PHX_OUT_DONE || res->outcome == PHX_OUT_ALREADY) &&
		   !phx_str_eqc(e->action->address, "stack")) {
		phx_buf_str(&line, e->action->address);
		say(p, GOOD, sign_of(p, res), phx_buf_view(&line));
	}
	redraw_soon(p);
	phx_buf_done(&line);
}

static void plain_line(struct phx_progress *p, const struct phx_event *e, enum style s, const char *what,
		       bool with_result)
{
	struct phx_buf line = {0};

	phx_buf_printf(&p->out, "%8.1fs ", (double)e->at_ms / 1000);
	style(p, s);
	phx_buf_printf(&p->out, "%-9s", what);
	style(p, PLAIN);
	if (e->action) {
		phx_buf_printf(&line, " a%u ", e->action->id);
		describe(&line, e->action, with_result ? e->result : NULL);
	}
	if (e->text.len)
		phx_buf_printf(&line, "%s" PHX_STR_FMT, e->action ? ": " : " ", PHX_STR_ARG(e->text));
	else if (with_result && e->result && e->result->message.len)
		phx_buf_printf(&line, ": " PHX_STR_FMT, PHX_STR_ARG(e->result->message));
	/* One line an event, whatever a message holds. */
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\n')
			phx_buf_c(&p->out, " | ");
		else
			phx_buf_ch(&p->out, line.ptr[i]);
	}
	phx_buf_ch(&p->out, '\n');
	phx_buf_done(&line);
	flush(p);
}

static void finish_plain(struct phx_progress *p, const struct phx_event *e)
{
	bool good = e->result->outcome == PHX_OUT_DONE || e->result->outcome == PHX_OUT_ALREADY;

	/* What a failure holds back is told once, in the report after the run. */
	if (e->result->outcome == PHX_OUT_SKIPPED)
		return;
	if (!p->o.quiet || !good || e->result->warned)
		plain_line(p, e, style_of(e->result), phx_outcome_name((enum phx_outcome)e->result->outcome),
			   true);
}

static void plain(struct phx_progress *p, const struct phx_event *e)
{
	switch (e->kind) {
	case PHX_EV_START:
		if (!p->o.quiet)
			plain_line(p, e, PLAIN, "start", false);
		return;
	case PHX_EV_PROGRESS:
		if (!p->o.quiet)
			plain_line(p, e, DIM, "...", false);
		return;
	case PHX_EV_TASK:
		if (!p->o.quiet)
			plain_line(p, e, DIM, "task", false);
		return;
	case PHX_EV_RETRY:
		plain_line(p, e, WARN, "retry", false);
		return;
	case PHX_EV_WARNING:
		plain_line(p, e, WARN, "warning", false);
		return;
	case PHX_EV_OUTPUT:
		/* What a step prints stands in its log. */
		if (!p->o.quiet && (p->o.verbose || !e->action || e->action->type != PHX_ACT_GUEST))
			plain_line(p, e, DIM, "output", false);
		return;
	case PHX_EV_INTERRUPT:
		plain_line(p, e, WARN, "stop", false);
		return;
	case PHX_EV_FINISH:
		finish_plain(p, e);
		return;
	case PHX_EV_BEGIN:
	case PHX_EV_END:
		return;
	}
}

static void note(struct phx_progress *p, const struct phx_event *e)
{
	struct branch *b = e->action ? find_branch(p, e->action) : NULL;
	struct phx_str first = phx_str_trim(e->text), line;

	if (!b || !first.len || !phx_str_cut(&first, '\n', &line))
		return;
	while (e->kind == PHX_EV_OUTPUT && first.ptr) /* the newest line */
		(void)phx_str_cut(&first, '\n', &line);
	phx_buf_clear(&b->note);
	phx_buf_str(&b->note, line);
}

static void say_about(struct phx_progress *p, const struct phx_event *e, enum style s)
{
	struct phx_buf line = {0};

	if (e->action)
		phx_buf_printf(&line, PHX_STR_FMT ": ", PHX_STR_ARG(e->action->address));
	phx_buf_str(&line, e->text);
	say(p, s, "!", phx_buf_view(&line));
	phx_buf_done(&line);
}

static void tree(struct phx_progress *p, const struct phx_event *e)
{
	switch (e->kind) {
	case PHX_EV_START:
		add_branch(p, e);
		redraw_soon(p);
		return;
	case PHX_EV_PROGRESS:
	case PHX_EV_RETRY:
	case PHX_EV_OUTPUT:
		note(p, e);
		return;
	case PHX_EV_TASK:
	case PHX_EV_BEGIN:
		return;
	case PHX_EV_WARNING:
	case PHX_EV_INTERRUPT:
		say_about(p, e, WARN);
		return;
	case PHX_EV_FINISH:
		finish_tree(p, e);
		return;
	case PHX_EV_END:
		return;
	}
}

static void on_event(void *user, const struct phx_event *e)
{
	struct phx_progress *p = user;

	if (e->kind == PHX_EV_BEGIN) {
		p->plan = e->plan;
		count_addresses(p, e->plan);
	}
	p->now_ms = e->at_ms;
	p->finished = e->finished;
	p->total = e->total;
	if (e->kind == PHX_EV_FINISH && e->result->outcome == PHX_OUT_FAILED)
		p->failed++;
	if (p->o.tty)
		tree(p, e);
	else
		plain(p, e);
}

static void on_tick(void *user, uint64_t at_ms)
{
	struct phx_progress *p = user;

	p->now_ms = at_ms;
	redraw(p);
}

static bool speaks_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		const char *v = getenv(names[i]);

		if (v && *v)
			return strcasestr(v, "utf-8") || strcasestr(v, "utf8");
	}
	return false;
}

struct phx_progress *phx_progress_open(const struct phx_progress_options *o,
				       struct phx_listener *out_listener)
{
	struct phx_progress *p = calloc(1, sizeof(*p));

	if (!p)
		phx_out_of_memory();
	p->o = *o;
	p->utf8 = speaks_utf8();
	*out_listener = (struct phx_listener){.event = on_event, .tick = o->tty ? on_tick : NULL, .user = p};
	return p;
}

void phx_progress_note(struct phx_progress *p, struct phx_str text)
{
	say(p, WARN, "!", text);
}

void phx_progress_close(struct phx_progress *p)
{
	uint32_t width, height;

	if (!p)
		return;
	if (p->o.tty) {
		ask_size(p, &width, &height);
		erase(p, width);
		flush(p);
	}
	for (uint32_t i = 0; i < p->n; i++)
		phx_buf_done(&p->branches[i].note);
	free(p->branches);
	phx_buf_done(&p->out);
	phx_arena_done(&p->arena);
	free(p);
}
