#include "backend/errors.h"

#include "model/access.h"

#include <string.h>

/* Texts are cut before they are matched: a hostile server must not make matching slow. */
enum { CAPTURES = 4, MATCHED_MAX = 512, TEXT_MAX = 8192 };

struct match {
	struct phx_str cap[CAPTURES];
};

/* `*` in a pattern matches anything, shortest first, and is captured. */
static bool glob(const char *pattern, struct phx_str text, struct match *m, size_t ncap)
{
	while (*pattern && *pattern != '*') {
		if (text.len == 0 || *text.ptr != *pattern)
			return false;
		pattern++;
		text = phx_str_from(text, 1);
	}
	if (*pattern == 0)
		return text.len == 0;
	for (size_t n = 0; n <= text.len; n++) {
		if (ncap < CAPTURES)
			m->cap[ncap] = phx_str_slice(text, 0, n);
		if (glob(pattern + 1, phx_str_from(text, n), m, ncap + 1))
			return true;
	}
	return false;
}

enum advice {
	NO_ADVICE,
	TRY_GUEST,      /* 1: id */
	LOOK_LOCK,      /* 1: which lock */
	WAIT_LOCK_FILE, /* 1: file */
	READ_AGAIN,
	ONLY_ROOT,
	GRANT, /* 1: path, 2: privilege */
	GRANT_ANY,
	BAD_NAME,
	NODE, /* 1: name */
	QUORUM,
	STORAGE, /* 1: name */
	SPACE,
	POOL, /* 1: name */
	PROTECTED,
	AGENT_OFF,
	AGENT_SILENT,
	TAKEN_ID,
	LINKED,
	HA,
	ADVICE_COUNT
};

/* First match wins. Evidence: recording numbers in OBSERVED.md, "Tasks", "Create / ids", "Disks", "Guest agent". */
static const struct {
	const char *pattern;
	enum phx_err_kind kind;
	enum advice advice;
} texts[] = {
	{"invalid bootorder: *", PHX_ERR_PARAMETER, NO_ADVICE},
	{"Permission check failed (pool '*' does not exist)", PHX_ERR_MISSING, POOL},
	{"Permission check failed (, *)", PHX_ERR_PARAMETER, BAD_NAME},
	{"Permission check failed (/*, *)", PHX_ERR_PERMISSION, GRANT},
	{"Permission check failed (*only allowed for root@pam*)", PHX_ERR_PERMISSION, ONLY_ROOT},
	{"Permission check failed*", PHX_ERR_PERMISSION, GRANT_ANY},
	{"only root can *", PHX_ERR_PERMISSION, ONLY_ROOT},
	{"Only root *", PHX_ERR_PERMISSION, ONLY_ROOT},
	{"*only allowed for root@pam*", PHX_ERR_PERMISSION, ONLY_ROOT},
	{"*cluster not ready - no quorum?*", PHX_ERR_QUORUM, QUORUM},
	{"*no quorum*", PHX_ERR_QUORUM, QUORUM},
	{"*checksum mismatch (file change by other user?)*", PHX_ERR_CHANGED, READ_AGAIN},
	{"*detected modified configuration*", PHX_ERR_CHANGED, READ_AGAIN},
	{"*can't lock file '*' - got timeout*", PHX_ERR_LOCKED, WAIT_LOCK_FILE},
	{"*cfs-lock* got lock request timeout*", PHX_ERR_LOCKED, NO_ADVICE},
	{"*cfs-locked * operation: got lock*timeout*", PHX_ERR_LOCKED, NO_ADVICE},
	{"*got lock request timeout*", PHX_ERR_LOCKED, NO_ADVICE},
	{"*VM is locked (*)*", PHX_ERR_LOCKED, LOOK_LOCK},
	{"*CT is locked (*)*", PHX_ERR_LOCKED, LOOK_LOCK},
	{"hostname lookup '*' failed*", PHX_ERR_MISSING, NODE},
	{"no such cluster node '*'", PHX_ERR_MISSING, NODE},
	{"No such storage.", PHX_ERR_STORAGE, STORAGE},
	{"*storage '*' does not exist*", PHX_ERR_STORAGE, STORAGE},
	{"*storage '*' is not online*", PHX_ERR_STORAGE, STORAGE},
	{"*storage '*' is disabled*", PHX_ERR_STORAGE, STORAGE},
	{"*storage '*' is not available on node*", PHX_ERR_STORAGE, STORAGE},
	{"*storage '*' does not support *", PHX_ERR_STORAGE, STORAGE},
	{"*No space left on device*", PHX_ERR_STORAGE, SPACE},
	{"*not enough free space*", PHX_ERR_STORAGE, SPACE},
	{"*insufficient free space*", PHX_ERR_STORAGE, SPACE},
	{"*out of space*", PHX_ERR_STORAGE, SPACE},
	{"Configuration file 'nodes/*/*/*.conf' does not exist", PHX_ERR_MISSING, TRY_GUEST},
	{"unable to find configuration file for * on node '*'", PHX_ERR_MISSING, TRY_GUEST},
	{"*: config file already exists", PHX_ERR_EXISTS, TAKEN_ID},
	{"*VM * already exists on node '*'", PHX_ERR_EXISTS, TAKEN_ID},
	{"*CT * already exists on node '*'", PHX_ERR_EXISTS, TAKEN_ID},
	{"*pool '*' does not exist*", PHX_ERR_MISSING, POOL},
	{"*already exists*", PHX_ERR_EXISTS, NO_ADVICE},
	{"*already defined", PHX_ERR_EXISTS, NO_ADVICE},
	{"*already used", PHX_ERR_EXISTS, NO_ADVICE},
	{"refusing to override existing file '*'", PHX_ERR_EXISTS, NO_ADVICE},
	{"*does not exist*", PHX_ERR_MISSING, NO_ADVICE},
	{"volume_size_info on '*' failed - no format", PHX_ERR_MISSING, NO_ADVICE},
	{"failed to stat '*'", PHX_ERR_MISSING, NO_ADVICE},
	{"no rule at position *", PHX_ERR_MISSING, NO_ADVICE},
	{"no such *", PHX_ERR_MISSING, NO_ADVICE},
	{"cannot delete service '*', not HA managed!", PHX_ERR_MISSING, NO_ADVICE},
	{"no options specified", PHX_ERR_PARAMETER, NO_ADVICE},
	{"unable to delete required option *", PHX_ERR_PARAMETER, NO_ADVICE},
	{"unable to modify read-only option: *", PHX_ERR_PARAMETER, NO_ADVICE},
	{"unable to use snapshot name *", PHX_ERR_PARAMETER, NO_ADVICE},
	{"unable to shrink disk size", PHX_ERR_PARAMETER, NO_ADVICE},
	{"parameter '*' not allowed *", PHX_ERR_PARAMETER, NO_ADVICE},
	{"value '*' does not look like *", PHX_ERR_PARAMETER, NO_ADVICE},
	{"SSH public key validation error*", PHX_ERR_PARAMETER, NO_ADVICE},
	{"*protection mode enabled", PHX_ERR_SERVER, PROTECTED},
	{"No QEMU guest agent configured", PHX_ERR_SERVER, AGENT_OFF},
	{"QEMU guest agent is not running", PHX_ERR_SERVER, AGENT_SILENT},
	{"*is still in use by linked clone*", PHX_ERR_SERVER, LINKED},
	{"*used in HA resources*", PHX_ERR_SERVER, HA},
};

static void advise_lock(struct phx_err *err, struct phx_str lock, bool ct, const struct phx_err_context *c)
{
	struct phx_str id = c->task_guest, path = c->path, part;

	/* /nodes/N/qemu/ID/… */
	for (int i = 0; !c->task_guest.len && phx_str_cut(&path, '/', &part); i++) {
		if (i == 4)
			id = part;
	}
	if (id.len == 0)
		id = PHX_STR("ID");
	phx_err_hint(err,
		     "see what holds the lock `" PHX_STR_FMT "`: running tasks of guest " PHX_STR_FMT
		     " in Proxmox's task list; when none is running, take it off on the node: %s "
		     "unlock " PHX_STR_FMT,
		     PHX_STR_ARG(lock), PHX_STR_ARG(id), ct ? "pct" : "qm", PHX_STR_ARG(id));
}

static void advise_grant(struct phx_err *err, struct phx_str path, struct phx_str privilege,
			 const struct phx_err_context *c)
{
	struct phx_buf hint = {0};

	phx_grant_hint(&hint, path, privilege, c->identity);
	phx_err_hint(err, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&hint)));
	phx_buf_done(&hint);
}

/* `Permission check failed` without path or privilege: what creating and cloning ask for (039, 045). */
static void advise_grant_any(struct phx_err *err, const struct phx_err_context *c)
{
	struct phx_str id = {0};

	for (uint32_t i = 0; c->params && i < c->params->v.n; i++) {
		const struct phx_param *p = &c->params->v.v[i];

		if (phx_str_eqc(p->name, "vmid") || phx_str_eqc(p->name, "newid"))
			id = p->value;
	}
	if (id.len) {
		struct phx_buf path = {0};

		phx_buf_printf(&path, "/vms/" PHX_STR_FMT, PHX_STR_ARG(id));
		advise_grant(err, phx_buf_view(&path), PHX_STR("VM.Allocate"), c);
		phx_buf_done(&path);
		return;
	}
	phx_err_hint(err,
		     "look at what the credentials may do: pveum user token permissions, or `pveum user "
		     "permissions " PHX_STR_FMT "`",
		     PHX_STR_ARG(c->identity));
}

/* Advice that names nothing of the text. */
static const char *const fixed[ADVICE_COUNT] = {
	[TRY_GUEST] =
		"the guest is gone, is of the other type (VM or container), or was moved to another node",
	[READ_AGAIN] = "somebody else changed it after it was read; nothing was overwritten: plan again",
	[ONLY_ROOT] = "no API token may do this, whatever its rights: use `user = \"root@pam\"` with its "
		      "password in the cluster "
		      "block, or set it on the node with qm or pct",
	[BAD_NAME] = "Proxmox says this of names it does not accept: letters, digits, `-`, `_` and `.`, "
		     "beginning with a "
		     "letter or digit",
	[QUORUM] = "too few nodes of the cluster see each other, so that it is read-only: look at `pvecm "
		   "status` on a node",
	[STORAGE] = "see what there is with `pvesm status` on the node: the storage must exist, be enabled "
		    "for that node and "
		    "carry the content type",
	[SPACE] = "see what is left with `pvesm status` on the node",
	[POOL] = "declare it as a `pool` block, or make it with: pvesh create /pools --poolid NAME",
	[PROTECTED] = "Proxmox's own protection flag is set on the guest: phx never takes it off by itself",
	[AGENT_OFF] = "say `agent { enabled = true }` in the vm block; it works from the next start on",
	[AGENT_SILENT] = "qemu-guest-agent must be installed and running in the guest: look at its console",
	[TAKEN_ID] = "the id was taken after the plan was made: plan again",
	[LINKED] = "linked clones share this disk: delete them first",
	[HA] = "the guest is managed by HA: it must be deleted with `purge`",
};

static void advise(struct phx_err *err, enum advice advice, const struct match *m, struct phx_str text,
		   const struct phx_err_context *c)
{
	if (advice == NO_ADVICE)
		return;
	if (fixed[advice]) {
		phx_err_hint(err, "%s", fixed[advice]);
	} else if (advice == LOOK_LOCK) {
		advise_lock(err, m->cap[1], phx_str_find(text, PHX_STR("CT is locked")) >= 0, c);
	} else if (advice == WAIT_LOCK_FILE) {
		phx_err_hint(err,
			     "something else works on it and holds " PHX_STR_FMT
			     " for more than 10 seconds: look at the running tasks in Proxmox's task list",
			     PHX_STR_ARG(m->cap[1]));
	} else if (advice == NODE) {
		phx_err_hint(err,
			     "no node of the cluster is called `" PHX_STR_FMT
			     "`: see GET /nodes, or `pvecm nodes`",
			     PHX_STR_ARG(m->cap[0]));
	} else if (advice == GRANT) {
		/* The leading slash belongs to the path. */
		advise_grant(err, (struct phx_str){m->cap[0].ptr - 1, m->cap[0].len + 1}, m->cap[1], c);
	} else {
		advise_grant_any(err, c);
	}
}

/* Proxmox ends messages with newlines, and has some within. */
static void one_line(struct phx_buf *out, struct phx_str text)
{
	struct phx_str line;
	struct phx_buf raw = {0};

	text = phx_str_slice(text, 0, TEXT_MAX);
	while (phx_str_cut(&text, '\n', &line)) {
		line = phx_str_trim(line);
		if (line.len == 0)
			continue;
		if (raw.len)
			phx_buf_c(&raw, "; ");
		phx_buf_str(&raw, line);
	}
	phx_buf_printable(out, phx_buf_view(&raw));
	phx_buf_done(&raw);
}

static size_t find_text(struct phx_str text, struct match *m)
{
	size_t i;

	text = phx_str_slice(text, 0, MATCHED_MAX);
	for (i = 0; i < PHX_COUNTOF(texts); i++) {
		*m = (struct match){0};
		if (glob(texts[i].pattern, text, m, 0))
			break;
	}
	return i;
}

void phx_err_from_text(struct phx_err *err, enum phx_err_kind otherwise, int status, struct phx_str text,
		       const struct phx_err_context *c)
{
	struct phx_buf line = {0};
	struct match m = {0};
	size_t i;

	one_line(&line, text);
	if (line.len == 0)
		phx_buf_printf(&line, "HTTP status %d without a message", status);
	i = find_text(phx_buf_view(&line), &m);
	phx_err_set(err, i < PHX_COUNTOF(texts) ? texts[i].kind : otherwise, PHX_STR_FMT,
		    PHX_STR_ARG(phx_buf_view(&line)));
	err->status = status;
	if (i < PHX_COUNTOF(texts))
		advise(err, texts[i].advice, &m, phx_buf_view(&line), c);
	phx_buf_done(&line);
}

/* "invalid format - format error\nnet0.model: value …" says it twice: the last part is what matters, but all is kept. */
void phx_err_from_params(struct phx_err *err, int status, const struct phx_param *errors, uint32_t n,
			 const struct phx_err_context *c)
{
	enum phx_err_kind kind = PHX_ERR_PARAMETER;
	struct phx_buf all = {0}, line = {0};
	struct match m, first = {0};
	enum advice advice = NO_ADVICE;

	for (uint32_t i = 0; i < n; i++) {
		size_t at;

		phx_buf_clear(&line);
		one_line(&line, errors[i].value);
		phx_buf_printf(&all, "%s`" PHX_STR_FMT "`: " PHX_STR_FMT, i ? "; " : "",
			       PHX_STR_ARG(errors[i].name), PHX_STR_ARG(phx_buf_view(&line)));
		at = find_text(phx_buf_view(&line), &m);
		/* One parameter whose text says more than that it is wrong: no such storage, only root, id taken, … */
		if (n == 1 && at < PHX_COUNTOF(texts)) {
			kind = texts[at].kind;
			advice = texts[at].advice;
			first = m;
		}
	}
	phx_err_set(err, kind, "Proxmox refuses %s: " PHX_STR_FMT,
		    n == 1 ? "the parameter" : "the parameters", PHX_STR_ARG(phx_buf_view(&all)));
	err->status = status;
	advise(err, advice, &first, phx_buf_view(&line), c);
	phx_buf_done(&line);
	phx_buf_done(&all);
}

void phx_err_from_unauthorized(struct phx_err *err, struct phx_str reason, const struct phx_err_context *c)
{
	struct phx_buf line = {0};
	struct phx_str user = c->identity;

	one_line(&line, reason);
	phx_err_set(err, PHX_ERR_AUTH,
		    PHX_STR_FMT " does not accept the credentials%s" PHX_STR_FMT "%s: " PHX_STR_FMT,
		    PHX_STR_ARG(c->endpoint.len ? c->endpoint : PHX_STR("the server")),
		    user.len ? " of " : "", PHX_STR_ARG(user), "",
		    PHX_STR_ARG(line.len ? phx_buf_view(&line) : PHX_STR("401 without a reason")));
	err->status = 401;
	if (phx_str_chr(user, '!') > 0)
		phx_err_hint(err,
			     "the token must read USER@REALM!NAME=SECRET; see the user's tokens with: pveum "
			     "user token list " PHX_STR_FMT,
			     PHX_STR_ARG(phx_str_slice(user, 0, (size_t)phx_str_chr(user, '!'))));
	else if (user.len)
		phx_err_hint(err, "check user (with its realm, as in root@pam) and password; users with a "
				  "second factor need an "
				  "API token");
	else
		phx_err_hint(err, "give the cluster block a `token`, or `user` and `password`");
	phx_buf_done(&line);
}
