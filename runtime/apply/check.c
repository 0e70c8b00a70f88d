/* Is it so? One read per question, chosen by the operation. */
#include <string.h>

#include "apply/apply_priv.h"
#include "model/normalise.h"

static void verdict(struct phx_job *j, enum phx_verdict v)
{
	j->judged(j, v);
}

static void no(struct phx_job *j, const char *fmt, struct phx_str what)
{
	phx_buf_clear(&j->why);
	phx_buf_printf(&j->why, "%s", fmt);
	if (what.len)
		phx_buf_printf(&j->why, " " PHX_STR_FMT, PHX_STR_ARG(what));
	verdict(j, PHX_VERDICT_NO);
}

/* True when the answer is one; otherwise the verdict was given. `missing`: what it means when the object is not there. */
static bool usable(struct phx_job *j, struct phx_answer *answer, enum phx_verdict missing)
{
	if (answer->err.kind == PHX_ERR_NONE)
		return true;
	if (answer->err.kind == PHX_ERR_MISSING) {
		phx_buf_clear(&j->why);
		phx_buf_printf(&j->why, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&answer->err.msg)));
		verdict(j, missing);
		return false;
	}
	phx_err_copy(&j->err, &answer->err);
	verdict(j, PHX_VERDICT_UNKNOWN);
	return false;
}

static bool is_locked(struct phx_job *j, const json_t *config)
{
	struct phx_str lock = phx_json_str(config, "lock");

	if (!lock.len)
		return false;
	phx_buf_clear(&j->why);
	phx_buf_printf(&j->why, "the guest is locked (" PHX_STR_FMT ")", PHX_STR_ARG(lock));
	return true;
}

static void made_read(struct phx_job *j, struct phx_answer *answer)
{
	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	/* While it is made there is little but the lock, and not yet the description that says whose it is (835, 850). */
	if (is_locked(j, answer->data))
		verdict(j, PHX_VERDICT_BUSY);
	else
		verdict(j, phx_check_config(j, answer->data));
}

static void config_read(struct phx_job *j, struct phx_answer *answer)
{
	if (usable(j, answer, PHX_VERDICT_NO))
		verdict(j, phx_check_config(j, answer->data));
}

/* Sizes as Proxmox rounds them up: at least what was asked for; "+2G" cannot be seen. */
static void size_read(struct phx_job *j, struct phx_answer *answer)
{
	const struct phx_param *disk = phx_job_param(j, "disk"), *size = phx_job_param(j, "size");
	struct phx_str live, rest, piece;
	uint64_t have = 0, want = 0;
	struct phx_buf key = {0};

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	if (!disk || !size || !phx_disk_size_parse(size->value, &want)) {
		verdict(j, PHX_VERDICT_NEVER);
		return;
	}
	phx_buf_str(&key, disk->value);
	live = rest = phx_json_str(answer->data, key.ptr);
	phx_buf_done(&key);
	while (phx_str_cut(&rest, ',', &piece)) {
		if (phx_str_starts(piece, "size=") && !phx_disk_size_parse(phx_str_from(piece, 5), &have))
			have = 0;
	}
	if (have >= want)
		verdict(j, PHX_VERDICT_YES);
	else
		no(j, "the disk is", live.len ? live : PHX_STR("not there"));
}

static void status_read(struct phx_job *j, struct phx_answer *answer)
{
	bool up = j->a->op == PHX_OP_START;
	struct phx_str status;

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	status = phx_json_str(answer->data, "status");
	if (phx_str_eqc(status, up ? "running" : "stopped"))
		verdict(j, PHX_VERDICT_YES);
	else
		no(j, "the guest is", status);
}

static void template_read(struct phx_job *j, struct phx_answer *answer)
{
	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	if (phx_json_bool(answer->data, "template", false))
		verdict(j, PHX_VERDICT_YES);
	else
		no(j, "the guest is no template", (struct phx_str){0});
}

static void gone_read(struct phx_job *j, struct phx_answer *answer)
{
	if (!usable(j, answer, PHX_VERDICT_YES))
		return;
	no(j, "the guest is still there", (struct phx_str){0});
}

static void pool_read(struct phx_job *j, struct phx_answer *answer)
{
	const struct phx_param *comment = phx_job_param(j, "comment");
	struct phx_str have;

	if (!usable(j, answer, j->a->op == PHX_OP_POOL_DELETE ? PHX_VERDICT_YES : PHX_VERDICT_NO))
		return;
	if (j->a->op == PHX_OP_POOL_DELETE) {
		no(j, "the pool is still there", (struct phx_str){0});
		return;
	}
	have = phx_json_str(json_array_get(answer->data, 0), "comment");
	if (!comment || phx_str_eq(phx_str_trim(have), phx_str_trim(comment->value)))
		verdict(j, PHX_VERDICT_YES);
	else
		no(j, "the pool's comment is", have);
}

static void snapshots_read(struct phx_job *j, struct phx_answer *answer)
{
	const struct phx_param *name = phx_job_param(j, "snapname");
	size_t i;
	json_t *s;

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	json_array_foreach(answer->data, i, s)
	{
		if (!name || !phx_str_eq(phx_json_str(s, "name"), name->value))
			continue;
		verdict(j, phx_json_str(s, "snapstate").len ? PHX_VERDICT_BUSY : PHX_VERDICT_YES);
		return;
	}
	no(j, "there is no such snapshot", (struct phx_str){0});
}

static void volumes_read(struct phx_job *j, struct phx_answer *answer)
{
	const struct phx_param *file = phx_job_param(j, "filename");
	size_t i;
	json_t *v;

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	if (!file)
		file = phx_job_param(j, "template");
	json_array_foreach(answer->data, i, v)
	{
		struct phx_str volid = phx_json_str(v, "volid");
		ptrdiff_t slash = phx_str_chr(volid, '/');

		if (file && slash >= 0 && phx_str_eq(phx_str_from(volid, (size_t)slash + 1), file->value)) {
			j->size_there = (uint64_t)phx_json_int(v, "size", 0);
			verdict(j, PHX_VERDICT_YES);
			return;
		}
	}
	no(j, "the file is not on the storage", (struct phx_str){0});
}

/* A firewall call that was acted on changed the list, and with it the digest. */
static void rules_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str digest;

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	digest = phx_json_str(json_array_get(answer->data, 0), "digest");
	if (phx_str_eq(digest.len ? digest : PHX_STR("(empty)"), j->digest_before))
		no(j, "the rules are as before", (struct phx_str){0});
	else
		verdict(j, PHX_VERDICT_YES);
}

/* A reboot that took place started the guest's process, or its system, a moment ago. */
static void uptime_read(struct phx_job *j, struct phx_answer *answer)
{
	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	verdict(j, phx_json_int(answer->data, "uptime", 0) < 60 ? PHX_VERDICT_YES : PHX_VERDICT_NO);
}

static void members_read(struct phx_job *j, struct phx_answer *answer)
{
	const struct phx_param *vms = phx_job_param(j, "vms");
	bool there = false;
	size_t i;
	json_t *m;

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	json_array_foreach(phx_json_get(json_array_get(answer->data, 0), "members"), i, m)
	{
		struct phx_str id = phx_str_printf(&j->arena, "%lld", (long long)phx_json_int(m, "vmid", -1));

		there = there || (vms && phx_str_eq(id, vms->value));
	}
	if (there)
		verdict(j, PHX_VERDICT_YES);
	else
		no(j, "the guest is not in the pool", (struct phx_str){0});
}

static void moved_read(struct phx_job *j, struct phx_answer *answer)
{
	const struct phx_param *disk = phx_job_param(j, j->a->is_vm ? "disk" : "volume"),
			       *storage = phx_job_param(j, "storage");
	struct phx_buf key = {0};
	struct phx_str live;

	if (!usable(j, answer, PHX_VERDICT_NO))
		return;
	if (disk)
		phx_buf_str(&key, disk->value);
	live = key.len ? phx_json_str(answer->data, key.ptr) : (struct phx_str){0};
	phx_buf_done(&key);
	if (storage && live.len > storage->value.len &&
	    phx_str_eq(phx_str_slice(live, 0, storage->value.len), storage->value) &&
	    live.ptr[storage->value.len] == ':')
		verdict(j, PHX_VERDICT_YES);
	else
		no(j, "the volume is", live.len ? live : PHX_STR("not there"));
}

/* By a parameter (676): in a path the name of a nested pool would be two names. */
static void read_pool(struct phx_job *j, void (*read)(struct phx_job *j, struct phx_answer *answer))
{
	const struct phx_param *id = phx_job_param(j, "poolid");
	struct phx_params p = {0};

	phx_params_add(&j->arena, &p, PHX_STR("poolid"), id ? id->value : (struct phx_str){0});
	phx_job_get(j, PHX_STR("/pools"), &p, read);
}

/* Where the file of an image lies: the storage stands in the path, or among the parameters. */
static struct phx_str content_path(struct phx_job *j)
{
	const struct phx_param *storage = phx_job_param(j, "storage");
	struct phx_str path = j->a->path;

	if (storage)
		return phx_str_printf(&j->arena, "/nodes/" PHX_STR_FMT "/storage/" PHX_STR_FMT "/content",
				      PHX_STR_ARG(j->a->node), PHX_STR_ARG(storage->value));
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	return phx_str_printf(&j->arena, PHX_STR_FMT "content", PHX_STR_ARG(path));
}

/* Not of the firewall, whose lists only tell that something changed, nor of a reboot. */
bool phx_check_after(const struct phx_action *a)
{
	switch (a->op) {
	case PHX_OP_CREATE:
	case PHX_OP_CLONE:
	case PHX_OP_CONFIG:
	case PHX_OP_MARKER:
	case PHX_OP_RESIZE:
	case PHX_OP_START:
	case PHX_OP_SHUTDOWN:
	case PHX_OP_STOP:
	case PHX_OP_TEMPLATE:
	case PHX_OP_DELETE:
	case PHX_OP_SNAPSHOT:
	case PHX_OP_MIGRATE:
	case PHX_OP_DISK_MOVE:
		return true;
	default: /* a number, not the enum: all others */
		return false;
	}
}

/* What is read below the guest, and who judges it. Operations that are not here are as good when done twice. */
static const struct {
	const char *path;
	void (*read)(struct phx_job *j, struct phx_answer *answer);
} guest_checks[PHX_ACTION_OP_COUNT] = {
	[PHX_OP_CREATE] = {"/config", made_read},
	[PHX_OP_CLONE] = {"/config", made_read},
	[PHX_OP_MIGRATE] = {"/config", made_read},
	[PHX_OP_CONFIG] = {"/config", config_read},
	[PHX_OP_MARKER] = {"/config", config_read},
	[PHX_OP_RESIZE] = {"/config", size_read},
	[PHX_OP_DISK_MOVE] = {"/config", moved_read},
	[PHX_OP_TEMPLATE] = {"/config", template_read},
	[PHX_OP_DELETE] = {"/config", gone_read},
	[PHX_OP_START] = {"/status/current", status_read},
	[PHX_OP_SHUTDOWN] = {"/status/current", status_read},
	[PHX_OP_STOP] = {"/status/current", status_read},
	[PHX_OP_REBOOT] = {"/status/current", uptime_read},
	[PHX_OP_SNAPSHOT] = {"/snapshot", snapshots_read},
	[PHX_OP_FW_RULE_ADD] = {"/firewall/rules", rules_read},
	[PHX_OP_FW_RULE_DELETE] = {"/firewall/rules", rules_read},
	[PHX_OP_FW_RULE_UPDATE] = {"/firewall/rules", rules_read},
};

void phx_check_begin(struct phx_job *j, void (*judged)(struct phx_job *j, enum phx_verdict v))
{
	uint8_t op = j->a->op;

	j->judged = judged;
	phx_buf_clear(&j->why);
	if (guest_checks[op].read)
		phx_job_get(j, phx_job_guest_path(j, guest_checks[op].path), NULL, guest_checks[op].read);
	else if (op == PHX_OP_POOL_CREATE || op == PHX_OP_POOL_UPDATE || op == PHX_OP_POOL_DELETE)
		read_pool(j, pool_read);
	else if (op == PHX_OP_POOL_MEMBER)
		read_pool(j, members_read);
	else if (op == PHX_OP_IMAGE_DOWNLOAD || op == PHX_OP_IMAGE_UPLOAD || op == PHX_OP_OSTEMPLATE_DOWNLOAD)
		phx_job_get(j, content_path(j), NULL, volumes_read);
	else
		verdict(j, PHX_VERDICT_NEVER);
}
