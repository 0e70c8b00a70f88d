/* A guest's steps as works, in the order they run, each compared with what the guest's marker remembers. */
#include <string.h>

#include "plan/plan_step.h"

enum phx_guest_way plan_way(const struct plan *p, const struct plan_item *it)
{
	if (it->is_vm)
		return p->o->vm_way == PHX_WAY_QM ? PHX_WAY_QM : PHX_WAY_AGENT;
	return PHX_WAY_PCT;
}

bool plan_reaches_inside(const struct plan *p, const struct plan_item *it)
{
	return it->is_vm ? it->guest->agent : p->o->blind || p->o->has_host;
}

/* Only the create call of a container takes a password and keys; in a clone, and later, they are set from inside. */
static bool set_inside(const struct plan_item *it, const struct phx_setting *s)
{
	return !it->is_vm && s->origin != PHX_FROM_SOURCE && !s->unset && s->option &&
	       (s->option->flags & PHX_OPTION_CREATE_ONLY) &&
	       (phx_str_eqc(s->key, "password") || phx_str_eqc(s->key, "ssh-public-keys"));
}

static const struct phx_marker *marker_of(const struct plan_item *it)
{
	return it->live && it->live->has_marker && it->live->owned && !it->gone_first ? &it->live->marker
										      : NULL;
}

static bool asked_for(const struct plan *p, const struct plan_item *it, const struct plan_work *x)
{
	struct phx_str with_guest =
		plan_join(p->arena, 3, (const struct phx_str[]){it->address, PHX_STR("/"), x->path});

	for (uint32_t i = 0; i < p->o->rerun.n; i++)
		if (phx_str_eq(p->o->rerun.v[i], x->path) || phx_str_eq(p->o->rerun.v[i], with_guest))
			return true;
	return false;
}

static void add(struct plan *p, struct plan_item *it, struct plan_work *x)
{
	const struct phx_marker *m = marker_of(it);

	x->known = m ? phx_marker_fact(m, phx_str_dup(p->arena, x->w.key).ptr) : PHX_STR("");
	x->changed = x->gone || !phx_str_eq(x->known, x->fact);
	/* Proxmox set it when it made the container, or nobody knows: then it is left as it is. */
	if (x->hidden && !it->guest->source && (!x->known.len || !plan_reaches_inside(p, it)))
		x->changed = false;
	if (x->changed && x->known.len && !x->hidden && !x->gone)
		x->why = plan_fact_reason(p, x);
	for (uint32_t i = 0; !x->changed && it->live && i < it->live->inside.n; i++) {
		if (!phx_str_eq(it->live->inside.v[i].key, x->w.key))
			continue;
		x->changed = true;
		x->w.once = false;
		x->why = plan_text(p, PHX_STR("changed inside the guest: "), it->live->inside.v[i].value);
	}
	if (!x->gone && asked_for(p, it, x)) {
		x->w.once = false;
		x->why = x->changed && x->why.len ? x->why : PHX_STR("--rerun");
		x->changed = true;
	}
	if (x->changed && (x->unasked || x->known.len || !x->w.once) && x->w.files.n)
		phx_vec_push(p->arena, &x->w.env,
			     ((struct phx_param){.name = PHX_STR("PHX_AGAIN"), .value = PHX_STR("1")}));
	it->works->changed += x->changed;
	phx_vec_push(p->arena, it->works, *x);
}

/* A container gets its files first: a share may need one (a CA, credentials); a VM its shares. */
static const uint8_t orders[2][5] = {
	{PHX_STEP_FILE, PHX_STEP_NFS, PHX_STEP_FEATURE, PHX_STEP_SCRIPT, PHX_STEP_HEALTH},
	{PHX_STEP_NFS, PHX_STEP_FILE, PHX_STEP_FEATURE, PHX_STEP_SCRIPT, PHX_STEP_HEALTH},
};

static bool declared(const struct plan_item *it, struct phx_str key)
{
	for (uint32_t i = 0; i < it->works->n; i++)
		if (phx_str_eq(it->works->v[i].w.key, key))
			return true;
	return false;
}

bool plan_fact_is_step(struct phx_str key)
{
	static const char *const kinds[] = {"feature:", "nfs:", "file:", "script:", "health:"};

	for (size_t i = 0; i < PHX_COUNTOF(kinds); i++)
		if (phx_str_starts(key, kinds[i]))
			return true;
	return false;
}

/* A share goes with its declaration; what a feature, a script or a file brought stays, and is only forgotten. */
static void no_longer_declared(struct plan *p, struct plan_item *it)
{
	const struct phx_marker *m = marker_of(it);

	for (uint32_t i = 0; m && i < m->facts.n; i++) {
		struct phx_str key = m->facts.v[i].key;
		struct plan_work x = {0};

		if (!plan_fact_is_step(key) || declared(it, key))
			continue;
		if (phx_str_starts(key, "nfs:") && plan_work_nfs_gone(p, it, key, &x))
			add(p, it, &x);
		else
			phx_vec_push(p->arena, &it->works->forgotten, key);
	}
}

static bool names_step(struct plan *p, struct phx_str asked, const struct phx_guest *g,
		       const struct phx_step *s)
{
	static const char *const kinds[] = {[PHX_STEP_FEATURE] = "feature",
					    [PHX_STEP_NFS] = "nfs",
					    [PHX_STEP_FILE] = "file",
					    [PHX_STEP_SCRIPT] = "script",
					    [PHX_STEP_HEALTH] = "health"};
	struct phx_str path;

	if (s->kind >= PHX_COUNTOF(kinds))
		return false;
	path = phx_str_c(kinds[s->kind]);
	if (s->name.len)
		path = plan_text(p, path, PHX_STR("."), s->name);
	return phx_str_eq(asked, path) || phx_str_eq(asked, plan_text(p, g->r.address, PHX_STR("/"), path));
}

/* A mistyped name must not pass for "nothing to do". */
void plan_check_rerun(struct plan *p)
{
	for (uint32_t i = 0; i < p->o->rerun.n; i++) {
		struct phx_str asked = p->o->rerun.v[i];
		struct phx_diag *d;
		bool found = false;

		for (uint32_t k = 0; k < p->g->guests.n && !found; k++)
			for (uint32_t j = 0; j < p->g->guests.v[k]->steps.n && !found; j++)
				found = names_step(p, asked, p->g->guests.v[k],
						   &p->g->guests.v[k]->steps.v[j]);
		if (found)
			continue;
		d = phx_diag_add(p->bag, PHX0645, (struct phx_span){0},
				 "`--rerun " PHX_STR_FMT "`: no guest has such a step", PHX_STR_ARG(asked));
		phx_diag_help(
			p->bag, d,
			"name a step as the plan does: feature.docker, script.app, or that of one guest "
			"alone: vm.web/feature.docker");
	}
}

/* A mount point may be another's now. */
static void taken_away_first(struct plan_works *w)
{
	for (uint32_t i = 0, front = 0; i < w->n; i++) {
		struct plan_work x = w->v[i];

		if (!x.gone)
			continue;
		memmove(&w->v[front + 1], &w->v[front], (i - front) * sizeof(x));
		w->v[front++] = x;
	}
}

void plan_build_works(struct plan *p, struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct plan_work x;

	if (it->works)
		return;
	it->works = PHX_NEW(&p->scratch, struct plan_works);
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (set_inside(it, &g->settings.v[i]) && (g->source || marker_of(it)) &&
		    plan_work_setting(p, it, &g->settings.v[i], &x))
			add(p, it, &x);
	for (size_t k = 0; k < PHX_COUNTOF(orders[0]); k++)
		for (uint32_t i = 0; i < g->steps.n; i++)
			if (g->steps.v[i].kind == orders[it->is_vm][k] &&
			    plan_work_of(p, it, &g->steps.v[i], &x))
				add(p, it, &x);
	no_longer_declared(p, it);
	taken_away_first(it->works);
}
