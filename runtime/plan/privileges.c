/* The privileges that a plan's calls take, against those of an identity. */
#include <stdlib.h>
#include <string.h>

#include "plan/preflight_priv.h"

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

static uint64_t major_of(struct phx_str version)
{
	struct phx_str rest = version, major;
	uint64_t n;

	return phx_str_cut(&rest, '.', &major) && phx_parse_u64(major, &n) ? n : 8;
}

/* The tables are those of Proxmox VE 8. 9 split VM.Monitor, as far as guest agents go, into VM.GuestAgent.*; 7 asks nobody for the
 * use of a bridge, and knows no Sys.AccessNetwork. */
static void as_of(const struct phx_plan *p, uint64_t major, struct phx_needs *n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n->n; i++) {
		struct phx_need *x = &n->v[i];
		uint8_t op = p->actions.v[x->by - 1]->op;

		if (major >= 9 && phx_str_eqc(x->privileges, "VM.Monitor"))
			x->privileges = op == PHX_OP_WAIT_AGENT || op == PHX_OP_WAIT_NETWORK
						? PHX_STR("VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted")
						: PHX_STR("VM.GuestAgent.Unrestricted");
		if (major < 8 && (phx_str_eqc(x->privileges, "SDN.Use") ||
				  phx_str_eqc(x->privileges, "Sys.AccessNetwork")))
			continue;
		n->v[kept++] = *x;
	}
	n->n = kept;
}

bool pre_needs(const struct phx_plan *p, struct phx_arena *a, const struct phx_grants *grants,
	       struct phx_needs *out, struct phx_err *err)
{
	const struct phx_access *x =
		phx_access_open(a, p->graph->options, p->snapshot ? p->snapshot->version : PHX_STR(""), err);

	if (!x)
		return false;
	all_needs(p, x, grants, out);
	as_of(p, major_of(p->snapshot ? p->snapshot->version : PHX_STR("")), out);
	return true;
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
	/* Nothing is asked of root@pam itself. */
	bool root = phx_str_eqc(f->o->identity, "root@pam");
	for (uint32_t i = 0; i < needs.n; i++)
		if (!root && !phx_grants_meet(&f->o->facts->grants, &needs.v[i]))
			name_address(f->a, missing(f->a, m, &known, &needs.v[i]),
				     f->p->actions.v[needs.v[i].by - 1]->address);
	report(f->p, m);
}
