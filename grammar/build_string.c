#include "build_priv.h"

#include <string.h>

/* Templates and heredocs. */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Leading blanks of the line at text[at]; SIZE_MAX: nothing but blanks stands on it. `last`: no text follows. */
static size_t indent_of(struct phx_str text, size_t at, bool last)
{
	size_t start = at;

	while (at < text.len && is_blank(text.ptr[at]))
		at++;
	if (at < text.len ? text.ptr[at] == '\n' : last)
		return SIZE_MAX;
	return at - start;
}

/* Calls for every line that starts in the texts of a heredoc; a line starts at the beginning and behind each newline
 * of a text, not inside `${}`. With `cut` that many blanks go from each; else the least number of them is returned. */
static size_t heredoc_lines(struct phx_parser *p, void **parts, uint32_t n, size_t cut, struct phx_buf *out)
{
	size_t least = SIZE_MAX;
	bool start = true;
	uint32_t i;

	for (i = 0; i < n; i++) {
		struct phx_expr *part = parts[i];
		size_t at = 0;

		if (part->flags & PHX_EF_INTERP) {
			least = start ? 0 : least;
			start = false;
			continue;
		}
		phx_buf_clear(out);
		while (at < part->s.len) {
			const char *nl = memchr(part->s.ptr + at, '\n', part->s.len - at);
			size_t end = nl ? (size_t)(nl + 1 - part->s.ptr) : part->s.len;

			if (start) {
				size_t indent = indent_of(part->s, at, i + 1 == n), have = 0;

				least = indent < least ? indent : least;
				while (have < cut && at < end && is_blank(part->s.ptr[at])) {
					at++;
					have++;
				}
			}
			phx_buf_str(out, phx_str_slice(part->s, at, end - at));
			start = nl != NULL;
			at = end;
		}
		if (cut)
			part->s = phx_str_dup(p->arena, phx_buf_view(out));
	}
	return least;
}

/* Returns how many parts are left: a text that was nothing but indentation goes. */
static uint32_t cut_indent(struct phx_parser *p, uint32_t n)
{
	void **parts = p->nodes.v + p->nodes.n - n;
	struct phx_buf text = {0};
	size_t least = heredoc_lines(p, parts, n, 0, &text);
	uint32_t left = 0, i;

	if (least != SIZE_MAX && least > 0)
		heredoc_lines(p, parts, n, least, &text);
	phx_buf_done(&text);
	for (i = 0; i < n; i++) {
		const struct phx_expr *part = parts[i];

		if ((part->flags & PHX_EF_INTERP) || part->s.len)
			parts[left++] = parts[i];
	}
	p->nodes.n -= n - left;
	return left;
}

struct phx_expr *phx_build_template(struct phx_parser *p, uint32_t n, struct phx_span at)
{
	bool heredoc = p->text.ptr[at.start] == '<';
	struct phx_expr *e;

	if (n && heredoc && (p->text.ptr[at.start + 2] == '~' || p->text.ptr[at.start + 2] == '-'))
		n = cut_indent(p, n);
	if (p->string_bad) {
		phx_build_cut(p, n);
		return phx_build_leaf(p, PHX_EXPR_ERROR, at);
	}
	if (n == 0 || (n == 1 && !(((struct phx_expr *)p->nodes.v[p->nodes.n - 1])->flags & PHX_EF_INTERP))) {
		e = phx_build_leaf(p, PHX_EXPR_STRING, at);
		e->s = n ? ((struct phx_expr *)*phx_build_cut(p, 1))->s
			 : (struct phx_str){p->text.ptr + at.start, 0};
	} else {
		e = phx_build_items(p, PHX_EXPR_TEMPLATE, n, at);
	}
	if (heredoc)
		e->flags |= PHX_EF_HEREDOC;
	return e;
}
