/* A directory as one archive (ustar): the same bytes for the same names, modes and contents, whoever packs it. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "plan/plan_step.h"

enum { BLOCK = 512, DEPTH_MAX = 64, TREE_MAX_MIB = 512 };

struct tar {
	struct plan *p;
	struct phx_span span;
	struct phx_buf out, manifest;
	uint32_t nfiles;
	bool failed;
};

static void complain(struct tar *t, struct phx_str path, const char *why)
{
	if (!t->failed)
		phx_diag_add(t->p->bag, PHX0643, t->span, PHX_STR_FMT ": %s", PHX_STR_ARG(path), why);
	t->failed = true;
}

static void octal(char *field, size_t size, uint64_t n)
{
	for (size_t i = size - 1; i-- > 0; n /= 8)
		field[i] = (char)('0' + n % 8);
}

/* The header's two places for a name: 100 bytes, or up to 155 and a slash before them. */
static bool put_name(char *h, struct phx_str name)
{
	size_t cut;

	if (name.len <= 100) {
		memcpy(h, name.ptr, name.len);
		return true;
	}
	for (cut = name.len - 101; cut < name.len && cut <= 155; cut++) {
		if (name.ptr[cut] != '/' || cut == 0)
			continue;
		memcpy(h + 345, name.ptr, cut);
		memcpy(h, name.ptr + cut + 1, name.len - cut - 1);
		return true;
	}
	return false;
}

static void header(struct tar *t, struct phx_str name, char type, unsigned mode, uint64_t size,
		   struct phx_str link)
{
	char h[BLOCK] = {0};
	unsigned sum = 0;

	if (!put_name(h, name)) {
		complain(t, name, "the name is too long for an archive");
		return;
	}
	octal(h + 100, 8, mode);
	octal(h + 108, 8, 0);
	octal(h + 116, 8, 0);
	octal(h + 124, 12, size);
	octal(h + 136, 12, 0);
	h[156] = type;
	if (link.len)
		memcpy(h + 157, link.ptr, link.len);
	memcpy(h + 257, "ustar\00000", 8);
	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	octal(h + 148, 7, sum);
	phx_buf_add(&t->out, h, BLOCK);
}

/* As sha256sum prints it: a name with a line's end in it is escaped, and a backslash before the line says so. */
static void manifest_line(struct tar *t, struct phx_str content, struct phx_str name)
{
	bool escaped = phx_str_chr(name, '\n') >= 0 || phx_str_chr(name, '\\') >= 0;

	if (escaped)
		phx_buf_ch(&t->manifest, '\\');
	phx_buf_str(&t->manifest, phx_sha256_hex(t->p->arena, content));
	phx_buf_c(&t->manifest, "  ");
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '\n')
			phx_buf_c(&t->manifest, "\\n");
		else if (name.ptr[i] == '\\')
			phx_buf_c(&t->manifest, "\\\\");
		else
			phx_buf_ch(&t->manifest, name.ptr[i]);
	}
	phx_buf_ch(&t->manifest, '\n');
}

static void file(struct tar *t, struct phx_str path, struct phx_str name, unsigned mode)
{
	struct phx_buf bytes = {0};
	struct phx_err err = {0};

	if (!phx_read_file(path.ptr, &bytes, &err)) {
		if (!t->failed)
			phx_diag_add(t->p->bag, PHX0643, t->span, PHX_STR_FMT,
				     PHX_STR_ARG(phx_buf_view(&err.msg)));
		t->failed = true;
	} else if (t->out.len + bytes.len > (size_t)TREE_MAX_MIB << 20) {
		complain(t, path, "the directory is larger than 512 MiB: share it by NFS or a mount");
	} else {
		header(t, name, '0', mode, bytes.len, (struct phx_str){0});
		phx_buf_str(&t->out, phx_buf_view(&bytes));
		phx_buf_fill(&t->out, '\0', (BLOCK - bytes.len % BLOCK) % BLOCK);
		t->nfiles++;
		manifest_line(t, phx_buf_view(&bytes), name);
	}
	phx_err_done(&err);
	phx_buf_done(&bytes);
}

static void symbolic_link(struct tar *t, struct phx_str path, struct phx_str name)
{
	char to[101]; /* an archive has 100 bytes for it */
	ssize_t n = readlink(path.ptr, to, sizeof(to));

	if (n <= 0)
		complain(t, path, strerror(errno));
	else if (n == sizeof(to))
		complain(t, path, "what it links to is longer than 100 bytes, too long for an archive");
	else
		header(t, name, '2', 0777, 0, (struct phx_str){to, (size_t)n});
	t->nfiles++;
}

static int by_name(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

static void directory(struct tar *t, struct phx_str path, struct phx_str name, unsigned depth);

static void entry(struct tar *t, struct phx_str path, struct phx_str name, unsigned depth)
{
	struct stat st;

	if (t->failed)
		return;
	if (lstat(path.ptr, &st) != 0)
		complain(t, path, strerror(errno));
	else if (S_ISREG(st.st_mode))
		file(t, path, name, st.st_mode & 07777);
	else if (S_ISLNK(st.st_mode))
		symbolic_link(t, path, name);
	else if (S_ISDIR(st.st_mode)) {
		header(t, plan_text(t->p, name, PHX_STR("/")), '5', st.st_mode & 07777, 0,
		       (struct phx_str){0});
		directory(t, path, name, depth + 1);
	} else
		complain(t, path, "it is neither a file, a directory nor a symbolic link");
}

static void directory(struct tar *t, struct phx_str path, struct phx_str name, unsigned depth)
{
	PHX_VEC(struct phx_str) names = {0};
	DIR *d = opendir(path.ptr);
	struct dirent *e;

	if (!d || depth > DEPTH_MAX) {
		complain(t, path, d ? "directories too deep inside one another" : strerror(errno));
		if (d)
			closedir(d);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			phx_vec_push(t->p->arena, &names, phx_str_dup(t->p->arena, phx_str_c(e->d_name)));
	closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (uint32_t i = 0; i < names.n; i++)
		entry(t, phx_path_join(t->p->arena, path, names.v[i]),
		      name.len ? plan_text(t->p, name, PHX_STR("/"), names.v[i]) : names.v[i], depth);
}

const struct plan_tree *plan_tree_of(struct plan *p, struct phx_str path, struct phx_span span)
{
	struct phx_map_entry *e = phx_map_find(&p->trees, path);
	struct tar t = {.p = p, .span = span};
	struct plan_tree *tree;

	if (e)
		return e->ptr;
	path = phx_str_dup(p->arena, path);
	e = phx_map_put(p->arena, &p->trees, path, NULL);
	directory(&t, path, PHX_STR(""), 0);
	phx_buf_fill(&t.out, '\0', (size_t)2 * BLOCK);
	if (!t.failed) {
		tree = PHX_NEW(p->arena, struct plan_tree);
		tree->tar = phx_str_dup(p->arena, phx_buf_view(&t.out));
		tree->sha256 = phx_sha256_hex(p->arena, tree->tar);
		tree->nfiles = t.nfiles;
		tree->manifest = phx_str_dup(p->arena, phx_buf_view(&t.manifest));
		e = phx_map_find(&p->trees, path);
		e->ptr = tree;
	}
	phx_buf_done(&t.manifest);
	phx_buf_done(&t.out);
	return phx_map_get(&p->trees, path);
}
