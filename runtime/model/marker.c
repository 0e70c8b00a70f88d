#include "model/marker.h"

#include <string.h>

/* `<!-- phx:1 stack=lab address=vm.web id=101 building spec=… slot:data=scsi1 -->`: words between blanks, names and
 * values percent-encoded, so that neither blank, `=` nor `-->` can stand in one. */
static const char head[] = "<!-- phx:1 ";
static const char tail[] = " -->";

enum { MAX_LINE = 8192 }; /* Proxmox's own limit of a description */

static void word(struct phx_buf *out, const char *name, struct phx_str value)
{
	phx_buf_ch(out, ' ');
	phx_buf_c(out, name);
	phx_buf_ch(out, '=');
	phx_buf_percent(out, value);
}

void phx_marker_print(const struct phx_marker *m, struct phx_buf *out)
{
	phx_buf_add(out, head, sizeof(head) - 2); /* every word brings its blank */
	word(out, "stack", m->stack);
	word(out, "address", m->address);
	phx_buf_c(out, " id=");
	phx_buf_u64(out, m->id);
	if (m->building)
		phx_buf_c(out, " building");
	if (m->spec.len > 0)
		word(out, "spec", m->spec);
	for (uint32_t i = 0; i < m->facts.n; i++) {
		phx_buf_ch(out, ' ');
		phx_buf_percent(out, m->facts.v[i].key);
		phx_buf_ch(out, '=');
		phx_buf_percent(out, *(const struct phx_str *)m->facts.v[i].ptr);
	}
	phx_buf_c(out, tail);
}

/* --- reading --- */

static struct phx_str decoded(struct phx_arena *a, struct phx_str text)
{
	struct phx_buf buf = {0};
	struct phx_str out;

	phx_buf_unpercent(&buf, text);
	out = phx_str_dup(a, phx_buf_view(&buf));
	phx_buf_done(&buf);
	return out;
}

/* Whose guest it is must be clean text. Facts may hold anything but NUL: a file's name may have a line's end in it. */
static bool decode(struct phx_arena *a, struct phx_str text, struct phx_str *out)
{
	struct phx_str clear = decoded(a, text);

	for (size_t i = 0; i < clear.len; i++) {
		unsigned char c = (unsigned char)clear.ptr[i];

		if (c < 0x20 || c == 0x7f)
			return false;
	}
	*out = clear;
	return true;
}

static bool fact(struct phx_arena *a, struct phx_marker *m, struct phx_str name, struct phx_str value)
{
	struct phx_str clear_name = decoded(a, name), clear_value = decoded(a, value);

	if (clear_name.len == 0 || phx_str_chr(clear_name, '\0') >= 0 || phx_str_chr(clear_value, '\0') >= 0)
		return false;
	phx_marker_set_fact(a, m, clear_name, clear_value);
	return true;
}

static bool read_word(struct phx_arena *a, struct phx_marker *m, struct phx_str text, unsigned *seen)
{
	struct phx_str value = text, name;

	if (phx_str_eqc(text, "building")) {
		m->building = true;
		return true;
	}
	if (!phx_str_cut(&value, '=', &name) || !value.ptr)
		return false;
	if (phx_str_eqc(name, "stack") && !(*seen & 1)) {
		*seen |= 1;
		return decode(a, value, &m->stack);
	}
	if (phx_str_eqc(name, "address") && !(*seen & 2)) {
		*seen |= 2;
		return decode(a, value, &m->address);
	}
	if (phx_str_eqc(name, "id") && !(*seen & 4)) {
		*seen |= 4;
		return phx_parse_u64(value, &m->id);
	}
	if (phx_str_eqc(name, "spec") && !(*seen & 8)) {
		*seen |= 8;
		return decode(a, value, &m->spec);
	}
	if (phx_str_eqc(name, "stack") || phx_str_eqc(name, "address") || phx_str_eqc(name, "id") ||
	    phx_str_eqc(name, "spec"))
		return false;
	return fact(a, m, name, value);
}

static bool read_line(struct phx_str line, struct phx_arena *a, struct phx_marker *out)
{
	struct phx_marker m = {0};
	struct phx_str rest, text;
	unsigned seen = 0;

	if (line.len > MAX_LINE || !phx_str_starts(line, head) || !phx_str_ends(line, tail) ||
	    line.len < sizeof(head) + sizeof(tail))
		return false;
	rest = phx_str_slice(line, sizeof(head) - 1, line.len - (sizeof(head) - 1) - (sizeof(tail) - 1));
	while (phx_str_cut(&rest, ' ', &text)) {
		if (text.len > 0 && !read_word(a, &m, text, &seen))
			return false;
	}
	if ((seen & 7) != 7 || m.stack.len == 0 || m.address.len == 0)
		return false;
	*out = m;
	return true;
}

static struct phx_str trim_end(struct phx_str s)
{
	while (s.len > 0 && (s.ptr[s.len - 1] == '\n' || s.ptr[s.len - 1] == '\r' ||
			     s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* Of several lines that read as one the last counts: it was written last. Those before it are the user's own text. */
static bool find_line(struct phx_str description, struct phx_arena *a, struct phx_marker *out,
		      size_t *out_start, size_t *out_end)
{
	struct phx_str rest = description, line;
	bool found = false;

	while (phx_str_cut(&rest, '\n', &line)) {
		struct phx_str clean = line;

		if (clean.len > 0 && clean.ptr[clean.len - 1] == '\r')
			clean.len--;
		if (!read_line(phx_str_trim(clean), a, out))
			continue;
		found = true;
		*out_start = (size_t)(line.ptr - description.ptr);
		*out_end = rest.ptr ? (size_t)(rest.ptr - description.ptr) : description.len;
	}
	return found;
}

bool phx_marker_read(struct phx_str description, struct phx_arena *a, struct phx_marker *out,
		     struct phx_str *out_notes)
{
	struct phx_buf notes = {0};
	size_t start, end;

	*out_notes = description;
	if (!find_line(description, a, out, &start, &end))
		return false;
	phx_buf_str(&notes, phx_str_slice(description, 0, start));
	phx_buf_str(&notes, phx_str_from(description, end));
	*out_notes = phx_str_dup(a, trim_end(phx_buf_view(&notes)));
	phx_buf_done(&notes);
	return true;
}

void phx_marker_description(struct phx_str notes, const struct phx_marker *m, struct phx_buf *out)
{
	notes = trim_end(notes);
	phx_buf_str(out, notes);
	if (notes.len > 0)
		phx_buf_ch(out, '\n');
	phx_marker_print(m, out);
}

/* --- facts --- */

static uint32_t place(const struct phx_marker *m, struct phx_str name, bool *out_found)
{
	uint32_t lo = 0, hi = m->facts.n;

	*out_found = false;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order = phx_str_cmp(m->facts.v[mid].key, name);

		if (order == 0) {
			*out_found = true;
			return mid;
		}
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct phx_str phx_marker_fact(const struct phx_marker *m, const char *name)
{
	bool found;
	uint32_t at = place(m, phx_str_c(name), &found);

	return found ? *(const struct phx_str *)m->facts.v[at].ptr : PHX_STR("");
}

/* An empty value takes the fact away. */
void phx_marker_set_fact(struct phx_arena *a, struct phx_marker *m, struct phx_str name, struct phx_str value)
{
	bool found;
	uint32_t at = place(m, name, &found);
	struct phx_str *text;

	if (value.len == 0) {
		if (found)
			memmove(&m->facts.v[at], &m->facts.v[at + 1],
				(--m->facts.n - at) * sizeof(*m->facts.v));
		return;
	}
	text = PHX_NEW(a, struct phx_str);
	*text = phx_str_dup(a, value);
	if (found) {
		m->facts.v[at].ptr = text;
		return;
	}
	phx_vec_push(a, &m->facts, (struct phx_map_entry){0});
	memmove(&m->facts.v[at + 1], &m->facts.v[at], (m->facts.n - 1 - at) * sizeof(*m->facts.v));
	m->facts.v[at] = (struct phx_map_entry){.key = phx_str_dup(a, name), .ptr = text};
}

struct phx_str phx_marker_tag(struct phx_arena *a, struct phx_str stack)
{
	return phx_str_printf(a, "phx-" PHX_STR_FMT, PHX_STR_ARG(stack));
}
