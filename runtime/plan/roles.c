/* The smallest roles that are enough for a plan. */
#include <stdlib.h>
#include <string.h>

#include "plan/preflight_priv.h"

#define ALL_GUESTS 20 /* a set of privileges that more guests than this need is granted on /vms */

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
