/* The privileges that a plan's calls take: against those of an identity, or as the smallest roles that are enough. */
#include <stdlib.h>
#include <string.h>

#include "plan/preflight_priv.h"

#define ALL_GUESTS 20 /* a set of privileges that more guests than this need is granted on /vms */

/* --- what is sent --- */

static const struct phx_access_param *params_of(const struct phx_action *a, struct phx_arena *arena)
{
	struct phx_access_param *v = PHX_NEW_N(arena, struct phx_access_param, a->params.v.n + 1);

	for (uint32_t i = 0; i < a->params.v.n; i++)
		v[i] = (struct phx_access_param){a->params.v.v[i].name, a->params.v.v[i].secret
										? PHX_STR("")
										: a->params.v.v[i].value};
	return v;
}

static void call(const struct phx_access *x, const char *method, struct phx_str path,
		 const struct phx_action *a, const struct phx_grants *grants, struct phx_needs *out)
{
	struct phx_access_call c = {.method = method, .path = path};

	if (a) {
		c.params = params_of(a, x->arena);
		c.nparams = a->params.v.n;
	}
	/* A path that the tables do not have is a later Proxmox's: nothing is known of it. */
	bool known = phx_access_of_call(x, &c, grants, out);
	(void)known;
}

static void guest_call(const struct phx_access *x, const char *method, const struct phx_action *a,
		       const char *rest, const struct phx_grants *grants, struct phx_needs *out)
{
	call(x, method,
	     phx_str_printf(x->arena, "/nodes/" PHX_STR_FMT "/%s/%llu%s", PHX_STR_ARG(a->node),
			    a->is_vm ? "qemu" : "lxc", (unsigned long long)a->guest_id, rest),
	     NULL, grants, out);
}

/* What waiting asks for (apply/wait.c). */
static void wait(const struct phx_access *x, const struct phx_action *a, const struct phx_grants *grants,
		 struct phx_needs *out)
{
	if (a->path.len)
		call(x, phx_method_name(a->method), a->path, a, grants, out);
	if (a->op == PHX_OP_WAIT_AGENT)
		guest_call(x, "GET", a, "/agent/info", grants, out);
	else if (a->op == PHX_OP_WAIT_NETWORK)
		guest_call(x, "GET", a, a->is_vm ? "/agent/network-get-interfaces" : "/interfaces", grants,
			   out);
	else if (a->op == PHX_OP_WAIT_CLOUD_INIT || (a->op == PHX_OP_GUEST && a->is_vm))
		guest_call(x, "POST", a, "/agent/exec", grants, out);
}

/* The storages and bridges of the source of a clone ($check_storage_access_clone, check_bridge_access). */
static void cloned(const struct phx_access *x, const struct phx_action *a, struct phx_needs *out)
{
	const struct phx_guest *g = pre_wanted(a->change), *from = g ? g->source : NULL;
	bool to = pre_param(a, "storage").len > 0;

	for (uint32_t i = 0; from && !to && i < from->volumes.n; i++) {
		const struct phx_volume *v = &from->volumes.v[i];
		struct phx_str storage = v->storage.len ? v->storage : from->storage;

		if (storage.len && v->source != PHX_VOL_HOST_PATH && v->source != PHX_VOL_CDROM &&
		    v->source != PHX_VOL_CLOUDINIT)
			phx_access_need(
				x->arena, out,
				phx_str_printf(x->arena, "/storage/" PHX_STR_FMT, PHX_STR_ARG(storage)),
				"Datastore.AllocateSpace", PHX_STR(""));
	}
	for (uint32_t i = 0; from && i < from->nics.n; i++)
		if (from->nics.v[i].bridge.len)
			phx_access_of_bridge(
				x->arena,
				phx_str_printf(x->arena, "bridge=" PHX_STR_FMT "%s%u",
					       PHX_STR_ARG(from->nics.v[i].bridge),
					       from->nics.v[i].vlan ? ",tag=" : ",t=", from->nics.v[i].vlan),
				out);
}

static void all_needs(const struct phx_plan *p, const struct phx_access *x, const struct phx_grants *grants,
		      struct phx_needs *out)
{
	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *a = p->actions.v[i];

		out->by = a->id;
		if (a->type == PHX_ACT_CALL)
			call(x, phx_method_name(a->method), a->path, a, grants, out);
		else if (a->type != PHX_ACT_HOST)
			wait(x, a, grants, out);
		if (a->op == PHX_OP_CLONE)
			cloned(x, a, out);
		if (a->op == PHX_OP_RESIZE && a->guest_id)
			phx_access_need(
				x->arena, out,
				phx_str_printf(x->arena, "/vms/%llu", (unsigned long long)a->guest_id),
				"VM.Config.Disk", PHX_STR(""));
	}
}

bool pre_needs(const struct phx_plan *p, struct phx_arena *a, const struct phx_grants *grants,
	       struct phx_needs *out, struct phx_err *err)
{
	const struct phx_access *x =
		phx_access_open(a, p->graph->options, p->snapshot ? p->snapshot->version : PHX_STR(""), err);

	if (x)
		all_needs(p, x, grants, out);
	return x != NULL;
}

/* --- against an identity --- */

static struct phx_missing *missing(struct phx_arena *a, struct phx_permissions *m, struct phx_map *known,
				   const struct phx_need *n)
{
	bool is_new;
	struct phx_map_entry *e =
		phx_map_put(a, known,
			    phx_str_printf(a, PHX_STR_FMT " " PHX_STR_FMT, PHX_STR_ARG(n->path),
					   PHX_STR_ARG(n->privileges)),
			    &is_new);

	if (!is_new)
		return &m->missing.v[e->num];
	e->num = m->missing.n;
	phx_vec_push(a, &m->missing,
		     ((struct phx_missing){.path = n->path,
					   .privileges = n->privileges,
					   .role = phx_str_c(phx_grant_role(n->privileges))}));
	return &m->missing.v[m->missing.n - 1];
}

static void name_address(struct phx_arena *a, struct phx_missing *m, struct phx_str address)
{
	for (uint32_t i = 0; i < m->addresses.n; i++)
		if (phx_str_eq(m->addresses.v[i], address))
			return;
	phx_vec_push(a, &m->addresses, address);
}

static struct phx_span place(const struct phx_plan *p, const struct phx_missing *m)
{
	for (uint32_t i = 0; i < p->changes.n; i++)
		if (phx_str_eq(p->changes.v[i]->address, m->addresses.v[0]))
			return p->changes.v[i]->span;
	return (struct phx_span){0};
}

enum { PATHS_TOLD = 8 };

static void needed_for(struct phx_plan *p, struct phx_diag *d, const struct phx_missing *x)
{
	struct phx_buf text = {0};

	for (uint32_t k = 0; k < x->addresses.n && k < 3; k++)
		phx_buf_printf(&text, "%s`" PHX_STR_FMT "`", k ? ", " : "", PHX_STR_ARG(x->addresses.v[k]));
	if (x->addresses.n > 3)
		phx_buf_printf(&text, " and %u more", x->addresses.n - 3);
	phx_diag_note(p->diags, d, "needed for " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&text)));
	phx_buf_done(&text);
}

/* The commands, each role once. */
static void grants(struct phx_plan *p, struct phx_diag *d, const struct phx_permissions *m,
		   struct phx_str path)
{
	for (uint32_t i = 0; i < m->missing.n; i++) {
		const struct phx_missing *x = &m->missing.v[i];
		struct phx_buf text = {0};
		bool said = !phx_str_eq(x->path, path);

		for (uint32_t k = 0; k < i && !said; k++)
			said = phx_str_eq(m->missing.v[k].path, path) &&
			       phx_str_eq(m->missing.v[k].role, x->role);
		if (!said) {
			phx_grant_hint(&text, x->path, x->privileges, m->identity);
			phx_diag_help(p->diags, d, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&text)));
		}
		phx_buf_done(&text);
	}
}

static void report_path(struct phx_plan *p, const struct phx_permissions *m, const struct phx_missing *first)
{
	struct phx_buf list = {0};
	struct phx_diag *d;

	for (uint32_t i = 0; i < m->missing.n; i++)
		if (phx_str_eq(m->missing.v[i].path, first->path))
			phx_buf_printf(&list, "%s" PHX_STR_FMT, list.len ? ", " : "",
				       PHX_STR_ARG(m->missing.v[i].privileges));
	d = phx_diag_add(p->diags, PHX0660, place(p, first),
			 "`" PHX_STR_FMT "` lacks on " PHX_STR_FMT ": " PHX_STR_FMT, PHX_STR_ARG(m->identity),
			 PHX_STR_ARG(first->path), PHX_STR_ARG(phx_buf_view(&list)));
	phx_buf_done(&list);
	needed_for(p, d, first);
	grants(p, d, m, first->path);
}

/* One mistake a path; of very many paths the first few, and the way to all. */
static void report(struct phx_plan *p, const struct phx_permissions *m)
{
	struct phx_map said = {0};
	uint32_t paths = 0;

	for (uint32_t i = 0; i < m->missing.n; i++) {
		bool is_new;

		phx_map_put(p->arena, &said, m->missing.v[i].path, &is_new);
		if (is_new && paths++ < PATHS_TOLD)
			report_path(p, m, &m->missing.v[i]);
	}
	if (paths > PATHS_TOLD) {
		struct phx_diag *d = phx_diag_add(p->diags, PHX0660, (struct phx_span){0},
						  "`" PHX_STR_FMT "` lacks privileges on %u more paths",
						  PHX_STR_ARG(m->identity), paths - PATHS_TOLD);

		phx_diag_help(p->diags, d, "all that this configuration needs: phx plan --permissions");
	}
}

void pre_permissions(struct preflight *f)
{
	struct phx_permissions *m = PHX_NEW(f->a, struct phx_permissions);
	struct phx_needs needs = {0};
	struct phx_map known = {0};
	struct phx_err err = {0};

	f->p->permissions = m;
	m->identity = f->o->identity;
	if (!f->o->facts || !f->o->facts->has_grants || !f->p->graph)
		return;
	if (!pre_needs(f->p, f->a, &f->o->facts->grants, &needs, &err)) {
		phx_err_done(&err);
		return;
	}
	m->checked = true;
	m->needed = needs.n;
	for (uint32_t i = 0; i < needs.n; i++)
		if (!phx_grants_meet(&f->o->facts->grants, &needs.v[i]))
			name_address(f->a, missing(f->a, m, &known, &needs.v[i]),
				     f->p->actions.v[needs.v[i].by - 1]->address);
	report(f->p, m);
}

/* --- the smallest roles --- */

struct on_path {
	struct phx_str path;
	PHX_VEC(struct phx_str) privileges; /* sorted */
};

struct role_maker {
	struct phx_arena *a;
	PHX_VEC(struct on_path) paths;
	struct phx_map by_path; /* → index */
};

static struct on_path *on(struct role_maker *r, struct phx_str path)
{
	bool is_new;
	struct phx_map_entry *e = phx_map_put(r->a, &r->by_path, path, &is_new);

	if (is_new) {
		e->num = r->paths.n;
		phx_vec_push(r->a, &r->paths, ((struct on_path){.path = path}));
	}
	return &r->paths.v[e->num];
}

static bool has(const struct on_path *x, struct phx_str privilege)
{
	for (uint32_t i = 0; i < x->privileges.n; i++)
		if (phx_str_eq(x->privileges.v[i], privilege))
			return true;
	return false;
}

static void insert(struct phx_arena *a, struct on_path *x, struct phx_str privilege)
{
	uint32_t at;

	if (has(x, privilege))
		return;
	phx_vec_push(a, &x->privileges, privilege);
	for (at = x->privileges.n - 1; at && phx_str_cmp(x->privileges.v[at - 1], privilege) > 0; at--)
		x->privileges.v[at] = x->privileges.v[at - 1];
	x->privileges.v[at] = privilege;
}

static void all_of(struct role_maker *r, struct phx_str path, const char *privileges)
{
	struct phx_str rest = phx_str_c(privileges), one;

	while (phx_str_cut(&rest, ' ', &one))
		insert(r->a, on(r, path), one);
}

/* Where one of several is enough: the one that is needed anyway, else the first. */
static void choose(struct role_maker *r, const struct phx_needs *needs)
{
	for (uint32_t i = 0; i < needs->n; i++)
		if (phx_str_chr(needs->v[i].privileges, '|') < 0)
			insert(r->a, on(r, needs->v[i].path), needs->v[i].privileges);
	for (uint32_t i = 0; i < needs->n; i++) {
		struct phx_str rest = needs->v[i].privileges, one, first = {0};
		struct on_path *x = on(r, needs->v[i].path);
		bool there = false;

		if (phx_str_chr(rest, '|') < 0)
			continue;
		while (phx_str_cut(&rest, '|', &one)) {
			first = first.ptr ? first : one;
			there = there || has(x, one);
		}
		if (!there)
			insert(r->a, x, first);
	}
}

/* What looking takes: plan, and apply before and after each call. A role on a path takes the place of those above it. */
static void reads(struct role_maker *r)
{
	all_of(r, PHX_STR("/"), "Sys.Audit");
	all_of(r, PHX_STR("/vms"), "VM.Audit");
	for (uint32_t i = 0; i < r->paths.n; i++) {
		struct on_path *x = &r->paths.v[i];

		if (phx_str_starts(x->path, "/storage/"))
			insert(r->a, x, PHX_STR("Datastore.Audit"));
		if (phx_str_starts(x->path, "/pool/"))
			insert(r->a, x, PHX_STR("Pool.Audit"));
		if (phx_str_starts(x->path, "/vms/"))
			insert(r->a, x, PHX_STR("VM.Audit"));
		if (phx_str_starts(x->path, "/nodes/"))
			insert(r->a, x, PHX_STR("Sys.Audit"));
	}
}

static bool same_privileges(const struct on_path *x, const struct phx_role *role)
{
	if (x->privileges.n != role->privileges.n)
		return false;
	for (uint32_t i = 0; i < x->privileges.n; i++)
		if (!phx_str_eq(x->privileges.v[i], role->privileges.v[i]))
			return false;
	return true;
}

static int by_path(const void *a, const void *b)
{
	return phx_str_natcmp(((const struct on_path *)a)->path, ((const struct on_path *)b)->path);
}

/* "phx-lab-vm", "phx-lab-storage": what its first path is about, numbered where there are several. */
static struct phx_str role_name(struct phx_arena *a, const struct phx_roles *out, struct phx_str stack,
				struct phx_str path, bool widened)
{
	static const struct {
		const char *head, *name;
	} names[] = {{"/vms", "vm"},     {"/storage", "storage"}, {"/pool", "pool"},     {"/sdn", "network"},
		     {"/nodes", "node"}, {"/mapping", "device"},  {"/access", "access"}, {"/", "cluster"}};
	struct phx_str base = PHX_STR(""), name;
	uint32_t n = 0;

	if (phx_str_eqc(path, "/vms") && !widened)
		base = phx_str_printf(a, "phx-" PHX_STR_FMT "-look", PHX_STR_ARG(stack));
	for (size_t i = 0; i < PHX_COUNTOF(names) && !base.len; i++)
		if (phx_str_starts(path, names[i].head))
			base = phx_str_printf(a, "phx-" PHX_STR_FMT "-%s", PHX_STR_ARG(stack), names[i].name);
	name = base;
	for (uint32_t i = 0; i < out->v.n; i++)
		if (phx_str_starts(out->v.v[i].name, base.ptr))
			n++;
	if (n)
		name = phx_str_printf(a, PHX_STR_FMT "-%u", PHX_STR_ARG(base), n + 1);
	return name;
}

static void group(struct role_maker *r, struct phx_str stack, struct phx_roles *out)
{
	qsort(r->paths.v, r->paths.n, sizeof(*r->paths.v), by_path);
	for (uint32_t i = 0; i < r->paths.n; i++) {
		const struct on_path *x = &r->paths.v[i];
		struct phx_role *role = NULL;

		for (uint32_t k = 0; k < out->v.n && !role; k++)
			if (same_privileges(x, &out->v.v[k]))
				role = &out->v.v[k];
		if (!role) {
			struct phx_role made = {
				.name = role_name(r->a, out, stack, x->path, x->privileges.n > 1)};

			for (uint32_t k = 0; k < x->privileges.n; k++)
				phx_vec_push(r->a, &made.privileges, x->privileges.v[k]);
			phx_vec_push(r->a, &out->v, made);
			role = &out->v.v[out->v.n - 1];
		}
		phx_vec_push(r->a, &role->paths, x->path);
	}
}

/* Guests share one role: what one of them takes today another takes tomorrow, and a role a guest nobody keeps up. */
static void share(struct role_maker *r)
{
	struct on_path all = {0};

	for (uint32_t i = 0; i < r->paths.n; i++)
		for (uint32_t k = 0;
		     phx_str_starts(r->paths.v[i].path, "/vms/") && k < r->paths.v[i].privileges.n; k++)
			insert(r->a, &all, r->paths.v[i].privileges.v[k]);
	for (uint32_t i = 0; i < r->paths.n; i++)
		for (uint32_t k = 0; phx_str_starts(r->paths.v[i].path, "/vms/") && k < all.privileges.n; k++)
			insert(r->a, &r->paths.v[i], all.privileges.v[k]);
}

/* Many guests: one grant on all of them, which the next guest of the configuration needs no new line for. */
static void widen(struct role_maker *r)
{
	struct on_path *all;
	uint32_t guests = 0, kept = 0;

	for (uint32_t i = 0; i < r->paths.n; i++)
		guests += phx_str_starts(r->paths.v[i].path, "/vms/");
	if (guests <= ALL_GUESTS)
		return;
	all = on(r, PHX_STR("/vms"));
	for (uint32_t i = 0; i < r->paths.n; i++) {
		struct on_path *x = &r->paths.v[i];

		if (!phx_str_starts(x->path, "/vms/")) {
			continue;
		}
		for (uint32_t k = 0; k < x->privileges.n; k++)
			insert(r->a, all, x->privileges.v[k]);
	}
	for (uint32_t i = 0; i < r->paths.n; i++)
		if (!phx_str_starts(r->paths.v[i].path, "/vms/"))
			r->paths.v[kept++] = r->paths.v[i];
	r->paths.n = kept;
}

bool phx_plan_roles(const struct phx_plan *p, struct phx_arena *a, struct phx_roles *out, struct phx_err *err)
{
	struct role_maker r = {.a = a};
	struct phx_needs certain = {.certain = true}, needs = {0};
	struct phx_grants grants = {0};

	/* Where one of several ways is enough, the one that is open anyway. */
	if (!pre_needs(p, a, NULL, &certain, err))
		return false;
	for (uint32_t i = 0; i < certain.n; i++)
		if (phx_str_chr(certain.v[i].privileges, '|') < 0)
			phx_grants_add(a, &grants, certain.v[i].path, certain.v[i].privileges, false);
	phx_grants_add(a, &grants, PHX_STR("/"), PHX_STR("Sys.Audit"), false);
	if (!pre_needs(p, a, &grants, &needs, err))
		return false;
	choose(&r, &needs);
	reads(&r);
	share(&r);
	widen(&r);
	group(&r, p->stack, out);
	out->root = needs.root;
	return true;
}
