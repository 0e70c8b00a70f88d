/* One declared step as one work: features, scripts, files, shares, health. */
#include <string.h>
#include <sys/stat.h>

#include "base/sys.h"
#include "plan/plan_step.h"

enum { FILE_MS = 10 * 60 * 1000, RETRIES = 3, INTERVAL_MS = 10000, ATTEMPT_MS = 30000 };

static void env(struct plan *p, struct plan_work *x, struct phx_str name, struct phx_str value, bool secret)
{
	phx_vec_push(p->arena, &x->w.env,
		     ((struct phx_param){.name = name, .value = value, .secret = secret}));
}

/* What every script may know of its guest; it does not count for the hash. */
static void common(struct plan *p, const struct plan_item *it, struct plan_work *x)
{
	env(p, x, PHX_STR("PHX_GUEST_ADDRESS"), it->address, false);
	env(p, x, PHX_STR("PHX_GUEST_ID"), it->id_text, false);
	env(p, x, PHX_STR("PHX_GUEST_KIND"), it->is_vm ? PHX_STR("vm") : PHX_STR("container"), false);
	env(p, x, PHX_STR("PHX_GUEST_NAME"), it->guest->host_name, false);
	env(p, x, PHX_STR("DEBIAN_FRONTEND"), PHX_STR("noninteractive"), false);
}

static void begin(struct plan *p, const struct plan_item *it, struct plan_work *x, const char *kind,
		  struct phx_str name, struct phx_span span)
{
	struct phx_str word = phx_str_c(kind);

	x->span = span;
	x->w.what = name.len ? plan_text(p, word, PHX_STR(" "), name) : word;
	x->w.key = plan_text(p, word, PHX_STR(":"), name);
	x->path = name.len ? plan_text(p, word, PHX_STR("."), name) : word;
	x->w.way = (uint8_t)plan_way(p, it);
	x->w.timeout_ms = it->guest ? it->guest->timeouts.feature_ms : FILE_MS;
	x->w.patience_ms = it->guest ? it->guest->timeouts.agent_ms : 0;
}

/* Twice as much as it has; for whoever sees that it was not enough. */
static void longer(struct plan *p, struct plan_work *x, const char *before, const char *after)
{
	struct phx_buf b = {0};

	phx_buf_c(&b, before);
	phx_duration_text((int64_t)(2 * x->w.timeout_ms), &b);
	phx_buf_c(&b, after);
	x->w.longer = phx_str_dup(p->arena, phx_buf_view(&b));
	phx_buf_done(&b);
}

/* A feature of one's own has what it says itself, else what the guest says; those that come with phx the other way round. */
static void feature_time(struct plan *p, const struct plan_item *it, const struct phx_feature_decl *f,
			 struct plan_work *x)
{
	bool own = f->timeout_ms && !(f->builtin && it->guest->timeouts.feature_said);

	if (own)
		x->w.timeout_ms = f->timeout_ms;
	if (own && !f->builtin)
		longer(p, x, "`timeout = ",
		       phx_str_printf(p->arena, "` in `feature " PHX_STR_FMT "`", PHX_STR_ARG(f->name)).ptr);
	else
		longer(p, x, "`timeouts { feature = ", " }` in the guest");
}

static const struct phx_value *attr(const struct phx_step *s, const char *name)
{
	const struct phx_attr *a = s->block ? phx_block_attr(s->block, name) : NULL;

	return a && a->value.kind != PHX_V_NULL ? &a->value : NULL;
}

static struct phx_str attr_text(struct plan *p, const struct phx_step *s, const char *name)
{
	const struct phx_value *v = attr(s, name);

	return v ? plan_env_value(p, v) : PHX_STR("");
}

static uint64_t attr_ms(const struct phx_step *s, const char *name, uint64_t otherwise)
{
	const struct phx_value *v = attr(s, name);

	return v && v->i > 0 ? (uint64_t)v->i : otherwise;
}

/* --- scripts: features, and `script` blocks --- */

/* With a check, the script is a file, and phx's own looks at the check first. A secret one is a file that is marked so. */
static void body(struct plan *p, struct plan_work *x, struct phx_str script, bool secret,
		 struct phx_str check)
{
	struct phx_guest_file f = {.name = PHX_STR("step"), .secret = secret};

	script = plan_script_with_lib(p, script);
	if (!check.len && !secret) {
		x->w.script = script;
		return;
	}
	f.content = script;
	f.size = script.len;
	f.sha256 = phx_sha256_hex(p->arena, script);
	phx_vec_push(p->arena, &x->w.files, f);
	x->w.script = plan_guest_script(p, "checked.sh");
	env(p, x, PHX_STR("PHX_CHECK"), check, false);
	env(p, x, PHX_STR("PHX_KEY"), x->w.key, false);
}

static bool feature(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *x)
{
	const struct plan_text *script = plan_text_file(p, s->decl->script, s->span);
	struct plan_sum sum;

	if (!script)
		return false;
	begin(p, it, x, "feature", s->name, s->span);
	feature_time(p, it, s->decl, x);
	x->w.once = true;
	/* Those of phx look themselves what is in place, and at more than a check can: at their parameters. */
	x->unasked = s->decl->builtin;
	common(p, it, x);
	env(p, x, PHX_STR("PHX_FEATURE"), s->name, false);
	plan_sum_begin(&sum, p, it, x);
	plan_sum_digest(&sum, PHX_STR("script"), script->sha256);
	for (uint32_t i = 0; i < s->params.n; i++) {
		const struct phx_feature_param *param = &s->params.v[i];
		struct phx_str value = plan_env_value(p, param->value);

		env(p, x, plan_env_name(p, param->name), value, param->secret);
		plan_sum_value(&sum, plan_text(p, PHX_STR("parameter "), param->name), value, param->secret);
	}
	plan_sum_end(&sum);
	body(p, x, script->bytes, false, s->decl->check);
	return true;
}

/* The text of `source` or `content`. */
static bool text_of(struct plan *p, const struct phx_step *s, struct phx_str *out, bool *out_secret)
{
	const struct phx_value *content = attr(s, "content");
	struct phx_str source = attr_text(p, s, "source");
	const struct plan_text *t;

	*out_secret = content && phx_value_is_secret(content);
	if (content) {
		*out = plan_env_value(p, content);
		return true;
	}
	t = plan_text_file(p, phx_path_join(p->arena, s->dir, source), s->span);
	if (t)
		*out = t->bytes;
	return t != NULL;
}

static bool script(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *x)
{
	const struct phx_value *params = attr(s, "params");
	struct phx_str text = {0};
	struct plan_sum sum;
	bool secret;

	if (!text_of(p, s, &text, &secret))
		return false;
	begin(p, it, x, "script", s->name, s->span);
	x->w.timeout_ms = attr_ms(s, "timeout", x->w.timeout_ms);
	longer(p, x, "`timeout = ",
	       phx_str_printf(p->arena, "` in `script " PHX_STR_FMT "`", PHX_STR_ARG(s->name)).ptr);
	x->w.once = true;
	common(p, it, x);
	env(p, x, PHX_STR("PHX_SCRIPT"), s->name, false);
	plan_sum_begin(&sum, p, it, x);
	plan_sum_value(&sum, PHX_STR("script"), text, secret);
	for (uint32_t i = 0; params && params->kind == PHX_V_MAP && params->map && i < params->map->n; i++) {
		const struct phx_member *m = &params->map->v[i];
		bool hidden = phx_value_is_secret(m->value) || phx_value_is_secret(params);
		struct phx_str value = plan_env_value(p, m->value);

		env(p, x, plan_env_name(p, m->key), value, hidden);
		plan_sum_value(&sum, plan_text(p, PHX_STR("parameter "), m->key), value, hidden);
	}
	plan_sum_end(&sum);
	body(p, x, text, secret, attr_text(p, s, "check"));
	return true;
}

/* --- files --- */

static struct phx_str mode_text(struct plan *p, unsigned mode)
{
	return phx_str_printf(p->arena, "%04o", mode);
}

/* Mode: as declared, else the source's own, else what a file for all to read has; a secret is for its owner alone. */
static struct phx_str file_mode(struct plan *p, const struct phx_step *s, unsigned own)
{
	const struct phx_value *mode = attr(s, "mode");

	return mode_text(p, mode ? (unsigned)mode->i & 07777u : own);
}

static bool tree(struct plan *p, const struct phx_step *s, struct plan_work *x, struct plan_sum *sum,
		 struct phx_str path)
{
	const struct plan_tree *t = plan_tree_of(p, path, s->span);

	if (!t)
		return false;
	plan_sum_digest(sum, PHX_STR("content"), t->sha256);
	x->manifest = t->manifest;
	phx_vec_push(p->arena, &x->w.files,
		     ((struct phx_guest_file){.name = PHX_STR("content"),
					      .content = t->tar,
					      .size = t->tar.len,
					      .sha256 = t->sha256}));
	env(p, x, PHX_STR("PHX_FILE_KIND"), PHX_STR("tree"), false);
	env(p, x, PHX_STR("PHX_FILE_MODE"), attr(s, "mode") ? file_mode(p, s, 0) : PHX_STR(""), false);
	return true;
}

static bool one_file(struct plan *p, const struct phx_step *s, struct plan_work *x, struct plan_sum *sum,
		     struct phx_str path, const struct stat *st)
{
	struct phx_guest_file f = {.name = PHX_STR("content"), .path = path};
	const struct phx_value *content = attr(s, "content");
	struct phx_err err = {0};

	if (content) {
		f.path = PHX_STR("");
		f.content = plan_env_value(p, content);
		f.secret = phx_value_is_secret(content);
	}
	if (!phx_guest_file_measure(p->arena, &f, &err)) {
		phx_diag_add(p->bag, PHX0643, s->span, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.msg)));
		phx_err_done(&err);
		return false;
	}
	if (f.secret)
		plan_sum_value(sum, PHX_STR("content"), f.content, true);
	else
		plan_sum_digest(sum, PHX_STR("content"), f.sha256);
	phx_vec_push(p->arena, &x->w.files, f);
	env(p, x, PHX_STR("PHX_FILE_KIND"), PHX_STR("file"), false);
	env(p, x, PHX_STR("PHX_FILE_MODE"),
	    file_mode(p, s,
		      f.secret  ? 0600
		      : content ? 0644
				: st->st_mode & 07777u),
	    false);
	return true;
}

static bool file(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *x)
{
	struct phx_str source = attr_text(p, s, "source"), owner = attr_text(p, s, "owner"),
		       group = attr_text(p, s, "group"), path;
	ptrdiff_t colon = phx_str_chr(owner, ':');
	struct plan_sum sum;
	struct stat st = {0};
	bool ok;

	begin(p, it, x, "file", s->name, s->span);
	x->w.timeout_ms = FILE_MS;
	path = source.len && !attr(s, "content") ? phx_path_join(p->arena, s->dir, source) : PHX_STR("");
	if (path.len)
		(void)stat(path.ptr, &st); /* what is missing is reported when it is read */
	if (colon >= 0) {
		group = group.len ? group : phx_str_from(owner, (size_t)colon + 1);
		owner = phx_str_slice(owner, 0, (size_t)colon);
	}
	plan_sum_begin(&sum, p, it, x);
	env(p, x, PHX_STR("PHX_FILE_PATH"), s->name, false);
	ok = S_ISDIR(st.st_mode) ? tree(p, s, x, &sum, path) : one_file(p, s, x, &sum, path, &st);
	env(p, x, PHX_STR("PHX_FILE_OWNER"), owner, false);
	env(p, x, PHX_STR("PHX_FILE_GROUP"), group, false);
	if (ok)
		plan_sum_value(&sum, PHX_STR("owner or mode"),
			       plan_text(p, x->w.env.v[2].value, PHX_STR(" "), owner, PHX_STR(":"), group),
			       false);
	plan_sum_end(&sum);
	x->w.script = plan_guest_script(p, "file.sh");
	return ok;
}

/* --- shares --- */

static struct phx_str nfs_options(struct plan *p, const struct phx_step *s)
{
	const struct phx_value *v = attr(s, "options");
	struct phx_str lines = v ? plan_env_value(p, v) : PHX_STR(""), piece;
	struct phx_str out = PHX_STR("");

	while (phx_str_cut(&lines, '\n', &piece))
		if (piece.len)
			out = plan_text(p, out, out.len ? PHX_STR(",") : PHX_STR(""), piece);
	return out;
}

/* Where the node mounts it for an unprivileged container; empty: the guest mounts it itself. */
static struct phx_str on_node(const struct plan_item *it, struct phx_str target)
{
	while (target.len > 1 && target.ptr[target.len - 1] == '/')
		target.len--;
	for (uint32_t i = 0; i < it->guest->volumes.n; i++)
		if (it->guest->volumes.v[i].nfs && phx_str_eq(it->guest->volumes.v[i].label, target))
			return it->guest->volumes.v[i].volume;
	return PHX_STR("");
}

static void nfs_target(struct plan *p, struct plan_work *x, struct phx_str inside, struct phx_str node_path)
{
	x->on_node = node_path.len > 0;
	if (x->on_node)
		x->w.way = PHX_WAY_NONE;
	env(p, x, PHX_STR("PHX_NFS_TARGET"), x->on_node ? node_path : inside, false);
}

static bool nfs(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *x)
{
	struct phx_str source = attr_text(p, s, "source"), options = nfs_options(p, s);
	struct plan_sum sum;

	begin(p, it, x, "nfs", s->name, s->span);
	env(p, x, PHX_STR("PHX_NFS"), PHX_STR("present"), false);
	nfs_target(p, x, s->name, on_node(it, s->name));
	env(p, x, PHX_STR("PHX_NFS_SOURCE"), source, false);
	env(p, x, PHX_STR("PHX_NFS_OPTIONS"), options, false);
	plan_sum_begin(&sum, p, it, x);
	plan_sum_value(&sum, PHX_STR("source"), source, false);
	plan_sum_value(&sum, PHX_STR("options"), options, false);
	plan_sum_end(&sum);
	x->w.script = plan_guest_script(p, "nfs.sh");
	return true;
}

struct phx_str plan_nfs_bound(const struct plan_item *it, struct phx_str target)
{
	const struct phx_live_guest *live = it->is_vm || it->gone_first ? NULL : it->live;

	for (uint32_t i = 0; live && i < live->config.n; i++) {
		struct phx_str rest = live->config.v[i].value, piece, volume = {0};

		if (!phx_str_starts(rest, PHX_NFS_ON_NODE))
			continue;
		(void)phx_str_cut(&rest, ',', &volume);
		while (phx_str_cut(&rest, ',', &piece))
			if (phx_str_starts(piece, "mp=") && phx_str_eq(phx_str_from(piece, 3), target))
				return volume;
	}
	return PHX_STR("");
}

bool plan_work_nfs_gone(struct plan *p, const struct plan_item *it, struct phx_str key, struct plan_work *x)
{
	struct phx_str target = phx_str_from(key, 4); /* "nfs:" */

	*x = (struct plan_work){0};
	begin(p, it, x, "nfs", target, it->span);
	x->w.what = plan_text(p, PHX_STR("take away nfs "), target);
	x->w.hash = PHX_STR("absent");
	x->gone = true;
	x->why = PHX_STR("no longer declared: unmounted, and its line in /etc/fstab goes");
	env(p, x, PHX_STR("PHX_NFS"), PHX_STR("absent"), false);
	nfs_target(p, x, target, plan_nfs_bound(it, target));
	x->w.script = plan_guest_script(p, "nfs.sh");
	return true;
}

/* --- health --- */

/* A list is one command with its words, a text is for the shell. */
static struct phx_str health_command(struct plan *p, const struct phx_value *v)
{
	struct phx_buf out = {0};
	struct phx_str text;

	if (v->kind != PHX_V_LIST)
		return plan_env_value(p, v);
	for (uint32_t i = 0; i < v->list.n; i++) {
		struct phx_str word = plan_env_value(p, &v->list.v[i]);

		phx_buf_c(&out, i ? " '" : "'");
		for (size_t k = 0; k < word.len; k++) {
			if (word.ptr[k] == '\'')
				phx_buf_c(&out, "'\\''");
			else
				phx_buf_ch(&out, word.ptr[k]);
		}
		phx_buf_ch(&out, '\'');
	}
	text = phx_str_dup(p->arena, phx_buf_view(&out));
	phx_buf_done(&out);
	return text;
}

static bool health(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *x)
{
	const struct phx_value *command = attr(s, "command"), *retries = attr(s, "retries");
	uint64_t n = retries && retries->i > 0 ? (uint64_t)retries->i : RETRIES;
	uint64_t interval = attr_ms(s, "interval", INTERVAL_MS), timeout = attr_ms(s, "timeout", ATTEMPT_MS);
	struct plan_sum sum;
	struct phx_str text;

	if (!command)
		return false;
	text = health_command(p, command);
	begin(p, it, x, "health", PHX_STR(""), s->span);
	x->w.timeout_ms = n * (interval + timeout) + 60000;
	common(p, it, x);
	env(p, x, PHX_STR("PHX_HEALTH"), text, false);
	env(p, x, PHX_STR("PHX_RETRIES"), plan_number(p, n), false);
	env(p, x, PHX_STR("PHX_INTERVAL_MS"), plan_number(p, interval), false);
	env(p, x, PHX_STR("PHX_ATTEMPT_MS"), plan_number(p, timeout), false);
	plan_sum_begin(&sum, p, it, x);
	plan_sum_value(&sum, PHX_STR("command"), text, false);
	plan_sum_end(&sum);
	x->w.script = plan_guest_script(p, "health.sh");
	return true;
}

bool plan_work_of(struct plan *p, struct plan_item *it, const struct phx_step *s, struct plan_work *out)
{
	*out = (struct plan_work){.step = s};
	switch ((enum phx_step_kind)s->kind) {
	case PHX_STEP_FEATURE:
		return feature(p, it, s, out);
	case PHX_STEP_NFS:
		return nfs(p, it, s, out);
	case PHX_STEP_FILE:
		return file(p, it, s, out);
	case PHX_STEP_SCRIPT:
		return script(p, it, s, out);
	case PHX_STEP_HEALTH:
		return !it->guest->is_template && health(p, it, s, out);
	}
	return false;
}

/* --- passwords and keys of a container, which Proxmox sets only when it makes one --- */

bool plan_work_setting(struct plan *p, struct plan_item *it, const struct phx_setting *s, struct plan_work *x)
{
	bool keys = phx_str_eqc(s->key, "ssh-public-keys");
	struct phx_str value = s->value;

	*x = (struct plan_work){.span = s->span, .path = s->path};
	x->w.what = keys ? PHX_STR("ssh keys of root") : PHX_STR("password of root");
	x->w.key = plan_text(p, PHX_STR("hash:"), s->key);
	x->w.way = (uint8_t)plan_way(p, it);
	x->w.timeout_ms = FILE_MS;
	x->fact = plan_secret_hash(p, it, s->key, s->value);
	x->w.hash = phx_str_slice(x->fact, 0, PLAN_HASH);
	x->hidden = true;
	if (!keys && !phx_is_crypt_hash(value))
		value = phx_crypt_sha512(
			p->arena, plan_text(p, PHX_STR("phx/"), p->g->stack, PHX_STR("/"), it->id_text),
			value);
	env(p, x, keys ? PHX_STR("PHX_KEYS") : PHX_STR("PHX_PASSWORD_HASH"), value, true);
	x->w.script = plan_guest_script(p, keys ? "keys.sh" : "password.sh");
	return true;
}

struct plan_work plan_work_clean(struct plan *p, struct plan_item *it)
{
	struct plan_work x = {.span = it->span};

	x.w.what = PHX_STR("clean");
	x.w.way = (uint8_t)plan_way(p, it);
	x.w.hash = PHX_STR("clean");
	x.w.timeout_ms = FILE_MS;
	common(p, it, &x);
	x.w.script = plan_guest_script(p, "clean.sh");
	return x;
}
