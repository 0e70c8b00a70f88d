/* file-write and file-read of the guest agent. */
#include <errno.h>
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/guest.h"
#include "backend/sim/handlers.h"

json_t *phx_sim_guest_files(json_t *g)
{
	json_t *fs = json_object_get(g, "fs");

	if (fs == NULL) {
		fs = json_object();
		json_object_set_new(g, "fs", fs);
	}
	return fs;
}

static bool directory_exists(const char *path)
{
	static const char *const there[] = {"/etc/",  "/tmp/", "/root/", "/var/", "/opt/",
					    "/home/", "/usr/", "/srv/",  "/run/", "/mnt/"};

	for (size_t i = 0; i < PHX_COUNTOF(there); i++)
		if (phx_sim_starts(path, there[i]))
			return true;
	return path[0] == '/' && strchr(path + 1, '/') == NULL;
}

/* Proxmox turns the text into bytes one code point a byte (353), and cannot when there is one above U+00FF. */
static bool latin1(struct phx_str text, struct phx_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < 0x80) {
			phx_buf_ch(out, (char)c);
		} else if ((c == 0xc2 || c == 0xc3) && i + 1 < text.len) {
			phx_buf_ch(out, (char)(((c & 3) << 6) | ((unsigned char)text.ptr[++i] & 0x3f)));
		} else {
			return false;
		}
	}
	return true;
}

static void cannot_open(struct phx_sim_request *r, const char *path, const char *mode, int why)
{
	phx_sim_fail(r, 500, "Agent error: failed to open file '%s' (mode: '%s'): %s", path, mode,
		     strerror(why));
}

/* A file of a guest that is a tree: read or written by a process in it. NULL: not ready, or failed, and the answer is set. */
static struct phx_sim_proc *tree_file(struct phx_sim_request *r, enum phx_sim_proc_kind kind,
				      struct phx_str bytes)
{
	const char *argv[] = {phx_sim_p(r, "file"), NULL};
	int64_t vmid = phx_sim_pi(r, "vmid", 0);
	struct phx_sim_proc *p;

	if (r->ctx == NULL) {
		p = phx_sim_proc_start(r->sim, phx_sim_guest(r->sim, vmid), kind, argv, bytes,
				       PHX_SIM_AGENT_MAX);
		p->number = -phx_sim_meta_count(r->sim, "guest_file", 1);
		r->ctx = json_pack("{s:I}", "number", (json_int_t)p->number);
	} else {
		p = phx_sim_proc_find(r->sim, vmid, phx_json_int(r->ctx, "number", 0));
	}
	if (p == NULL) {
		phx_sim_fail(r, 500, "VM %lld is not running", (long long)vmid);
	} else if (p->state < PHX_SIM_PROC_ENDED) {
		p->waiter = r;
		r->waiting = true;
	} else if (p->state == PHX_SIM_PROC_ENDED) {
		p->waiter = NULL;
		return p;
	} else {
		p->waiter = NULL;
		if (p->why.len > 0)
			phx_sim_fail(r, 500, "Agent error: this guest's tree does not run: %s", p->why.ptr);
		else
			cannot_open(r, argv[0], kind == PHX_SIM_PROC_READ ? "r" : "wb", p->sys);
		phx_sim_proc_free(r->sim, p);
	}
	return NULL;
}

static void tree_write(struct phx_sim_request *r, struct phx_str bytes)
{
	struct phx_sim_proc *p = tree_file(r, PHX_SIM_PROC_WRITE, bytes);

	if (p == NULL)
		return;
	phx_sim_proc_free(r->sim, p);
	phx_sim_ok(r, NULL);
}

static void tree_read(struct phx_sim_request *r)
{
	struct phx_sim_proc *p = tree_file(r, PHX_SIM_PROC_READ, (struct phx_str){0});
	json_t *o;

	if (p == NULL)
		return;
	o = json_pack("{s:I, s:o}", "bytes-read", (json_int_t)p->out.len, "content",
		      phx_sim_agent_text(phx_buf_view(&p->out)));
	if (p->out_cut)
		phx_sim_set_int(o, "truncated", 1);
	phx_sim_proc_free(r->sim, p);
	phx_sim_ok(r, o);
}

void phx_sim_agent_file_write(struct phx_sim_request *r)
{
	json_t *g = r->ctx != NULL ? phx_sim_guest_of(r, "qemu") : phx_sim_agent_of(r),
	       *content = json_object_get(r->p, "content");
	const char *path = phx_sim_p(r, "file");
	struct phx_str text = {json_string_value(content), json_string_length(content)};
	struct phx_buf bytes = {0}, coded = {0};
	bool encode = phx_sim_pb(r, "encode", true);

	if (g == NULL)
		return;
	if (!phx_sim_has_trees(r->sim) && !directory_exists(path)) {
		cannot_open(r, path, "wb", ENOENT);
	} else if (encode ? !latin1(text, &bytes) : !phx_buf_unbase64(&bytes, text)) {
		if (encode)
			phx_sim_fail(r, 500,
				     "Wide character in subroutine entry at "
				     "/usr/share/perl5/PVE/API2/Qemu/Agent.pm line 479.");
		else
			phx_sim_fail(r, 500, "Agent error: Invalid base64 data");
	} else if (phx_sim_has_trees(r->sim)) {
		tree_write(r, phx_buf_view(&bytes));
	} else {
		phx_buf_base64(&coded, phx_buf_view(&bytes));
		json_object_set_new(phx_sim_guest_files(g), path,
				    json_pack("{s:s%, s:I}", "base64", coded.ptr != NULL ? coded.ptr : "",
					      coded.len, "bytes", (json_int_t)bytes.len));
		phx_sim_guest_dirty(r->sim, g);
		phx_sim_ok(r, NULL);
	}
	phx_buf_done(&bytes);
	phx_buf_done(&coded);
}

/* Bytes as Proxmox shows them: UTF-8 when they are, else each byte as the code point of its number (345, 355). */
json_t *phx_sim_agent_text(struct phx_str bytes)
{
	json_t *out = json_stringn(bytes.ptr != NULL ? bytes.ptr : "", bytes.len);
	struct phx_buf text = {0};

	if (out != NULL)
		return out;
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		if (c >= 0x80)
			phx_buf_ch(&text, (char)(0xc0 | (c >> 6)));
		phx_buf_ch(&text, (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
	}
	out = json_stringn(text.ptr, text.len);
	phx_buf_done(&text);
	return out;
}

static void read_big(struct phx_sim_request *r, int64_t size)
{
	int64_t shown_size = size < (int64_t)PHX_SIM_AGENT_MAX ? size : (int64_t)PHX_SIM_AGENT_MAX;
	struct phx_buf fill = {0};
	json_t *o;

	phx_buf_fill(&fill, 'x', (size_t)shown_size);
	o = json_pack("{s:I, s:s%}", "bytes-read", (json_int_t)shown_size, "content", fill.ptr, fill.len);
	if (shown_size < size)
		phx_sim_set_int(o, "truncated", 1);
	phx_buf_done(&fill);
	phx_sim_ok(r, o);
}

/* A file is base64 of what was written, `text` of a seed, or of a `size` that alone counts. */
void phx_sim_agent_file_read(struct phx_sim_request *r)
{
	json_t *g = r->ctx != NULL ? phx_sim_guest_of(r, "qemu") : phx_sim_agent_of(r), *file;
	const char *path = phx_sim_p(r, "file");
	struct phx_buf bytes = {0};

	if (g == NULL)
		return;
	if (phx_sim_has_trees(r->sim)) {
		tree_read(r);
		return;
	}
	file = json_object_get(phx_sim_guest_files(g), path);
	if (file == NULL) {
		cannot_open(r, path, "r", ENOENT);
		return;
	}
	if (json_object_get(file, "size") != NULL) {
		read_big(r, phx_json_int(file, "size", 0));
		return;
	}
	if (phx_sim_s(file, "text") != NULL)
		phx_buf_c(&bytes, phx_sim_s(file, "text"));
	else if (!phx_buf_unbase64(&bytes, phx_str_c(phx_sim_so(file, "base64", ""))))
		phx_buf_clear(&bytes);
	phx_sim_ok(r, json_pack("{s:I, s:o}", "bytes-read", (json_int_t)bytes.len, "content",
				phx_sim_agent_text(phx_buf_view(&bytes))));
	phx_buf_done(&bytes);
}
