/* `cloud_init { user_data network_data vendor_data }`: read, and checked against what phx itself says in the same document. */
#include "base/sys.h"
#include "base/yaml.h"
#include "model/cloud_init.h"
#include "model/cloud_init_priv.h"
#include "model/graph_priv.h"

const char *phx_ci_part_type(struct phx_str text)
{
	static const char *const types[][2] = {
		{"#!", "text/x-shellscript"},
		{"#include", "text/x-include-url"},
		{"#cloud-boothook", "text/cloud-boothook"},
		{"#cloud-config-archive", "text/cloud-config-archive"},
		{"#part-handler", "text/part-handler"},
		{"## template: jinja", "text/jinja2"},
	};

	for (size_t i = 0; i < PHX_COUNTOF(types); i++)
		if (phx_str_starts(text, types[i][0]))
			return types[i][1];
	return NULL;
}

/* --- reading --- */

/* STORAGE:snippets/NAME: a snippet that lies on a storage already. */
static bool is_snippet(struct phx_str s)
{
	return phx_str_find(s, PHX_STR(":snippets/")) > 0 && phx_str_chr(s, '\n') < 0;
}

/* One line that is no snippet is the path of a file; more lines, or a `#` line, are the data itself. */
static bool is_path(const struct phx_value *v)
{
	return !(v->flags & PHX_VF_SECRET) && phx_str_chr(v->s, '\n') < 0 && v->s.len > 0 &&
	       v->s.ptr[0] != '#';
}

static bool read_data(struct phx_lower *l, const struct phx_eff_attr *ea, const struct phx_value *v,
		      const char *attr, struct phx_ci_data *out)
{
	struct phx_buf text = {0};
	struct phx_err err = {0};
	struct phx_str path;
	bool ok;

	*out = (struct phx_ci_data){
		.declared = true, .secret = v->flags & PHX_VF_SECRET, .text = v->s, .span = v->span};
	if (out->secret)
		phx_secrets_add(l->b->secrets, v->s);
	if (!is_path(v))
		return true;
	out->file = v->s;
	phx_check_file(l->b, ea->from->dir, v, attr);
	path = phx_path_join(l->b->work, ea->from->dir.len > 0 ? ea->from->dir : PHX_STR("."), v->s);
	ok = phx_read_file(path.ptr, &text, &err);
	if (ok)
		out->text = phx_str_dup(l->b->arena, phx_buf_view(&text));
	phx_err_done(&err);
	phx_buf_done(&text);
	out->declared = ok; /* a missing file is reported */
	return ok;
}

/* --- checking --- */

static struct phx_diag *bad(struct phx_lower *l, const struct phx_ci_data *d, enum phx_code code,
			    const char *attr, const char *what)
{
	struct phx_diag *diag = phx_diag_add(l->b->bag, code, d->span, "`%s` %s", attr, what);

	if (d->file.len)
		phx_diag_label(l->b->bag, diag, d->span, "the file " PHX_STR_FMT, PHX_STR_ARG(d->file));
	return diag;
}

/* NULL: it is empty, is no cloud-config, or was reported. */
static struct phx_yaml *parse(struct phx_lower *l, const struct phx_ci_data *d, const char *attr,
			      bool network)
{
	struct phx_yaml *map = NULL;
	struct phx_err err = {0};

	if (phx_str_starts(d->text, "Content-Type:") || phx_str_starts(d->text, "From ")) {
		phx_diag_help(
			l->b->bag, bad(l, d, PHX0460, attr, "is a MIME message, which phx cannot merge"),
			"give the cloud-config alone; or put the whole message on a storage and name it: "
			"`STORAGE:snippets/FILE`");
		return NULL;
	}
	if (!network && phx_ci_part_type(d->text))
		return NULL;
	if (!phx_yaml_parse(d->text, l->b->work, &map, &err)) {
		phx_diag_note(l->b->bag, bad(l, d, PHX0460, attr, "is no YAML"), PHX_STR_FMT,
			      PHX_STR_ARG(phx_buf_view(&err.msg)));
	} else if (!map || map->kind != PHX_YAML_MAP) {
		map = NULL;
		phx_diag_note(l->b->bag, bad(l, d, PHX0460, attr, "is no map of keys and values"),
			      network ? "network data is a map with `version`"
				      : "a cloud-config is one; a script begins with `#!`");
	}
	phx_err_done(&err);
	return map;
}

static void owned(struct phx_lower *l, const struct phx_ci_data *d, const struct phx_yaml *at,
		  const char *key, const char *owner, struct phx_span span)
{
	struct phx_diag *diag =
		phx_diag_add(l->b->bag, PHX0461, d->span,
			     "`%s` is said twice: by the cloud-init data, and by %s", key, owner);

	phx_diag_label(l->b->bag, diag, span, "phx writes it from this");
	phx_diag_note(l->b->bag, diag, "in the data it stands on line %u%s" PHX_STR_FMT, at->line,
		      d->file.len ? " of " : "", PHX_STR_ARG(d->file));
	phx_diag_help(l->b->bag, diag, "say it in one place: take it out of the data, or out of the guest");
}

static void names(struct phx_lower *l, const struct phx_ci_data *d, const struct phx_yaml *map)
{
	static const char *const keys[] = {"hostname", "fqdn"};

	for (size_t i = 0; i < PHX_COUNTOF(keys); i++) {
		const struct phx_yaml *y = phx_yaml_get(map, keys[i]);
		struct phx_str rest = y ? y->text : PHX_STR(""), first;

		if (y && phx_str_cut(&rest, '.', &first) && !phx_str_eq(y->text, l->g->host_name) &&
		    !(i == 1 && phx_str_eq(first, l->g->host_name)))
			owned(l, d, y, keys[i], "the guest's name", l->g->r.span);
	}
}

static void users(struct phx_lower *l, const struct phx_ci_data *d, const struct phx_yaml *map)
{
	static const char *const defaults[] = {"user", "password", "ssh_authorized_keys"};
	const struct phx_yaml *list = phx_yaml_get(map, "users");

	for (size_t i = 0; l->g->ci.users.n && i < PHX_COUNTOF(defaults); i++) {
		const struct phx_yaml *y = phx_yaml_get(map, defaults[i]);

		if (y)
			owned(l, d, y, defaults[i], "`user`", l->g->ci.users.v[0].span);
	}
	for (uint32_t i = 0; list && list->kind == PHX_YAML_LIST && i < list->items.n; i++) {
		const struct phx_yaml *item = list->items.v[i];
		const struct phx_yaml *name = item->kind == PHX_YAML_MAP ? phx_yaml_get(item, "name") : item;

		for (uint32_t k = 0; name && k < l->g->ci.users.n; k++)
			if (phx_str_eq(name->text, l->g->ci.users.v[k].name))
				owned(l, d, item, "users", "`user`", l->g->ci.users.v[k].span);
	}
}

static void clear_password(struct phx_lower *l, const struct phx_ci_data *d, const struct phx_yaml *at,
			   const char *key)
{
	struct phx_diag *diag = phx_diag_add(l->b->bag, PHX0462, d->span,
					     "the cloud-init data holds a password in clear: `%s`", key);

	phx_diag_note(l->b->bag, diag,
		      "it stands on line %u%s" PHX_STR_FMT ", and would lie on the node's storage as it is",
		      at->line, d->file.len ? " of " : "", PHX_STR_ARG(d->file));
	phx_diag_help(
		l->b->bag, diag,
		"say `user NAME { password = env(\"…\") }` and phx hashes it, or put a hash there: mkpasswd "
		"-m sha-512");
}

static void check_password(struct phx_lower *l, const struct phx_ci_data *d, const struct phx_yaml *in,
			   const char *key)
{
	const struct phx_yaml *y = phx_yaml_get(in, key);

	/* `$` begins every form that crypt knows, `!` and `*` are no password at all, and R makes a random one. */
	if (y && y->kind == PHX_YAML_SCALAR && y->text.len && !strchr("$!*", y->text.ptr[0]) &&
	    !phx_str_eqc(y->text, "R") && !phx_str_eqc(y->text, "RANDOM"))
		clear_password(l, d, y, key);
}

static void passwords(struct phx_lower *l, const struct phx_ci_data *d, const struct phx_yaml *map)
{
	const struct phx_yaml *list = phx_yaml_get(map, "users"), *change = phx_yaml_get(map, "chpasswd");
	const struct phx_yaml *lists[] = {list, phx_yaml_get(change, "users")};

	check_password(l, d, map, "password");
	for (size_t k = 0; k < PHX_COUNTOF(lists); k++) {
		for (uint32_t i = 0; lists[k] && lists[k]->kind == PHX_YAML_LIST && i < lists[k]->items.n;
		     i++) {
			const struct phx_yaml *u = lists[k]->items.v[i];
			const struct phx_yaml *clear = phx_yaml_get(u, "plain_text_passwd");

			check_password(l, d, u, "passwd");
			check_password(l, d, u, "hashed_passwd");
			check_password(l, d, u, "password");
			if (clear)
				clear_password(l, d, clear, "plain_text_passwd");
		}
	}
}

static void check_user_data(struct phx_lower *l, const struct phx_eff_attr *upgrade)
{
	const struct phx_ci_data *d = &l->g->ci.data[PHX_CI_USER];
	const struct phx_yaml *map = parse(l, d, "user_data", false),
			      *y = phx_yaml_get(map, "package_upgrade");

	if (!map)
		return;
	names(l, d, map);
	users(l, d, map);
	passwords(l, d, map);
	if (y && l->g->ci.upgrade_declared)
		owned(l, d, y, "package_upgrade", "`cloud_init.upgrade`", upgrade->a->name_span);
}

/* Network data of one's own takes the place of all that Proxmox would write of addresses and name servers. */
static void check_network_data(struct phx_lower *l)
{
	const struct phx_ci_data *d = &l->g->ci.data[PHX_CI_NETWORK];
	struct phx_diag *diag = NULL;

	(void)parse(l, d, "network_data", true);
	for (uint32_t i = 0; i < l->b->nics.n; i++) {
		const struct phx_nic *nic = &l->b->nics.v[i];

		if (nic->origin == PHX_FROM_SOURCE || (!nic->has_ip && !nic->has_ip6))
			continue;
		if (!diag)
			diag = phx_diag_add(
				l->b->bag, PHX0461, d->span,
				"the addresses are said twice: by `network_data`, and by `network`");
		phx_diag_label(l->b->bag, diag, nic->span, "an address is given here");
	}
	if (diag)
		phx_diag_help(
			l->b->bag, diag,
			"with `network_data` leave `ip`, `ip6` and `gw` out: it replaces what Proxmox makes "
			"of them");
}

/* --- all of it --- */

static void snippet(struct phx_lower *l, const struct phx_eff_attr *ea, const struct phx_value *v,
		    const char *attr, enum phx_ci_doc doc, struct phx_prop_set *set)
{
	phx_props_add(l->b, set, phx_str_c(phx_ci_doc_name(doc)), v->s,
		      phx_str_printf(l->b->scratch, "cloud_init.%s", attr), v->span, ea->origin);
	if (doc == PHX_CI_USER && phx_ci_whole(l->g)) {
		const struct phx_ci_user *u = &l->g->ci.users.v[l->g->ci.users.n > 1];
		struct phx_diag *d =
			phx_diag_add(l->b->bag, PHX0461, u->span,
				     "users are said twice: by the snippet in `user_data`, and by `user`");

		phx_diag_label(l->b->bag, d, v->span, "this file takes the place of what phx would write");
		phx_diag_help(l->b->bag, d,
			      "write all users into the snippet, or give `user_data` as a file beside the "
			      "configuration: phx merges it");
	}
}

void phx_lower_ci_data(struct phx_lower *l, const struct phx_eff_block *blk)
{
	static const char *const attrs[] = {"user_data", "network_data", "vendor_data"};
	struct phx_prop_set set = {.option = phx_gb_option(l, "cicustom"), .key = PHX_STR("cicustom")};
	struct phx_buf text = {0};

	for (int i = 0; set.option && i < PHX_CI_COUNT; i++) {
		const struct phx_eff_attr *ea = phx_eff_attr(blk, attrs[i]);
		const struct phx_value *v = phx_eff_get(blk, attrs[i]);

		if (!v || v->kind != PHX_V_STRING)
			continue;
		if (is_snippet(v->s))
			snippet(l, ea, v, attrs[i], (enum phx_ci_doc)i, &set);
		else
			(void)read_data(l, ea, v, attrs[i], &l->g->ci.data[i]);
	}
	if (set.any) {
		phx_propstring_print(set.option, &set.props, &text);
		phx_lower_add(l->b, set.key, set.option, phx_str_dup(l->b->arena, phx_buf_view(&text)),
			      PHX_STR("cloud_init"), blk->span, set.origin);
	}
	if (l->g->ci.data[PHX_CI_USER].declared)
		check_user_data(l, phx_eff_attr(blk, "upgrade"));
	if (l->g->ci.data[PHX_CI_NETWORK].declared)
		check_network_data(l);
	if (l->g->ci.data[PHX_CI_VENDOR].declared)
		passwords(l, &l->g->ci.data[PHX_CI_VENDOR],
			  parse(l, &l->g->ci.data[PHX_CI_VENDOR], "vendor_data", false));
	phx_buf_done(&text);
}
