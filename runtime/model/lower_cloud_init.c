/* What a VM learns from its cloud-init drive: user, keys, password, addresses, own data. */
#include <string.h>

#include "model/cloud_init.h"
#include "model/graph_priv.h"

/* --- user --- */

static bool key_ok(struct phx_str key)
{
	static const char *const kinds[] = {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"};
	struct phx_str rest = key, kind;

	if (!phx_str_cut(&rest, ' ', &kind) || !rest.ptr || phx_str_trim(rest).len == 0)
		return false;
	for (size_t i = 0; i < PHX_COUNTOF(kinds); i++) {
		if (phx_str_starts(kind, kinds[i]))
			return true;
	}
	return false;
}

/* A file of keys may hold several, one a line. */
static void add_keys(struct phx_lower *l, const struct phx_value *v, struct phx_ci_user *u)
{
	struct phx_str rest = phx_known(v) && v->kind == PHX_V_STRING ? v->s : PHX_STR(""), line;

	while (phx_str_cut(&rest, '\n', &line)) {
		line = phx_str_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!key_ok(line)) {
			struct phx_diag *d =
				phx_diag_add(l->b->bag, PHX0444, v->span, "this is no SSH public key");

			phx_diag_note(l->b->bag, d, "a key begins with its kind: `ssh-ed25519 AAAA… name`");
			phx_diag_help(l->b->bag, d, "read it from its file with `file(\"keys/admin.pub\")`");
			continue;
		}
		phx_vec_push(l->b->arena, &u->keys, line);
	}
}

static void read_keys(struct phx_lower *l, const struct phx_eff_block *blk, struct phx_ci_user *u)
{
	const struct phx_value *v = phx_eff_get(blk, "ssh_keys");
	uint32_t n = v ? v->kind == PHX_V_LIST ? v->list.n : 1 : 0;

	for (uint32_t i = 0; i < n; i++)
		add_keys(l, v->kind == PHX_V_LIST ? &v->list.v[i] : v, u);
}

static void read_password(struct phx_lower *l, const struct phx_eff_block *blk, struct phx_ci_user *u)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "password");
	const struct phx_value *v = phx_eff_get(blk, "password");
	struct phx_diag *d;

	if (!v || v->kind != PHX_V_STRING)
		return;
	phx_secrets_add(l->b->secrets, v->s);
	u->password = v->s;
	u->password_span = v->span;
	if (v->flags & PHX_VF_SECRET || ea->origin == PHX_FROM_SOURCE || phx_is_crypt_hash(v->s))
		return;
	d = phx_diag_add(l->b->bag, PHX0428, v->span, "`password` stands in clear in the source");
	phx_diag_help(l->b->bag, d, "read it from the environment: `password = env(\"NAME\")`");
}

/* Cloud images let their user use sudo without a password: that is what `sudo = true` says, and what holds where nothing is. */
static void read_sudo(const struct phx_eff_block *blk, struct phx_ci_user *u)
{
	const struct phx_value *v = phx_eff_get(blk, "sudo");

	if (!v || (v->kind == PHX_V_BOOL && v->b))
		return;
	u->sudo_declared = true;
	u->sudo_span = v->span;
	if (v->kind == PHX_V_STRING)
		u->sudo = v->s;
}

/* By name: the order of the source never counts. */
static void read_users(struct phx_lower *l)
{
	struct phx_cloud_init *ci = &l->g->ci;

	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = l->eff->blocks.v[i];
		struct phx_ci_user u = {.name = blk->label, .span = blk->span};
		uint32_t at;

		if (!phx_same(blk->spec->name, "user"))
			continue;
		read_keys(l, blk, &u);
		read_password(l, blk, &u);
		read_sudo(blk, &u);
		phx_vec_push(l->b->arena, &ci->users, u);
		for (at = ci->users.n - 1; at > 0 && phx_str_cmp(ci->users.v[at - 1].name, u.name) > 0; at--)
			ci->users.v[at] = ci->users.v[at - 1];
		ci->users.v[at] = u;
	}
}

/* --- by the API's own options: one user, its keys, its password --- */

/* Proxmox wants the keys percent-encoded inside the value (recordings 121, 122). */
static void ssh_keys(struct phx_lower *l, const struct phx_eff_block *blk, const struct phx_ci_user *u)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "ssh_keys");
	struct phx_buf keys = {0}, text = {0};

	if (!ea || phx_lower_inherited(l, ea, PHX_STR("sshkeys")))
		return;
	for (uint32_t i = 0; i < u->keys.n; i++) {
		if (keys.len > 0)
			phx_buf_ch(&keys, '\n');
		phx_buf_str(&keys, u->keys.v[i]);
	}
	if (keys.len > 0) {
		phx_buf_percent(&text, phx_buf_view(&keys));
		phx_lower_add(l->b, PHX_STR("sshkeys"), phx_gb_option(l, "sshkeys"),
			      phx_str_dup(l->b->arena, phx_buf_view(&text)), PHX_STR("user.ssh_keys"),
			      ea->a->value.span, ea->origin);
	} else if (phx_is_null(&ea->a->value)) {
		phx_lower_add(l->b, PHX_STR("sshkeys"), phx_gb_option(l, "sshkeys"), PHX_STR(""),
			      PHX_STR("user.ssh_keys"), ea->a->value.span, ea->origin)
			->unset = true;
	}
	phx_buf_done(&keys);
	phx_buf_done(&text);
}

static void password(struct phx_lower *l, const struct phx_eff_block *blk, const struct phx_ci_user *u)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "password");

	if (!u->password.len || phx_lower_inherited(l, ea, PHX_STR("cipassword")))
		return;
	phx_lower_add(l->b, PHX_STR("cipassword"), phx_gb_option(l, "cipassword"), u->password,
		      PHX_STR("user.password"), u->password_span, ea->origin)
		->secret = true;
}

/* What the whole document says is not said by an option as well: Proxmox would not look at it. */
static void take_back(struct phx_lower *l)
{
	static const char *const keys[][2] = {{"ciuser", "user"},
					      {"sshkeys", "user.ssh_keys"},
					      {"cipassword", "user.password"},
					      {"ciupgrade", "cloud_init.upgrade"}};
	struct phx_span at = l->g->ci.users.n ? l->g->ci.users.v[0].span : l->g->ci.data[PHX_CI_USER].span;

	for (size_t i = 0; i < PHX_COUNTOF(keys); i++)
		if (!phx_lower_find(l->b, phx_str_c(keys[i][0])))
			phx_lower_add(l->b, phx_str_c(keys[i][0]), phx_gb_find(l, phx_str_c(keys[i][0])),
				      PHX_STR(""), phx_str_c(keys[i][1]), at, PHX_FROM_DEFAULTS)
				->unset = true;
}

static void lower_user(struct phx_lower *l, const struct phx_eff_block *blk)
{
	phx_lower_add(l->b, PHX_STR("ciuser"), phx_gb_option(l, "ciuser"), blk->label, PHX_STR("user"),
		      blk->span, blk->origin);
	ssh_keys(l, blk, &l->g->ci.users.v[0]);
	password(l, blk, &l->g->ci.users.v[0]);
}

static void read_upgrade(struct phx_lower *l, const struct phx_eff_block *blk)
{
	const struct phx_value *v = phx_eff_get(blk, "upgrade");

	l->g->ci.upgrade_declared = v && v->kind == PHX_V_BOOL;
	l->g->ci.upgrade = l->g->ci.upgrade_declared && v->b;
}

/* --- the drive --- */

static bool source_has_drive(const struct phx_lower *l)
{
	return l->g->source && l->g->source->cloud_init;
}

/* A drive is needed by everything that reaches the guest through it: a user, addresses, name servers, own data. Image
 * VMs without any of these boot with what the image does by itself, which is DHCP. */
bool phx_wants_cloud_init(const struct phx_lower *l)
{
	if (phx_eff_child(l->eff, "user") || phx_eff_child(l->eff, "cloud_init") || source_has_drive(l))
		return true;
	if (phx_eff_child(l->eff, "dns"))
		return true;
	for (uint32_t i = 0; i < l->b->nics.n; i++) {
		if (l->b->nics.v[i].has_ip || l->b->nics.v[i].has_ip6)
			return true;
	}
	return false;
}

static void add_drive(struct phx_lower *l)
{
	const struct phx_volume *root = phx_volume_by_label(l->b, PHX_STR("root"));
	struct phx_str slot = PHX_STR("ide2"), storage = l->g->storage;
	struct phx_volume *v;

	for (uint32_t i = 0; i < l->b->volumes.n; i++) {
		if (l->b->volumes.v[i].source == PHX_VOL_CLOUDINIT)
			return; /* came with the clone */
	}
	if (root && root->storage.len > 0)
		storage = root->storage;
	if (storage.len == 0 && phx_eff_value(l->eff, PHX_GA_STORAGE))
		storage = phx_eff_value(l->eff, PHX_GA_STORAGE)->s;
	if (phx_volume_by_slot(l->b, slot))
		slot = phx_volume_free_slot(l, "ide", l->node->decl->span);
	if (slot.len == 0)
		return;
	v = phx_volume_add(l, PHX_STR("cloud-init"), slot, PHX_VOL_CLOUDINIT, l->node->decl->span);
	v->path = PHX_STR("cloud_init");
	v->storage = storage;
	v->slot_fixed = true;
}

void phx_lower_cloud_init(struct phx_lower *l)
{
	const struct phx_eff_block *user = phx_eff_child(l->eff, "user"),
				   *own = phx_eff_child(l->eff, "cloud_init");

	read_users(l);
	if (own) {
		read_upgrade(l, own);
		phx_lower_ci_data(l, own);
	}
	if (phx_ci_whole(l->g)) {
		take_back(l);
	} else {
		if (user)
			lower_user(l, user);
		if (own)
			phx_lower_single(l, own, "upgrade", "cloud_init.upgrade");
	}
	l->g->cloud_init = phx_wants_cloud_init(l);
	if (l->g->cloud_init)
		add_drive(l);
}
