/* What a VM learns from its cloud-init drive: user, keys, password, addresses, own data. */
#include <string.h>

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
static void add_keys(struct phx_lower *l, const struct phx_value *v, struct phx_buf *out)
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
		if (out->len > 0)
			phx_buf_ch(out, '\n');
		phx_buf_str(out, line);
	}
}

/* Proxmox wants the keys percent-encoded inside the value (recordings 121, 122). */
static void ssh_keys(struct phx_lower *l, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "ssh_keys");
	const struct phx_value *v = phx_eff_get(blk, "ssh_keys");
	struct phx_buf keys = {0}, text = {0};
	uint32_t n;

	if (ea && phx_lower_inherited(l, ea, PHX_STR("sshkeys")))
		return;
	n = v ? v->kind == PHX_V_LIST ? v->list.n : 1 : 0;

	for (uint32_t i = 0; i < n; i++)
		add_keys(l, v->kind == PHX_V_LIST ? &v->list.v[i] : v, &keys);
	if (keys.len > 0) {
		phx_buf_percent(&text, phx_buf_view(&keys));
		phx_lower_add(l->b, PHX_STR("sshkeys"), phx_gb_option(l, "sshkeys"),
			      phx_str_dup(l->b->arena, phx_buf_view(&text)), PHX_STR("user.ssh_keys"),
			      v->span, ea->origin);
	} else if (ea && phx_is_null(&ea->a->value)) {
		phx_lower_add(l->b, PHX_STR("sshkeys"), phx_gb_option(l, "sshkeys"), PHX_STR(""),
			      PHX_STR("user.ssh_keys"), ea->a->value.span, ea->origin)
			->unset = true;
	}
	phx_buf_done(&keys);
	phx_buf_done(&text);
}

static void password(struct phx_lower *l, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "password");
	const struct phx_value *v = phx_eff_get(blk, "password");
	struct phx_setting *s;
	struct phx_diag *d;

	if (!v || v->kind != PHX_V_STRING || phx_lower_inherited(l, ea, PHX_STR("cipassword")))
		return;
	phx_secrets_add(l->b->secrets, v->s);
	s = phx_lower_add(l->b, PHX_STR("cipassword"), phx_gb_option(l, "cipassword"), v->s,
			  PHX_STR("user.password"), v->span, ea->origin);
	s->secret = true;
	if (v->flags & PHX_VF_SECRET || ea->origin == PHX_FROM_SOURCE)
		return;
	d = phx_diag_add(l->b->bag, PHX0428, v->span, "`password` stands in clear in the source");
	phx_diag_help(l->b->bag, d, "read it from the environment: `password = env(\"NAME\")`");
}

static void lower_user(struct phx_lower *l, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *sudo = phx_eff_attr(blk, "sudo");
	uint8_t origin = blk->origin;

	phx_lower_add(l->b, PHX_STR("ciuser"), phx_gb_option(l, "ciuser"), blk->label, PHX_STR("user"),
		      blk->span, origin);
	ssh_keys(l, blk);
	password(l, blk);
	/* Cloud images let their user use sudo without a password: that is what `sudo = true` says. */
	if (sudo && phx_known(&sudo->a->value) && sudo->origin != PHX_FROM_SOURCE &&
	    !(sudo->a->value.kind == PHX_V_BOOL && sudo->a->value.b)) {
		struct phx_step step = {.kind = PHX_STEP_USER,
					.name = blk->label,
					.value = &sudo->a->value,
					.span = sudo->a->value.span};

		phx_vec_push(l->b->work, &l->b->steps, step);
	}
}

/* --- own data --- */

/* STORAGE:snippets/NAME: a snippet that lies on a storage already. */
static bool is_snippet(struct phx_str s)
{
	ptrdiff_t at = phx_str_find(s, PHX_STR(":snippets/"));

	return at > 0 && phx_str_chr(s, '\n') < 0;
}

/* One line that is no snippet is the path of a file; more lines, or a `#` line, are the data itself. */
static bool is_path(struct phx_str s)
{
	return phx_str_chr(s, '\n') < 0 && s.len > 0 && s.ptr[0] != '#';
}

static void data(struct phx_lower *l, const struct phx_eff_block *blk, const char *attr, const char *key,
		 struct phx_prop_set *set)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, attr);
	const struct phx_value *v = phx_eff_get(blk, attr);
	struct phx_step step;

	if (!v || v->kind != PHX_V_STRING)
		return;
	if (is_snippet(v->s)) {
		phx_props_add(l->b, set, phx_str_c(key), v->s,
			      phx_str_printf(l->b->scratch, "cloud_init.%s", attr), v->span, ea->origin);
		return;
	}
	if (ea->origin == PHX_FROM_SOURCE)
		return; /* the source's drive is made anew for the clone with what was set there */
	if (v->flags & PHX_VF_SECRET)
		phx_secrets_add(l->b->secrets, v->s);
	else if (is_path(v->s))
		phx_check_file(l->b, ea->from->dir, v, attr);
	step = (struct phx_step){.kind = PHX_STEP_CLOUD_INIT,
				 .name = phx_str_c(attr),
				 .block = blk->block,
				 .value = v,
				 .dir = ea->from->dir,
				 .span = v->span};
	phx_vec_push(l->b->work, &l->b->steps, step);
}

static void lower_own_data(struct phx_lower *l, const struct phx_eff_block *blk)
{
	struct phx_prop_set set = {.option = phx_gb_option(l, "cicustom"), .key = PHX_STR("cicustom")};
	struct phx_buf text = {0};

	if (set.option) {
		data(l, blk, "user_data", "user", &set);
		data(l, blk, "network_data", "network", &set);
		data(l, blk, "vendor_data", "vendor", &set);
	}
	if (set.any) {
		phx_propstring_print(set.option, &set.props, &text);
		phx_lower_add(l->b, set.key, set.option, phx_str_dup(l->b->arena, phx_buf_view(&text)),
			      PHX_STR("cloud_init"), blk->span, set.origin);
	}
	phx_lower_single(l, blk, "upgrade", "cloud_init.upgrade");
	phx_buf_done(&text);
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

	if (user)
		lower_user(l, user);
	if (own)
		lower_own_data(l, own);
	l->g->cloud_init = phx_wants_cloud_init(l);
	if (l->g->cloud_init)
		add_drive(l);
}
