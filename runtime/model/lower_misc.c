/* Clusters, images and pools. */
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "model/graph_priv.h"

static const struct phx_value *value_of(const struct phx_block *b, const char *name)
{
	const struct phx_attr *a = b ? phx_block_attr(b, name) : NULL;

	return a && phx_known(&a->value) ? &a->value : NULL;
}

static struct phx_str text_of(struct phx_gb *b, const struct phx_block *blk, const char *name)
{
	return phx_gb_text(b, value_of(blk, name));
}

/* One file is looked for once, however many guests name it. */
void phx_check_file(struct phx_gb *b, struct phx_str dir, const struct phx_value *path, const char *what)
{
	struct phx_str full;
	struct phx_map_entry *e;
	struct phx_diag *d;
	bool fresh;

	if (!phx_known(path) || path->kind != PHX_V_STRING)
		return;
	full = phx_path_join(b->work, dir.len > 0 ? dir : PHX_STR("."), path->s);
	e = phx_map_put(b->work, &b->files, full, &fresh);
	if (fresh)
		e->num = access(full.ptr, R_OK) == 0;
	if (e->num)
		return;
	d = phx_diag_add(b->bag, PHX0323, path->span, "`%s` names a file that does not exist", what);
	phx_diag_label(b->bag, d, path->span, "looked for at " PHX_STR_FMT, PHX_STR_ARG(full));
	phx_diag_note(b->bag, d, "paths are relative to the file they stand in");
}

/* --- clusters --- */

static struct phx_str secret_of(struct phx_gb *b, const struct phx_block *blk, const char *name)
{
	const struct phx_value *v = value_of(blk, name);
	struct phx_diag *d;

	if (!v || v->kind != PHX_V_STRING)
		return PHX_STR("");
	phx_secrets_add(b->secrets, v->s);
	if (!(v->flags & PHX_VF_SECRET) && v->s.len > 0) {
		d = phx_diag_add(b->bag, PHX0428, v->span, "`%s` stands in clear in the source", name);
		phx_diag_help(b->bag, d, "read it from the environment: `%s = env(\"PHX_%s\")`", name,
			      strcmp(name, "token") == 0 ? "TOKEN" : "PASSWORD");
	}
	return v->s;
}

/* "pve" of "https://pve:8006", "2001:db8::1" of "https://[2001:db8::1]". */
static struct phx_str host_of(struct phx_gb *b, struct phx_str endpoint)
{
	ptrdiff_t at = phx_str_find(endpoint, PHX_STR("://"));
	struct phx_str host = at < 0 ? (struct phx_str){0} : phx_str_from(endpoint, (size_t)at + 3);
	size_t n = 0;

	if (phx_str_starts(host, "[")) {
		at = phx_str_chr(host, ']');
		return at < 0 ? (struct phx_str){0}
			      : phx_str_dup(b->arena, phx_str_slice(host, 1, (size_t)at - 1));
	}
	while (n < host.len && host.ptr[n] != ':' && host.ptr[n] != '/')
		n++;
	return phx_str_dup(b->arena, phx_str_slice(host, 0, n));
}

static void no_ssh_host(struct phx_gb *b, const struct phx_node *n, const struct phx_block *ssh)
{
	struct phx_diag *d =
		phx_diag_add(b->bag, PHX0307, ssh ? ssh->span : n->decl->body.span,
			     ssh ? "`ssh` needs `host`, as the cluster has no `endpoint` to take it from"
				 : "`backend = \"ssh\"` needs an `ssh` block");

	phx_diag_help(b->bag, d, "name a node of the cluster: `ssh { host = \"pve1\" }`");
}

void phx_lower_cluster(struct phx_gb *b, struct phx_node *n)
{
	struct phx_cluster *c = (struct phx_cluster *)n->r;
	const struct phx_block *body = &n->decl->body, *ssh = phx_block_child(body, "ssh");
	const struct phx_value *port = value_of(ssh, "port"), *ca = value_of(body, "ca_file");
	const struct phx_attr *fingerprint = phx_block_attr(body, "fingerprint");

	c->endpoint = text_of(b, body, "endpoint");
	c->node = text_of(b, body, "node");
	c->fingerprint = text_of(b, body, "fingerprint");
	c->token = secret_of(b, body, "token");
	c->user = text_of(b, body, "user");
	c->password = secret_of(b, body, "password");
	c->backend = text_of(b, body, "backend");
	c->ssh = ssh != NULL;
	c->ssh_host = text_of(b, ssh, "host");
	if (c->ssh && c->ssh_host.len == 0)
		c->ssh_host = host_of(b, c->endpoint);
	if (c->ssh_host.len == 0 && !phx_block_attr(body, "endpoint") &&
	    (c->ssh || phx_str_eqc(c->backend, "ssh")))
		no_ssh_host(b, n, ssh);
	c->ssh_user = text_of(b, ssh, "user");
	if (c->ssh && c->ssh_user.len == 0)
		c->ssh_user = PHX_STR("root");
	if (port && port->kind == PHX_V_INT) {
		if (port->i < 1 || port->i > 65535)
			phx_diag_add(b->bag, PHX0422, port->span, "`port` is 1 to 65535");
		else
			c->ssh_port = (uint32_t)port->i;
	}
	if (ca) {
		phx_check_file(b, n->decl->dir, ca, "ca_file");
		c->ca_file = phx_path_join(b->arena, n->decl->dir, ca->s);
		if (c->fingerprint.len > 0)
			phx_diag_label(b->bag,
				       phx_diag_add(b->bag, PHX0320, ca->span,
						    "a cluster has a `ca_file` or a `fingerprint`, not both"),
				       fingerprint->name_span, "the fingerprint");
	}
	phx_lower_capacity(b, phx_block_child(body, "capacity"), c);
	phx_vec_push(b->arena, &b->g->clusters, c);
}

/* --- pools --- */

static bool pool_name_ok(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter &&
		    (i == 0 || ((c < '0' || c > '9') && c != '_' && c != '-' && c != '.' && c != '/')))
			return false;
	}
	return s.len > 0 && s.len <= 128;
}

void phx_lower_pool(struct phx_gb *b, struct phx_node *n)
{
	struct phx_pool *p = (struct phx_pool *)n->r;
	const struct phx_attr *comment = phx_block_attr(&n->decl->body, "comment");

	p->comment_declared = comment != NULL;
	p->comment = text_of(b, &n->decl->body, "comment");
	if (!pool_name_ok(n->decl->name))
		phx_diag_note(
			b->bag,
			phx_diag_add(b->bag, PHX0326, n->decl->span,
				     "a pool cannot be called `" PHX_STR_FMT "`", PHX_STR_ARG(n->decl->name)),
			"its name begins with a letter and goes on with letters, digits, `-`, `_` and `.`");
}

/* --- images --- */

static struct phx_str base_name(struct phx_str path)
{
	struct phx_str rest = path, piece, last = path;

	while (phx_str_cut(&rest, '/', &piece))
		last = piece;
	return last;
}

static bool ends(struct phx_str s, const char *const *suffixes)
{
	for (; *suffixes; suffixes++) {
		if (phx_str_ends(s, *suffixes))
			return true;
	}
	return false;
}

static const char *const template_ends[] = {".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz", NULL};
static const char *const import_ends[] = {".qcow2", ".raw", ".vmdk", ".ova", ".ovf", NULL};

static struct phx_str content_of(struct phx_str name)
{
	if (phx_str_ends(name, ".iso"))
		return PHX_STR("iso");
	return ends(name, template_ends) ? PHX_STR("vztmpl") : PHX_STR("import");
}

/* Proxmox takes disk images to import only under .qcow2, .raw, .vmdk or .ova. The `.img` of cloud images is qcow2 inside
 * (Ubuntu, CirrOS, openSUSE) and is stored under that name; `filename` says otherwise. A query of the URL is no part of it. */
static struct phx_str stored_name(struct phx_gb *b, struct phx_str name, struct phx_str content)
{
	ptrdiff_t query = phx_str_chr(name, '?');

	if (query >= 0)
		name.len = (size_t)query;
	if (!phx_str_eqc(content, "import") || ends(name, import_ends) || name.len == 0)
		return name;
	if (phx_str_ends(name, ".img"))
		name.len -= 4;
	return phx_str_printf(b->arena, PHX_STR_FMT ".qcow2", PHX_STR_ARG(name));
}

static void image_source(struct phx_gb *b, struct phx_node *n, struct phx_image *im)
{
	static const char *const names[] = {"url", "volume", "file"};
	const struct phx_attr *found[3] = {0};
	uint32_t count = 0;
	struct phx_diag *d;

	for (size_t i = 0; i < 3; i++) {
		const struct phx_attr *a = phx_block_attr(&n->decl->body, names[i]);

		if (a && !phx_is_null(&a->value))
			found[count++] = a;
	}
	im->url = text_of(b, &n->decl->body, "url");
	im->volume = text_of(b, &n->decl->body, "volume");
	im->file = text_of(b, &n->decl->body, "file");
	if (count == 1)
		return;
	d = phx_diag_add(b->bag, PHX0435, count ? found[1]->name_span : n->decl->span,
			 count ? "an image comes from one place"
			       : "`" PHX_STR_FMT "` does not say where it comes from",
			 PHX_STR_ARG(n->decl->address));
	if (count)
		phx_diag_label(b->bag, d, found[0]->name_span, "this is one already");
	phx_diag_note(
		b->bag, d,
		"`url` is downloaded by the node, `file` is uploaded, `volume` lies on a storage already");
}

struct algorithm {
	const char *name;
	size_t digits;
};
static const struct algorithm algorithms[] = {{"md5", 32},    {"sha1", 40},   {"sha224", 56},
					      {"sha256", 64}, {"sha384", 96}, {"sha512", 128}};

static bool hex(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

static void bad_checksum(struct phx_gb *b, const struct phx_value *v, struct phx_str digits,
			 const struct algorithm *a)
{
	struct phx_diag *d = phx_diag_add(b->bag, PHX0436, v->span,
					  a ? "this is no %s checksum" : "a checksum names its algorithm",
					  a ? a->name : "");

	if (a) {
		phx_diag_note(b->bag, d, "%s has %zu hexadecimal digits, here are %zu characters", a->name,
			      a->digits, digits.len);
		return;
	}
	phx_diag_note(b->bag, d, "there are md5, sha1, sha224, sha256, sha384 and sha512");
	for (size_t i = 0; i < PHX_COUNTOF(algorithms); i++) {
		if (v->s.len == algorithms[i].digits && hex(v->s))
			phx_diag_help(b->bag, d, "by its length this is `%s:…`", algorithms[i].name);
	}
}

static void image_checksum(struct phx_gb *b, struct phx_node *n, struct phx_image *im)
{
	const struct phx_value *v = value_of(&n->decl->body, "checksum");
	const struct algorithm *a = NULL;
	struct phx_str rest, name;

	if (!v || v->kind != PHX_V_STRING)
		return;
	if (phx_str_find(v->s, PHX_STR("\xe2\x80\xa6")) >= 0 || phx_str_find(v->s, PHX_STR("...")) >= 0) {
		phx_diag_note(
			b->bag,
			phx_diag_add(b->bag, PHX0442, v->span, "the checksum still has to be filled in"),
			"until then the image is taken as it comes");
		return;
	}
	rest = v->s;
	if (!phx_str_cut(&rest, ':', &name) || !rest.ptr) {
		bad_checksum(b, v, v->s, NULL);
		return;
	}
	for (size_t i = 0; i < PHX_COUNTOF(algorithms); i++) {
		if (phx_str_eqc(name, algorithms[i].name))
			a = &algorithms[i];
	}
	if (!a || rest.len != a->digits || !hex(rest)) {
		bad_checksum(b, v, rest, a);
		return;
	}
	im->checksum = rest;
	im->checksum_algorithm = name;
}

static void image_volume(struct phx_gb *b, struct phx_node *n, struct phx_image *im)
{
	const struct phx_value *v = value_of(&n->decl->body, "volume");
	struct phx_str rest = im->volume, storage, content;
	ptrdiff_t slash;

	if (im->volume.len == 0)
		return;
	if (!phx_str_cut(&rest, ':', &storage) || rest.len == 0 || storage.len == 0) {
		phx_diag_add(b->bag, PHX0433, v->span,
			     "`" PHX_STR_FMT "` is no volume: they are written `STORAGE:import/NAME`",
			     PHX_STR_ARG(im->volume));
		return;
	}
	slash = phx_str_chr(rest, '/');
	content = slash > 0 ? phx_str_slice(rest, 0, (size_t)slash) : PHX_STR("images");
	im->storage = storage;
	im->content = content;
	im->filename = base_name(rest);
}

void phx_lower_image(struct phx_gb *b, struct phx_node *n)
{
	struct phx_image *im = (struct phx_image *)n->r;
	const struct phx_block *body = &n->decl->body;
	const struct phx_value *url = value_of(body, "url"), *file = value_of(body, "file");
	struct phx_str from, name = text_of(b, body, "filename");

	image_source(b, n, im);
	image_checksum(b, n, im);
	im->node = text_of(b, body, "node");
	im->storage = text_of(b, body, "storage");
	im->content = text_of(b, body, "content");
	if (im->storage.len == 0 && !phx_block_attr(body, "storage"))
		im->storage = PHX_STR("local"); /* exists on every node that Proxmox's installer made */
	image_volume(b, n, im);
	if (file) {
		phx_check_file(b, n->decl->dir, file, "file");
		im->file_path = phx_path_join(b->arena, n->decl->dir, file->s);
	}
	if (url && !phx_str_starts(url->s, "http://") && !phx_str_starts(url->s, "https://"))
		phx_diag_note(b->bag,
			      phx_diag_add(b->bag, PHX0422, url->span,
					   "Proxmox cannot download `" PHX_STR_FMT "`", PHX_STR_ARG(url->s)),
			      "it takes http and https");
	if (im->volume.len > 0)
		return;
	from = name.len > 0 ? name : base_name(im->url.len > 0 ? im->url : im->file);
	if (im->content.len == 0)
		im->content = content_of(from);
	im->filename = name.len > 0 ? name : stored_name(b, from, im->content);
}
