#include "guest/work.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/secret.h"
#include "guest/guest_priv.h"

enum { HASH_DIGITS = 12 };

const char *phx_guest_way_name(enum phx_guest_way w)
{
	static const char *const names[PHX_WAY_COUNT] = {"none", "agent", "qm", "pct"};

	return names[w];
}

uint8_t phx_guest_way_for(uint8_t way, bool is_vm)
{
	if (way != PHX_WAY_NONE)
		return way;
	return is_vm ? PHX_WAY_AGENT : PHX_WAY_PCT;
}

static void field(struct phx_buf *b, struct phx_str s)
{
	/* With its length, so that no two lists of fields give the same bytes. */
	phx_buf_printf(b, "%zu:", s.len);
	phx_buf_str(b, s);
}

struct phx_str phx_guest_work_hash(struct phx_arena *a, const struct phx_guest_work *w)
{
	struct phx_buf b = {0};
	struct phx_str hex;

	field(&b, w->script);
	for (uint32_t i = 0; i < w->env.n; i++) {
		field(&b, w->env.v[i].name);
		field(&b, w->env.v[i].value);
	}
	phx_buf_c(&b, "files");
	for (uint32_t i = 0; i < w->files.n; i++) {
		field(&b, w->files.v[i].name);
		field(&b, w->files.v[i].sha256);
	}
	hex = phx_sha256_hex(a, phx_buf_view(&b));
	phx_buf_done(&b);
	return phx_str_slice(hex, 0, HASH_DIGITS);
}

bool phx_guest_file_measure(struct phx_arena *a, struct phx_guest_file *f, struct phx_err *err)
{
	struct stat st;
	char hex[65];

	if (!f->path.len) {
		f->size = f->content.len;
		f->sha256 = phx_sha256_hex(a, f->content);
		return true;
	}
	if (!phx_sha256_file(f->path.ptr, hex, err))
		return false;
	if (stat(f->path.ptr, &st) != 0)
		return phx_err_errno(err, errno, "cannot read " PHX_STR_FMT, PHX_STR_ARG(f->path));
	f->size = (uint64_t)st.st_size;
	f->sha256 = phx_str_dup(a, phx_str_c(hex));
	return true;
}
