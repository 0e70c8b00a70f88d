/* pvesh's exit code, output and error text as an answer of the API (recordings cli/127 to 154; PVE::CLI::pvesh). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "backend/pvesh/pvesh_priv.h"
#include "base/sys.h"

static const char no_such_property[] =
	"property is not defined in schema and the schema does not allow additional properties";

static struct phx_err_context context(const struct phx_pvesh_call *c)
{
	struct phx_err_context x = {.method = c->r.method,
				    .path = c->r.path,
				    .identity = c->pvesh->backend.identity,
				    .endpoint = phx_str_c(c->pvesh->backend.endpoint),
				    .params = &c->params};

	return x;
}

static struct phx_str last_line(struct phx_str text)
{
	size_t at;

	while (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	at = text.len;
	while (at && text.ptr[at - 1] != '\n')
		at--;
	return phx_str_from(text, at);
}

/* A task's own output comes before the result, which is the last line; what has no result prints none. */
static json_t *result_of(struct phx_str out, bool write)
{
	struct phx_err err = {0};
	json_t *data = phx_json_parse(out, "pvesh", &err);

	if (!data) {
		phx_err_clear(&err);
		data = phx_json_parse(last_line(out), "pvesh", &err);
	}
	phx_err_done(&err);
	/* A number at the end of a task's output is no result of a write. */
	if (write && data && !json_is_string(data) && !json_is_object(data) && !json_is_array(data)) {
		json_decref(data);
		return NULL;
	}
	return data;
}

static bool is_name(struct phx_str s)
{
	if (s.len == 0 || s.len > 64)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!isalnum((unsigned char)s.ptr[i]) && !strchr("_-.[]", s.ptr[i]))
			return false;
	}
	return true;
}

/* As over the API: what the server quotes back of a secret is masked. */
static void mark_secret(const struct phx_pvesh_call *c, struct phx_arena *a, struct phx_param *p)
{
	struct phx_buf masked = {0};

	for (uint32_t i = 0; i < c->params.v.n; i++) {
		if (c->params.v.v[i].secret && phx_str_eq(c->params.v.v[i].name, p->name))
			p->secret = true;
	}
	if (!p->secret || !c->pvesh->secrets)
		return;
	phx_secrets_mask(c->pvesh->secrets, p->value, &masked);
	p->value = phx_str_dup(a, phx_buf_view(&masked));
	phx_buf_done(&masked);
}

typedef PHX_VEC(struct phx_param) phx_errors;

/* "net0: invalid format - format error", then "net0.bogus: …" which belongs to it. */
static void parameter_line(const struct phx_pvesh_call *c, struct phx_arena *a, struct phx_str line,
			   phx_errors *to)
{
	ptrdiff_t colon = phx_str_chr(line, ':');
	struct phx_str name = colon > 0 ? phx_str_slice(line, 0, (size_t)colon) : (struct phx_str){0};
	struct phx_param *last = to->n ? &to->v[to->n - 1] : NULL;
	struct phx_param p = {0};

	if (last && (!is_name(name) || (phx_str_starts(name, last->name.ptr) && name.len > last->name.len &&
					name.ptr[last->name.len] == '.'))) {
		last->value = phx_str_printf(a, PHX_STR_FMT "\n" PHX_STR_FMT, PHX_STR_ARG(last->value),
					     PHX_STR_ARG(line));
		return;
	}
	if (!is_name(name))
		return;
	p.name = phx_str_dup(a, name);
	p.value = phx_str_dup(a, phx_str_trim(phx_str_from(line, (size_t)colon + 1)));
	mark_secret(c, a, &p);
	phx_vec_push(a, to, p);
}

static bool is_usage(struct phx_str line)
{
	return phx_str_starts(line, "pvesh ") || phx_str_starts(line, "USAGE:");
}

static int by_name(const void *a, const void *b)
{
	return phx_str_cmp(((const struct phx_param *)a)->name, ((const struct phx_param *)b)->name);
}

/* "400 Parameter verification failed." and a line a parameter; or "Unknown option: foo" and "400 unable to parse option". */
static bool bad_parameters(const struct phx_pvesh_call *c, struct phx_str text, struct phx_answer *out)
{
	struct phx_arena mine = {0}, *a = c->r.arena ? c->r.arena : &mine;
	struct phx_err_context x = context(c);
	bool listing = false;
	phx_errors found = {0};
	struct phx_str line;

	while (phx_str_cut(&text, '\n', &line)) {
		if (phx_str_starts(line, "400 Parameter verification failed")) {
			listing = true;
		} else if (phx_str_starts(line, "Unknown option: ")) {
			struct phx_param p = {
				.name = phx_str_dup(a, phx_str_from(line, strlen("Unknown option: "))),
				.value = phx_str_c(no_such_property)};

			phx_vec_push(a, &found, p);
		} else if (listing && !is_usage(line) && phx_str_trim(line).len) {
			parameter_line(c, a, line, &found);
		}
	}
	if (found.n) {
		qsort(found.v, found.n, sizeof(*found.v), by_name);
		out->status = 400;
		phx_err_from_params(&out->err, 400, found.v, found.n, &x);
		for (uint32_t i = 0; c->r.arena && i < found.n; i++)
			phx_vec_push(a, &out->errors, found.v[i]);
	}
	phx_arena_done(&mine);
	return found.n > 0;
}

/* "403 …": an exception with a code. */
static int leading_status(struct phx_str *text)
{
	uint64_t n;

	if (text->len < 4 || text->ptr[3] != ' ' || !phx_parse_u64(phx_str_slice(*text, 0, 3), &n) ||
	    n < 400 || n > 599)
		return 500;
	*text = phx_str_from(*text, 4);
	return (int)n;
}

/* Perl's remarks about its own source are not what failed. */
static bool is_remark(struct phx_str line)
{
	return phx_str_starts(line, "Use of uninitialized value") ||
	       phx_str_starts(line, "Wide character in ") || phx_str_starts(line, "perl: warning:");
}

static void error_text(struct phx_str text, struct phx_buf *out)
{
	struct phx_str line;

	while (phx_str_cut(&text, '\n', &line)) {
		if (phx_str_trim(line).len && !is_usage(line) && !is_remark(line))
			phx_buf_printf(out, PHX_STR_FMT "\n", PHX_STR_ARG(line));
	}
}

static void no_proxmox(const struct phx_pvesh_call *c, struct phx_err *err)
{
	phx_err_set(err, PHX_ERR_CONNECT, PHX_STR_FMT " is no Proxmox VE node: it has no pvesh",
		    PHX_STR_ARG(phx_host_name(c->pvesh->host)));
	phx_err_hint(
		err,
		"name a node of the cluster as `host` in the `ssh` block, or give `endpoint` and `token`");
}

static void refused(const struct phx_pvesh_call *c, const struct phx_command_end *end, struct phx_answer *out)
{
	struct phx_err_context x = context(c);
	struct phx_str all = end->err_out.len ? end->err_out : end->out, text;
	struct phx_buf lines = {0};

	if (bad_parameters(c, all, out))
		return;
	error_text(all, &lines);
	text = phx_buf_view(&lines);
	out->status = leading_status(&text);
	if (phx_str_starts(text, "No '") && phx_str_find(text, PHX_STR("handler defined for")) > 0)
		out->status = 501;
	if (phx_str_find(text, PHX_STR("PVE/CLI/pvesh.pm")) >= 0 ||
	    (end->exit_code == 127 && phx_str_starts(text, "pvesh: "))) {
		out->status = 0;
		no_proxmox(c, &out->err);
	} else {
		if (end->signal)
			phx_buf_printf(&lines, "pvesh was ended by signal %d", end->signal);
		else if (text.len == 0)
			phx_buf_printf(&lines, "pvesh ended with exit code %d, without a message",
				       end->exit_code);
		text = phx_buf_view(&lines);
		(void)leading_status(&text);
		phx_err_from_text(&out->err, PHX_ERR_SERVER, out->status, text, &x);
	}
	if (out->status == 501)
		phx_err_hint(&out->err, "this node has no such call: phx is made for Proxmox VE 8");
	if (phx_str_find(text, PHX_STR("ipcc_send_rec")) >= 0)
		phx_err_hint(&out->err,
			     "the node's cluster file system does not run: systemctl status pve-cluster");
	phx_buf_done(&lines);
}

/* It never ran to an end. What a write then did is not known, unless it never began. */
static void broken(const struct phx_pvesh_call *c, const struct phx_command_end *end, struct phx_answer *out)
{
	bool write = c->r.method != PHX_GET && !c->uploading;
	struct phx_err_context x = context(c);

	phx_err_copy(&out->err, &end->err);
	if (end->err.kind == PHX_ERR_MISSING) {
		struct phx_buf text = {0};

		phx_buf_printf(&text, "no such cluster node '" PHX_STR_FMT "'", PHX_STR_ARG(c->node));
		out->status = 500;
		phx_err_from_text(&out->err, PHX_ERR_MISSING, 500, phx_buf_view(&text), &x);
		phx_buf_done(&text);
	} else if (end->err.kind == PHX_ERR_IO &&
		   phx_str_find(phx_buf_view(&end->err.msg), PHX_STR("`pvesh`")) > 0) {
		no_proxmox(c, &out->err);
	} else if (end->err.kind == PHX_ERR_LOST && !write) {
		out->err.kind = PHX_ERR_CONNECT;
	} else if (end->err.kind == PHX_ERR_TIMEOUT) {
		out->err.kind = write ? PHX_ERR_LOST : PHX_ERR_TIMEOUT;
		phx_err_wrap(&out->err, "%s: pvesh %s", c->pvesh->backend.endpoint,
			     write ? "(whether it was done is not known)" : "gave no answer");
	}
}

/* A failed resize says so and exits with 0 (cli/045, 046). A task's result is its UPID, whose state the caller reads: pvesh
 * exits with 0 whatever it came to. */
static bool fails_with_0(const struct phx_pvesh_call *c, const struct phx_command_end *end,
			 const json_t *data)
{
	return !data && phx_str_ends(c->r.path, "/resize") && phx_str_trim(end->err_out).len;
}

/* Texts of the server may quote a secret back, and hold anything else: they go to terminals. */
static void make_safe(const struct phx_pvesh_call *c, struct phx_buf *text)
{
	struct phx_buf masked = {0}, safe = {0};

	if (text->len == 0)
		return;
	if (c->pvesh->secrets)
		phx_secrets_mask(c->pvesh->secrets, phx_buf_view(text), &masked);
	phx_buf_printable(&safe, c->pvesh->secrets ? phx_buf_view(&masked) : phx_buf_view(text));
	phx_buf_clear(text);
	phx_buf_str(text, phx_buf_view(&safe));
	phx_buf_done(&masked);
	phx_buf_done(&safe);
}

void phx_pvesh_answer(const struct phx_pvesh_call *c, const struct phx_command_end *end,
		      struct phx_answer *out)
{
	*out = (struct phx_answer){.status = 0, .ms = (uint32_t)(phx_now_ms() - c->began_at)};
	if (end->err.kind != PHX_ERR_NONE) {
		broken(c, end, out);
	} else if (end->exit_code || end->signal || c->uploading) {
		refused(c, end, out);
	} else {
		json_t *data = result_of(end->out, c->r.method != PHX_GET);

		if (fails_with_0(c, end, data)) {
			refused(c, end, out);
		} else if (!data && end->cut) {
			phx_err_set(&out->err, c->r.method == PHX_GET ? PHX_ERR_DATA : PHX_ERR_LOST,
				    "%s: the answer is larger than %d MiB", c->pvesh->backend.endpoint,
				    PVESH_KEEP >> 20);
		} else if (!data && c->r.method == PHX_GET && phx_str_trim(end->out).len) {
			phx_err_set(&out->err, PHX_ERR_DATA, "%s: what pvesh printed is no JSON",
				    c->pvesh->backend.endpoint);
			phx_err_hint(&out->err,
				     "does a file like /root/.bashrc print something on the node?");
		} else {
			out->status = 200;
		}
		if (json_is_null(data)) {
			json_decref(data);
			data = NULL;
		}
		out->data = data;
	}
	if (out->err.kind != PHX_ERR_NONE) {
		json_decref(out->data);
		out->data = NULL;
		make_safe(c, &out->err.msg);
		make_safe(c, &out->err.hint);
	}
}
