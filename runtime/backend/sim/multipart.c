/* multipart/form-data, as it streams in: fields are kept, of the file only name, size and SHA-256. */
#include "backend/sim/body.h"

#include <string.h>

#include <openssl/evp.h>

#define FIELD_MAX ((size_t)64 << 10)
#define HEAD_KEEP 1024

struct phx_sim_multipart {
	struct phx_sim_request *r;
	struct phx_buf boundary; /* "\r\n--BOUNDARY" */
	struct phx_buf pending;
	bool in_part, is_file, over;
	struct phx_buf name, value;
	EVP_MD_CTX *sum;
};

static struct phx_str boundary_of(const char *content_type)
{
	const char *b = strstr(content_type, "boundary=");
	struct phx_str s;

	if (b == NULL)
		return (struct phx_str){0};
	s = phx_str_c(b + strlen("boundary="));
	if (s.len > 1 && s.ptr[0] == '"')
		(void)phx_str_cut(&(struct phx_str){s.ptr + 1, s.len - 1}, '"', &s);
	else
		(void)phx_str_cut(&(struct phx_str){s.ptr, s.len}, ';', &s);
	return phx_str_trim(s);
}

struct phx_sim_multipart *phx_sim_multipart_new(struct phx_sim_request *r)
{
	struct phx_sim_multipart *m = calloc(1, sizeof(*m));

	if (m == NULL)
		phx_out_of_memory();
	m->r = r;
	phx_buf_c(&m->boundary, "\r\n--");
	phx_buf_str(&m->boundary, boundary_of(r->content_type));
	phx_buf_c(&m->pending, "\r\n"); /* so that the first boundary looks like the others */
	m->sum = EVP_MD_CTX_new();
	if (m->sum == NULL)
		phx_out_of_memory();
	return m;
}

void phx_sim_multipart_free(struct phx_sim_multipart *m)
{
	if (m == NULL)
		return;
	phx_buf_done(&m->boundary);
	phx_buf_done(&m->pending);
	phx_buf_done(&m->name);
	phx_buf_done(&m->value);
	EVP_MD_CTX_free(m->sum);
	free(m);
}

/* The value of `key="…"` in a Content-Disposition line. */
static void attribute(struct phx_str line, const char *key, struct phx_buf *out)
{
	ptrdiff_t at = phx_str_find(line, phx_str_c(key));
	struct phx_str rest, value;

	phx_buf_clear(out);
	if (at < 0)
		return;
	rest = phx_str_from(line, (size_t)at + strlen(key));
	(void)phx_str_cut(&rest, '"', &value);
	phx_buf_str(out, value);
}

static void begin_part(struct phx_sim_multipart *m, struct phx_str head)
{
	struct phx_sim_upload *up = &m->r->upload;

	m->in_part = true;
	attribute(head, " name=\"", &m->name);
	m->is_file = phx_str_find(head, PHX_STR(" filename=\"")) >= 0;
	phx_buf_clear(&m->value);
	if (m->is_file) {
		attribute(head, " filename=\"", &up->filename);
		up->given = true;
		up->size = 0;
		EVP_DigestInit_ex(m->sum, EVP_sha256(), NULL);
	}
}

static void part_data(struct phx_sim_multipart *m, const char *p, size_t n)
{
	struct phx_sim_upload *up = &m->r->upload;

	if (!m->is_file) {
		if (m->value.len + n <= FIELD_MAX)
			phx_buf_add(&m->value, p, n);
		return;
	}
	EVP_DigestUpdate(m->sum, p, n);
	if (up->head.len < HEAD_KEEP)
		phx_buf_add(&up->head, p, n < HEAD_KEEP - up->head.len ? n : HEAD_KEEP - up->head.len);
	up->size += n;
}

static void end_part(struct phx_sim_multipart *m)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (!m->in_part)
		return;
	m->in_part = false;
	if (m->is_file) {
		EVP_DigestFinal_ex(m->sum, sum, &n);
		for (unsigned i = 0; i < n && i < 32; i++) {
			m->r->upload.sha256[2 * i] = hex[sum[i] >> 4];
			m->r->upload.sha256[2 * i + 1] = hex[sum[i] & 15];
		}
		return;
	}
	/* Fields join the query, from where they are read like any other parameter. */
	if (m->r->query.len > 0)
		phx_buf_ch(&m->r->query, '&');
	phx_buf_percent(&m->r->query, phx_buf_view(&m->name));
	phx_buf_ch(&m->r->query, '=');
	phx_buf_percent(&m->r->query, phx_buf_view(&m->value));
}

static void drop_front(struct phx_buf *b, size_t n)
{
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
	b->ptr[b->len] = 0;
}

/* One step: a part's data up to the boundary, or a boundary with the header behind it. False: more bytes are needed. */
static bool step(struct phx_sim_multipart *m)
{
	struct phx_str all = phx_buf_view(&m->pending), mark = phx_buf_view(&m->boundary);
	ptrdiff_t at = phx_str_find(all, mark), head_end;

	if (at < 0) {
		if (all.len <= mark.len)
			return false;
		if (m->in_part)
			part_data(m, all.ptr, all.len - mark.len);
		drop_front(&m->pending, all.len - mark.len);
		return false;
	}
	head_end = phx_str_find(phx_str_from(all, (size_t)at), PHX_STR("\r\n\r\n"));
	if (head_end < 0 && !phx_str_starts(phx_str_from(all, (size_t)at + mark.len), "--"))
		return false;
	if (m->in_part)
		part_data(m, all.ptr, (size_t)at);
	end_part(m);
	if (phx_str_starts(phx_str_from(all, (size_t)at + mark.len), "--")) {
		m->over = true;
		return false;
	}
	begin_part(m, phx_str_slice(all, (size_t)at + mark.len, (size_t)head_end - mark.len));
	drop_front(&m->pending, (size_t)at + (size_t)head_end + 4);
	return true;
}

void phx_sim_multipart_feed(struct phx_sim_multipart *m, const char *bytes, size_t n)
{
	if (m->over)
		return;
	phx_buf_add(&m->pending, bytes, n);
	while (step(m))
		;
	if (!m->in_part && m->pending.len > FIELD_MAX)
		m->over = true; /* a header without end */
}

void phx_sim_multipart_end(struct phx_sim_multipart *m)
{
	if (!m->over)
		m->r->upload.given = false; /* cut short: no file */
	m->over = true;
}
