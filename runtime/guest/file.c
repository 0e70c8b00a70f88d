/* Files into guests and out of them. Both are works like any other: the content of a push is a file of the bundle (in pieces when it is
 * large), and arrives under another name first; a pull asks for size, mode and checksum, and fetches what fits into one answer at a time. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

/* Bytes of a file in one answer: Proxmox reads 16 MiB of a file at most (823), a command on the node keeps 1 MiB of its output. */
enum { AGENT_PIECE = 6 << 20, QM_PIECE = 600 << 10 };

static const char push_script[] =
	"set -eu\n"
	"to=$PHX_TO\n"
	"dir=${to%/*}/\n"
	"[ -d \"$dir\" ] || { echo \"there is no directory $dir\" >&2; exit 1; }\n"
	"[ ! -d \"$to\" ] || { echo \"$to is a directory\" >&2; exit 1; }\n"
	"new=$(mktemp \"${dir}.phx.XXXXXX\")\n"
	"trap 'rm -f \"$new\"' EXIT\n"
	"cat data >\"$new\"\n"
	"sum=$(sha256sum <\"$new\")\n"
	"[ \"${sum%% *}\" = \"$PHX_SHA256\" ] || { echo \"$to: it cannot be written whole\" >&2; exit 1; }\n"
	"chown \"$PHX_OWNER\" \"$new\"\n"
	"chmod \"$PHX_MODE\" \"$new\"\n"
	"mv -f \"$new\" \"$to\"\n"
	"trap - EXIT\n";

static const char pull_script[] =
	"set -eu\n"
	"from=$PHX_FROM\n"
	"[ -e \"$from\" ] || { echo \"$from: No such file or directory\" >&2; exit 1; }\n"
	"[ -f \"$from\" ] || { echo \"$from: it is no regular file\" >&2; exit 1; }\n"
	"size=$(wc -c <\"$from\") mode=$(stat -c %a \"$from\") sum=$(sha256sum <\"$from\") n=0\n"
	"if [ \"$PHX_PIECE\" -gt 0 ]; then\n"
	"	umask 077\n"
	"	rm -rf \"$PHX_OUT\"\n"
	"	mkdir -p \"$PHX_OUT\"\n"
	"	while [ $((n * PHX_PIECE)) -lt $((size)) ]; do\n"
	"		dd if=\"$from\" bs=\"$PHX_PIECE\" skip=\"$n\" count=1 2>/dev/null | base64 "
	">\"$PHX_OUT/$n\"\n"
	"		n=$((n + 1))\n"
	"	done\n"
	"fi\n"
	"echo $((size)) \"$mode\" \"${sum%% *}\" \"$n\"\n";

static void variable(struct phx_op *op, struct phx_guest_work *w, const char *name, struct phx_str value)
{
	struct phx_param p = {phx_str_c(name), phx_str_dup(&op->arena, value), false};

	phx_vec_push(&op->arena, &w->env, p);
}

/* A script that failed says why on standard error. */
static void failed(struct phx_op *op, const struct phx_guest_end *end, const char *what)
{
	struct phx_buf safe = {0};

	phx_buf_printable(&safe, phx_str_trim(phx_stream_kept(op, true)));
	if (end->signal)
		phx_op_fail(op, PHX_ERR_TASK, NULL, "%s was ended by signal %d", what, end->signal);
	else
		phx_op_fail(op,
			    phx_str_find(phx_buf_view(&safe), PHX_STR("No such file")) >= 0 ? PHX_ERR_MISSING
											    : PHX_ERR_TASK,
			    NULL, "%s failed: %s", what, safe.len ? safe.ptr : "it does not say why");
	phx_buf_done(&safe);
}

/* ---- push ---- */

static void pushed(struct phx_op *op, struct phx_guest_end *end)
{
	if (end->err.kind != PHX_ERR_NONE || end->exit_code == 0)
		phx_op_end(op, end);
	else
		failed(op, end, "the push");
}

static struct phx_op *new_file_op(struct phx_channel *c, const struct phx_guest_ref *g, uint8_t way,
				  const struct phx_guest_watch *w, uint64_t timeout_ms)
{
	struct phx_op *op = phx_op_new(c, g, way, w, timeout_ms);

	op->quiet = true;
	op->repeatable = true;
	return op;
}

uint64_t phx_guest_push(struct phx_channel *c, const struct phx_guest_push *push,
			const struct phx_guest_watch *w)
{
	struct phx_op *op = new_file_op(c, &push->guest, push->way, w, push->timeout_ms);
	struct phx_guest_work work = {.what = PHX_STR("push"),
				      .script = {push_script, sizeof(push_script) - 1},
				      .timeout_ms = push->timeout_ms};
	struct phx_bundle_options o = {.split = true, .id = phx_op_id(op, "push")};
	struct phx_guest_file f = {.name = PHX_STR("data"),
				   .path = phx_str_dup(&op->arena, push->path),
				   .content = push->content,
				   .secret = push->secret};
	struct phx_err err = {0};

	op->then = pushed;
	if (phx_guest_file_measure(&op->arena, &f, &err)) {
		phx_vec_push(&op->arena, &work.files, f);
		variable(op, &work, "PHX_TO", push->to);
		variable(op, &work, "PHX_OWNER", push->owner.len ? push->owner : PHX_STR("0:0"));
		variable(op, &work, "PHX_MODE",
			 phx_str_printf(&op->arena, "%o", push->mode ? push->mode : 0644));
		variable(op, &work, "PHX_SHA256", f.sha256);
		phx_op_begin(op, &work, &o);
	} else {
		phx_op_refuse(op, &err);
	}
	return op->handle;
}

/* ---- pull ---- */

struct pull {
	struct phx_str from;
	const char *to, *part; /* part: what is written until all is there */
	int fd;
	struct phx_buf bytes;
	uint64_t size, pieces, piece;
	unsigned mode;
	struct phx_str sha256, dir;
	struct phx_err err; /* of writing */
};

static struct pull *pull_of(struct phx_op *op)
{
	return op->more;
}

static void pull_done(struct phx_op *op)
{
	struct pull *p = pull_of(op);

	if (p->fd >= 0)
		close(p->fd);
	if (p->part)
		(void)unlink(p->part);
	phx_buf_done(&p->bytes);
	phx_err_done(&p->err);
}

static void take(struct pull *p, struct phx_str bytes)
{
	if (!p->to) {
		phx_buf_str(&p->bytes, bytes);
		return;
	}
	for (size_t at = 0; at < bytes.len && p->err.kind == PHX_ERR_NONE;) {
		ssize_t n = write(p->fd, bytes.ptr + at, bytes.len - at);

		if (n < 0 && errno != EINTR)
			phx_err_errno(&p->err, errno, "cannot write %s", p->part);
		else if (n > 0)
			at += (size_t)n;
	}
}

static void pull_end(struct phx_op *op)
{
	struct pull *p = pull_of(op);
	struct phx_guest_end end = {.size = p->size, .mode = p->mode};
	char hex[65] = "";
	struct phx_str have = {hex, 64};

	if (!p->to) {
		have = phx_sha256_hex(&op->arena, phx_buf_view(&p->bytes));
	} else if (p->err.kind == PHX_ERR_NONE &&
		   (fsync(p->fd) != 0 || !phx_sha256_file(p->part, hex, &p->err))) {
		if (p->err.kind == PHX_ERR_NONE)
			phx_err_errno(&p->err, errno, "cannot write %s", p->part);
	}
	if (p->err.kind == PHX_ERR_NONE && !phx_str_eq(have, p->sha256))
		phx_err_set(&p->err, PHX_ERR_DATA,
			    PHX_STR_FMT " did not arrive as it is in the guest, or was changed meanwhile",
			    PHX_STR_ARG(p->from));
	if (p->err.kind == PHX_ERR_NONE && p->to && rename(p->part, p->to) != 0)
		phx_err_errno(&p->err, errno, "cannot write %s", p->to);
	if (p->err.kind != PHX_ERR_NONE) {
		phx_op_fail_err(op, &p->err);
		return;
	}
	if (p->to)
		p->part = NULL;
	end.bytes = phx_buf_view(&p->bytes);
	phx_op_end(op, &end);
}

static void next_piece(struct phx_op *op);

static void nothing_more(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	/* What stays behind is small harm: the next step in the guest clears it. */
	(void)err;
	(void)data;
	pull_end(op);
}

static void piece_read(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct pull *p = pull_of(op);
	struct phx_str text = phx_json_str(data, "content");
	struct phx_buf coded = {0}, bytes = {0};

	if (err->kind != PHX_ERR_NONE) {
		if (!phx_ask_trouble(op, err, next_piece))
			phx_op_fail_err(op, err);
		return;
	}
	phx_ask_fine(op);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\n')
			phx_buf_ch(&coded, text.ptr[i]);
	if (!phx_json_bool(data, "truncated", false) && phx_buf_unbase64(&bytes, phx_buf_view(&coded)))
		take(p, phx_buf_view(&bytes));
	else
		phx_err_set(&p->err, PHX_ERR_DATA, "a piece of " PHX_STR_FMT " came back damaged",
			    PHX_STR_ARG(p->from));
	phx_buf_done(&coded);
	phx_buf_done(&bytes);
	p->piece++;
	next_piece(op);
}

static void next_piece(struct phx_op *op)
{
	struct pull *p = pull_of(op);

	if (p->piece < p->pieces && p->err.kind == PHX_ERR_NONE)
		phx_ask_read(op,
			     phx_str_printf(&op->arena, PHX_STR_FMT "/%llu", PHX_STR_ARG(p->dir),
					    (unsigned long long)p->piece),
			     piece_read);
	else
		phx_ask_exec(op, phx_str_printf(&op->arena, "rm -rf " PHX_STR_FMT "\n", PHX_STR_ARG(p->dir)),
			     false, nothing_more);
}

static void cat_output(void *user, bool is_stderr, struct phx_str bytes)
{
	struct phx_op *op = ((struct phx_op_link *)user)->op;

	if (op && !is_stderr)
		take(pull_of(op), bytes);
}

static void cat_ended(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct pull *p = pull_of(op);

	if (err->kind != PHX_ERR_NONE)
		phx_op_fail_err(op, err);
	else if (phx_json_int(data, "exit", -1) != 0)
		phx_op_fail(op, PHX_ERR_TASK, NULL, PHX_STR_FMT " cannot be read: " PHX_STR_FMT,
			    PHX_STR_ARG(p->from), PHX_STR_ARG(phx_str_trim(phx_json_str(data, "err-data"))));
	else
		pull_end(op);
}

/* The name goes by standard input: arguments would be seen by all on the node. */
static void cat(struct phx_op *op)
{
	struct phx_argv argv = {0};
	struct phx_buf script = {0};

	phx_buf_c(&script, "exec cat -- ");
	phx_shell_word(&script, pull_of(op)->from);
	phx_buf_ch(&script, '\n');
	phx_guest_argv(&op->arena, &op->guest, PHX_WAY_PCT, (struct phx_str){0}, true, &argv);
	phx_ask_command(op, &argv, phx_buf_view(&script), cat_output, cat_ended);
	phx_buf_done(&script);
}

/* "SIZE MODE SHA256 PIECES" */
static bool facts(struct phx_op *op, struct pull *p)
{
	struct phx_str line = phx_str_trim(phx_stream_kept(op, false)), size, mode;

	if (!phx_str_cut(&line, ' ', &size) || !phx_parse_u64(size, &p->size) ||
	    !phx_str_cut(&line, ' ', &mode) || !phx_str_cut(&line, ' ', &p->sha256) || p->sha256.len != 64 ||
	    !phx_parse_u64(line, &p->pieces))
		return false;
	for (size_t i = 0; i < mode.len; i++)
		p->mode = p->mode * 8 + (unsigned)(mode.ptr[i] - '0');
	p->sha256 = phx_str_dup(&op->arena, p->sha256);
	return true;
}

static bool open_part(struct phx_op *op, struct pull *p)
{
	if (!p->to)
		return true;
	p->part = phx_str_printf(&op->arena, "%s.phx-%d", p->to, (int)getpid()).ptr;
	p->fd = open(p->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return p->fd >= 0 || phx_err_errno(&p->err, errno, "cannot write %s", p->part);
}

static void asked(struct phx_op *op, struct phx_guest_end *end)
{
	struct pull *p = pull_of(op);

	if (end->err.kind != PHX_ERR_NONE)
		phx_op_end(op, end);
	else if (end->exit_code != 0)
		failed(op, end, "the pull");
	else if (!facts(op, p))
		phx_op_fail(op, PHX_ERR_DATA, NULL, "what the guest says of " PHX_STR_FMT " cannot be read",
			    PHX_STR_ARG(p->from));
	else if (!open_part(op, p))
		phx_op_fail_err(op, &p->err);
	else if (op->way == PHX_WAY_PCT)
		cat(op);
	else
		next_piece(op);
}

uint64_t phx_guest_pull(struct phx_channel *c, const struct phx_guest_pull *pull,
			const struct phx_guest_watch *w)
{
	struct phx_op *op = new_file_op(c, &pull->guest, pull->way, w, pull->timeout_ms);
	struct phx_guest_work work = {.what = PHX_STR("pull"),
				      .script = {pull_script, sizeof(pull_script) - 1},
				      .timeout_ms = pull->timeout_ms};
	struct phx_bundle_options o = {.split = true, .id = phx_op_id(op, "pull")};
	struct pull *p = PHX_NEW(&op->arena, struct pull);
	uint64_t piece = op->way == PHX_WAY_PCT ? 0 : op->way == PHX_WAY_QM ? QM_PIECE : AGENT_PIECE;

	*p = (struct pull){.from = phx_str_dup(&op->arena, pull->from), .fd = -1};
	p->to = pull->to ? phx_str_dup(&op->arena, phx_str_c(pull->to)).ptr : NULL;
	p->dir = phx_str_printf(&op->arena, "/var/lib/phx/out/" PHX_STR_FMT, PHX_STR_ARG(o.id));
	op->more = p;
	op->done_more = pull_done;
	op->then = asked;
	variable(op, &work, "PHX_FROM", pull->from);
	variable(op, &work, "PHX_PIECE", phx_str_u64(&op->arena, piece));
	variable(op, &work, "PHX_OUT", p->dir);
	phx_op_begin(op, &work, &o);
	return op->handle;
}
