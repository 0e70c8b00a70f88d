#include "model/access.h"

#include <stdio.h>
#include <string.h>

#include "model/endpoint.h"

/* --- what is granted --- */

void phx_grants_add(struct phx_arena *a, struct phx_grants *g, struct phx_str path, struct phx_str privilege,
		    bool propagate)
{
	struct phx_map_entry *e = phx_map_put(a, &g->by_path, path, NULL);

	if (!e->ptr)
		e->ptr = PHX_NEW(a, struct phx_map);
	phx_map_put(a, e->ptr, privilege, NULL)->num = propagate;
}

static const struct phx_map *listed(const struct phx_grants *g, struct phx_str path, bool *out_exact)
{
	struct phx_str at = path;

	*out_exact = true;
	for (;;) {
		const struct phx_map *m = phx_map_get(&g->by_path, at.len ? at : PHX_STR("/"));

		if (m || at.len <= 1)
			return m;
		*out_exact = false;
		do
			at.len--;
		while (at.len && at.ptr[at.len] != '/');
	}
}

bool phx_grants_may(const struct phx_grants *g, struct phx_str path, struct phx_str privileges)
{
	struct phx_str rest = privileges, one;
	bool exact;
	const struct phx_map *m;

	if (g->all)
		return true;
	m = listed(g, path, &exact);
	while (m && phx_str_cut(&rest, '|', &one)) {
		const struct phx_map_entry *e = phx_map_find(m, one);

		if (e && (exact || e->num))
			return true;
	}
	return false;
}

bool phx_grants_meet(const struct phx_grants *g, const struct phx_need *n)
{
	return phx_grants_may(g, n->path, n->privileges) ||
	       (n->instead.len && phx_grants_may(g, n->instead, n->privileges));
}

/* --- needs --- */

static bool same_need(const struct phx_need *n, struct phx_str path, struct phx_str privileges)
{
	return phx_str_eq(n->path, path) && phx_str_eq(n->privileges, privileges);
}

static void need(struct phx_arena *a, struct phx_needs *out, struct phx_str path, struct phx_str privileges,
		 struct phx_str instead)
{
	for (uint32_t i = out->n; i-- > 0 && out->v[i].by == out->by;)
		if (same_need(&out->v[i], path, privileges))
			return;
	phx_vec_push(a, out,
		     ((struct phx_need){
			     .path = path, .privileges = privileges, .instead = instead, .by = out->by}));
}

void phx_access_need(struct phx_arena *a, struct phx_needs *out, struct phx_str path, const char *privileges,
		     struct phx_str instead)
{
	need(a, out, path, phx_str_c(privileges), instead);
}

/* --- permission rules --- */

struct rules {
	const struct phx_access *x;
	const struct phx_access_call *call;
	const struct phx_path_params *in_path;
	const struct phx_grants *grants;
};

static struct phx_str given(const struct rules *r, struct phx_str name, bool *out_given)
{
	*out_given = true;
	for (uint32_t i = 0; i < r->in_path->n; i++)
		if (phx_str_eq(r->in_path->v[i].name, name))
			return r->in_path->v[i].value;
	for (uint32_t i = 0; i < r->call->nparams; i++)
		if (phx_str_eq(r->call->params[i].name, name))
			return r->call->params[i].value;
	*out_given = false;
	return PHX_STR("");
}

/* "/vms/{vmid}" with the call's parameters. */
static struct phx_str expand(const struct rules *r, struct phx_str template)
{
	struct phx_buf out = {0};
	struct phx_str kept, rest = template, piece, name;
	bool there;

	while (phx_str_cut(&rest, '{', &piece)) {
		phx_buf_str(&out, piece);
		if (!rest.ptr || !phx_str_cut(&rest, '}', &name))
			break;
		phx_buf_str(&out, given(r, name, &there));
		if (!rest.ptr)
			break;
	}
	while (out.len > 1 && out.ptr[out.len - 1] == '/')
		out.len--;
	kept = phx_str_dup(r->x->arena, phx_buf_view(&out));
	phx_buf_done(&out);
	return kept;
}

static struct phx_str joined(struct phx_arena *a, const struct phx_str *v, uint32_t n)
{
	struct phx_buf out = {0};
	struct phx_str kept;

	for (uint32_t i = 0; i < n; i++) {
		if (i)
			phx_buf_ch(&out, '|');
		phx_buf_str(&out, v[i]);
	}
	kept = phx_str_dup(a, phx_buf_view(&out));
	phx_buf_done(&out);
	return kept;
}

static bool rule(const struct rules *r, const struct phx_permission *p, struct phx_needs *out);

static bool path_rule(const struct rules *r, const struct phx_permission *p, struct phx_needs *out)
{
	struct phx_str path;
	bool there = true;

	if (p->require_param.len)
		(void)given(r, p->require_param, &there);
	if (!there)
		return false;
	path = expand(r, p->path);
	if (p->any) {
		need(r->x->arena, out, path, joined(r->x->arena, p->privileges, p->nprivileges), PHX_STR(""));
		return true;
	}
	for (uint32_t i = 0; i < p->nprivileges; i++)
		need(r->x->arena, out, path, p->privileges[i], PHX_STR(""));
	return true;
}

static bool met(const struct rules *r, const struct phx_needs *n)
{
	for (uint32_t i = 0; r->grants && i < n->n; i++)
		if (!phx_grants_meet(r->grants, &n->v[i]))
			return false;
	return r->grants && !n->root;
}

static bool cheaper(const struct phx_needs *a, const struct phx_needs *b)
{
	return a->root != b->root ? b->root : a->n < b->n;
}

static bool either(const struct rules *r, const struct phx_permission *p, struct phx_needs *out)
{
	struct phx_needs best = {0};
	bool found = false;

	if (out->certain)
		return true;

	for (uint32_t i = 0; i < p->nchildren; i++) {
		struct phx_needs one = {.by = out->by};

		if (!rule(r, &p->children[i], &one))
			continue;
		if (!found || cheaper(&one, &best))
			best = one;
		found = true;
		if (met(r, &one)) {
			best = one;
			break;
		}
	}
	for (uint32_t i = 0; i < best.n; i++)
		need(r->x->arena, out, best.v[i].path, best.v[i].privileges, best.v[i].instead);
	out->root = out->root || best.root;
	return found;
}

/* False: this way is not open to the call at all. */
static bool rule(const struct rules *r, const struct phx_permission *p, struct phx_needs *out)
{
	switch (p->op) {
	case PHX_PERM_ROOT:
		out->root = true;
		return true;
	case PHX_PERM_WORLD:
	case PHX_PERM_ALL:
	case PHX_PERM_USERID_PARAM: /* of users and groups, which phx never touches */
	case PHX_PERM_USERID_GROUP:
		return true;
	case PHX_PERM_AND:
		for (uint32_t i = 0; i < p->nchildren; i++)
			if (!rule(r, &p->children[i], out))
				return false;
		return true;
	case PHX_PERM_OR:
		return either(r, p, out);
	case PHX_PERM_PATH:
		return path_rule(r, p, out);
	case PHX_PERM_MODIFY:
		need(r->x->arena, out, expand(r, p->path), PHX_STR("Permissions.Modify"), PHX_STR(""));
		return true;
	}
	return true;
}

/* --- what the code asks for --- */

static bool has(struct phx_str text, const char *what)
{
	return phx_str_find(text, phx_str_c(what)) >= 0;
}

static struct phx_str head(struct phx_str value)
{
	struct phx_str rest = value, first;

	return phx_str_cut(&rest, ',', &first) ? first : PHX_STR("");
}

/* Drives of VMs, by value ($check_drive_perms): when a VM is made they take nothing but the right to make it. */
static bool of_drive(struct phx_arena *a, struct phx_str value, const struct phx_access_guest *g,
		     struct phx_needs *out)
{
	struct phx_str volume = head(value);
	bool cloudinit = has(volume, "cloudinit");

	if (g->creates)
		return true;
	if (!cloudinit && !has(value, "media=cdrom") && !phx_str_eqc(volume, "none") &&
	    !phx_str_eqc(volume, "cdrom"))
		return false;
	if (cloudinit)
		need(a, out, g->path, PHX_STR("VM.Config.Cloudinit"), g->pool);
	need(a, out, g->path, PHX_STR("VM.Config.CDROM"), g->pool);
	return true;
}

void phx_access_of_option(struct phx_arena *a, const struct phx_option *o, struct phx_str value,
			  const struct phx_access_guest *g, struct phx_needs *out)
{
	struct phx_str rest = o->privilege, one, path;

	if (o->flags & (PHX_OPTION_CREATE_ONLY | PHX_OPTION_UPDATE_ONLY | PHX_OPTION_PATH))
		return;
	if (g->is_vm && (o->flags & PHX_OPTION_DISK) && of_drive(a, value, g, out))
		return;
	while (phx_str_cut(&rest, '+', &one)) {
		bool elsewhere = one.len && one.ptr[0] == '/';

		path = g->path;
		if (elsewhere)
			(void)phx_str_cut(&one, ':', &path);
		need(a, out, path, one, elsewhere ? PHX_STR("") : g->pool);
	}
}

/* The value of a key in a property string; the default key has none to look for. */
static struct phx_str key_of(struct phx_str value, const char *key)
{
	struct phx_str rest = value, piece, name;

	while (phx_str_cut(&rest, ',', &piece)) {
		struct phx_str text = piece;

		if (phx_str_cut(&text, '=', &name) && text.ptr && phx_str_eqc(name, key))
			return text;
	}
	return PHX_STR("");
}

void phx_access_of_bridge(struct phx_arena *a, struct phx_str net, struct phx_needs *out)
{
	struct phx_str bridge = key_of(net, "bridge"), tag = key_of(net, "tag");

	if (!bridge.len)
		return;
	need(a, out,
	     phx_str_printf(a, "/sdn/zones/localnetwork/" PHX_STR_FMT "%s" PHX_STR_FMT, PHX_STR_ARG(bridge),
			    tag.len ? "/" : "", PHX_STR_ARG(tag)),
	     PHX_STR("SDN.Use"), PHX_STR(""));
}

static struct phx_str storage_of(struct phx_str volume)
{
	ptrdiff_t colon = phx_str_chr(volume, ':');

	return colon > 0 && volume.ptr[0] != '/' ? phx_str_slice(volume, 0, (size_t)colon) : PHX_STR("");
}

static void on_storage(struct phx_arena *a, struct phx_str storage, const char *privileges,
		       struct phx_needs *out)
{
	if (storage.len)
		need(a, out, phx_str_printf(a, "/storage/" PHX_STR_FMT, PHX_STR_ARG(storage)),
		     phx_str_c(privileges), PHX_STR(""));
}

static bool is_size(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] < '0' || s.ptr[i] > '9') && s.ptr[i] != '.')
			return false;
	return s.len > 0;
}

/* $check_storage_access and PVE::Storage::check_volume_access. */
static void of_volume(struct phx_arena *a, struct phx_str value, uint64_t id, struct phx_needs *out)
{
	struct phx_str volume = head(value), storage = storage_of(volume),
		       import = key_of(value, "import-from");
	struct phx_str name = storage.len ? phx_str_from(volume, storage.len + 1) : PHX_STR("");
	char own[40];

	if (is_size(name))
		on_storage(a, storage, "Datastore.AllocateSpace", out);
	else if (storage.len && !phx_str_eqc(name, "cloudinit")) {
		snprintf(own, sizeof(own), "-%llu-", (unsigned long long)id);
		if (!has(name, own))
			on_storage(a, storage, "Datastore.AllocateSpace|Datastore.Audit", out);
	}
	on_storage(a, storage_of(import), "Datastore.AllocateSpace|Datastore.Audit", out);
}

static void of_value(const struct rules *r, const struct phx_option *o, struct phx_str value, uint64_t id,
		     struct phx_needs *out)
{
	struct phx_arena *a = r->x->arena;
	struct phx_str mapping = key_of(value, "mapping"), rest = value, piece, key;
	bool usb = phx_str_eqc(o->name, "usb");

	if (o->flags & PHX_OPTION_DISK)
		of_volume(a, value, id, out);
	if (o->flags & PHX_OPTION_NIC)
		phx_access_of_bridge(a, value, out);
	if (mapping.len && (usb || phx_str_eqc(o->name, "hostpci")))
		need(a, out,
		     phx_str_printf(a, "/mapping/%s/" PHX_STR_FMT, usb ? "usb" : "pci", PHX_STR_ARG(mapping)),
		     PHX_STR("Mapping.Use"), PHX_STR(""));
	if (phx_str_eqc(o->name, "cicustom"))
		while (phx_str_cut(&rest, ',', &piece))
			if (phx_str_cut(&piece, '=', &key))
				on_storage(a, storage_of(piece), "Datastore.Allocate", out);
	if (phx_str_eqc(o->name, "ostemplate"))
		on_storage(a, storage_of(value), "Datastore.AllocateSpace|Datastore.Audit", out);
	if (phx_str_eqc(o->name, "storage") || phx_str_eqc(o->name, "vmstatestorage"))
		on_storage(a, value, "Datastore.AllocateSpace", out);
}

static void of_removed(const struct rules *r, const struct phx_option_table *t, struct phx_str keys,
		       const struct phx_access_guest *g, struct phx_needs *out)
{
	struct phx_str rest = keys, key;

	while (phx_str_cut(&rest, ',', &key)) {
		const struct phx_option *o = phx_option_find(t, phx_str_trim(key), NULL);

		if (o)
			phx_access_of_option(r->x->arena, o, PHX_STR(""), g, out);
	}
}

/* Creating and configuring guests: option by option. */
static void of_config(const struct rules *r, bool is_vm, bool creates, struct phx_needs *out)
{
	const struct phx_option_table *t = is_vm ? r->x->vm : r->x->ct;
	struct phx_access_guest g = {.is_vm = is_vm, .creates = creates};
	struct phx_str id, pool;
	uint64_t number = 0;
	bool there;

	id = given(r, PHX_STR("vmid"), &there);
	if (!phx_parse_u64(id, &number))
		number = 0;
	g.path = phx_str_printf(r->x->arena, "/vms/" PHX_STR_FMT, PHX_STR_ARG(id));
	pool = given(r, PHX_STR("pool"), &there);
	if (creates && there)
		g.pool = phx_str_printf(r->x->arena, "/pool/" PHX_STR_FMT, PHX_STR_ARG(pool));
	if (creates)
		need(r->x->arena, out, g.path, PHX_STR("VM.Allocate"), g.pool);
	for (uint32_t i = 0; i < r->call->nparams; i++) {
		const struct phx_access_param *p = &r->call->params[i];
		const struct phx_option *o = phx_option_find(t, p->name, NULL);

		if (phx_str_eqc(p->name, "delete"))
			of_removed(r, t, p->value, &g, out);
		if (!o)
			continue;
		phx_access_of_option(r->x->arena, o, p->value, &g, out);
		of_value(r, o, p->value, number, out);
	}
}

static void vm_create(const struct rules *r, struct phx_needs *out)
{
	of_config(r, true, true, out);
}

static void ct_create(const struct rules *r, struct phx_needs *out)
{
	of_config(r, false, true, out);
}

static void vm_config(const struct rules *r, struct phx_needs *out)
{
	of_config(r, true, false, out);
}

static void ct_config(const struct rules *r, struct phx_needs *out)
{
	of_config(r, false, false, out);
}

static void clone(const struct rules *r, struct phx_needs *out)
{
	bool there;
	struct phx_str storage = given(r, PHX_STR("storage"), &there);

	on_storage(r->x->arena, storage, "Datastore.AllocateSpace", out);
}

/* Of calls where the code asks for more than the rule. `instead_of_rule`: the rule (any of the VM.Config privileges) is met
 * with whatever the options need. */
static const struct {
	const char *method, *path;
	void (*needs)(const struct rules *r, struct phx_needs *out);
	bool instead_of_rule;
} coded[] = {
	{"POST", "/nodes/{node}/qemu", vm_create, false},
	{"POST", "/nodes/{node}/lxc", ct_create, false},
	{"PUT", "/nodes/{node}/qemu/{vmid}/config", vm_config, true},
	{"POST", "/nodes/{node}/qemu/{vmid}/config", vm_config, true},
	{"PUT", "/nodes/{node}/lxc/{vmid}/config", ct_config, true},
	{"POST", "/nodes/{node}/qemu/{vmid}/clone", clone, false},
	{"POST", "/nodes/{node}/lxc/{vmid}/clone", clone, false},
};

bool phx_access_of_call(const struct phx_access *x, const struct phx_access_call *call,
			const struct phx_grants *grants, struct phx_needs *out)
{
	struct phx_path_params in_path = {0};
	struct phx_buf clear = {0};
	struct rules r = {.x = x, .call = call, .in_path = &in_path, .grants = grants};
	const struct phx_endpoint *e;
	enum phx_http http;
	struct phx_str path;
	bool by_rule = true;

	phx_buf_unpercent(&clear, call->path);
	path = phx_str_dup(x->arena, phx_buf_view(&clear));
	phx_buf_done(&clear);
	e = phx_endpoint_find(x->endpoints, path, &in_path);
	if (!e || !phx_http_parse(phx_str_c(call->method), &http) || !e->methods[http])
		return false;
	for (size_t i = 0; i < PHX_COUNTOF(coded); i++) {
		if (strcmp(coded[i].method, call->method) || !phx_str_eqc(e->path, coded[i].path))
			continue;
		coded[i].needs(&r, out);
		by_rule = !coded[i].instead_of_rule;
	}
	if (by_rule)
		(void)rule(&r, e->methods[http]->permission, out);
	return true;
}

const struct phx_access *phx_access_open(struct phx_arena *arena, struct phx_options *options,
					 struct phx_str version, struct phx_err *err)
{
	struct phx_access *x = PHX_NEW(arena, struct phx_access);

	x->arena = arena;
	x->endpoints = phx_endpoints_load(arena, version, err);
	x->vm = x->endpoints ? phx_options_table(options, PHX_OPTIONS_VM, err) : NULL;
	x->ct = x->vm ? phx_options_table(options, PHX_OPTIONS_CONTAINER, err) : NULL;
	return x->ct ? x : NULL;
}
