/* What phx will not do, each with the line that asked for it and the way to go on. */
#include "plan/cloud_init.h"
#include "plan/lxc.h"

static struct phx_span place(const struct plan_item *it)
{
	return it->replace_why.len && phx_span_known(it->replace_span) ? it->replace_span : it->span;
}

static const char *verb(const struct plan_item *it)
{
	return it->action == PHX_CH_DELETE ? "deleted" : "replaced";
}

static void list_volumes(struct plan *p, struct phx_diag *d, const struct plan_item *it)
{
	for (uint32_t i = 0; i < it->change->notes.n; i++)
		phx_diag_note(p->bag, d, PHX_STR_FMT, PHX_STR_ARG(it->change->notes.v[i]));
}

/* Protection of either kind always refuses: it is there to be taken off on purpose. */
static bool is_protected(struct plan *p, const struct plan_item *it)
{
	bool proxmox = phx_str_eqc(phx_live_value(it->live, PHX_STR("protection")), "1");
	bool ours = it->guest && it->guest->protect;
	struct phx_diag *d;

	if (!proxmox && !ours)
		return false;
	d = phx_diag_add(p->bag, PHX0607,
			 ours && phx_span_known(it->guest->protect_span) ? it->guest->protect_span
									 : place(it),
			 "`" PHX_STR_FMT "` (" PHX_STR_FMT ") would be %s, and is protected",
			 PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text), verb(it));
	phx_diag_note(p->bag, d, "why: " PHX_STR_FMT, PHX_STR_ARG(it->change->reason));
	if (ours)
		phx_diag_help(p->bag, d, "set `protect = false` and apply that first");
	else
		phx_diag_help(p->bag, d,
			      "take Proxmox's own protection off: %s set " PHX_STR_FMT " --protection 0",
			      it->live->is_vm ? "qm" : "pct", PHX_STR_ARG(it->id_text));
	return true;
}

static bool lacks_leave(struct plan *p, const struct plan_item *it)
{
	struct phx_diag *d;

	if (plan_may_destroy(p, it))
		return false;
	if (it->action == PHX_CH_DELETE)
		d = phx_diag_add(
			p->bag, PHX0608, it->span,
			"`" PHX_STR_FMT "` (%s " PHX_STR_FMT ") left the configuration and would be deleted",
			PHX_STR_ARG(it->address), it->is_vm ? "vm" : "container", PHX_STR_ARG(it->id_text));
	else if (it->rebuild)
		d = phx_diag_add(
			p->bag, PHX0613, place(it),
			"template `" PHX_STR_FMT "` (" PHX_STR_FMT ") would be built anew: " PHX_STR_FMT,
			PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text), PHX_STR_ARG(it->replace_why));
	else
		d = phx_diag_add(
			p->bag, PHX0612, place(it),
			"`" PHX_STR_FMT "` (" PHX_STR_FMT ") would have to be replaced: " PHX_STR_FMT,
			PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text), PHX_STR_ARG(it->replace_why));
	list_volumes(p, d, it);
	for (uint32_t i = 0; it->resource && i < p->g->guests.n; i++)
		if (p->g->guests.v[i]->source && &p->g->guests.v[i]->r != it->resource &&
		    &p->g->guests.v[i]->source->r == it->resource)
			phx_diag_note(p->bag, d, "`" PHX_STR_FMT "` was cloned from it",
				      PHX_STR_ARG(p->g->guests.v[i]->r.address));
	if (it->action != PHX_CH_DELETE)
		phx_diag_help(p->bag, d, "to allow it in the configuration: lifecycle { replace = allow }");
	phx_diag_help(p->bag, d, "to allow it this once: --allow-destroy " PHX_STR_FMT,
		      PHX_STR_ARG(it->address));
	return true;
}

/* A base that linked clones read from cannot go (225). */
static void linked_clones(struct plan *p, const struct plan_item *it)
{
	struct phx_diag *d = NULL;
	const struct plan_link *links;
	uint32_t n = 0;

	if (!it->live->is_template)
		return;
	links = plan_links(p, it->live->id, &n);
	for (uint32_t i = 0; i < n; i++) {
		const struct plan_item *other = links[i].item;

		if (other && other->change && other->action == PHX_CH_DELETE && it->action == PHX_CH_DELETE)
			continue;
		if (!d)
			d = phx_diag_add(p->bag, PHX0614, place(it),
					 "`" PHX_STR_FMT "` (" PHX_STR_FMT
					 ") cannot be %s: linked clones read from its disks",
					 PHX_STR_ARG(it->address), PHX_STR_ARG(it->id_text), verb(it));
		phx_diag_note(p->bag, d, "%s %llu (`" PHX_STR_FMT "`) is a linked clone of it",
			      links[i].clone->is_vm ? "vm" : "container",
			      (unsigned long long)links[i].clone->id,
			      PHX_STR_ARG(other ? other->address : links[i].clone->name));
	}
	if (d)
		phx_diag_help(p->bag, d, "delete the clones first, or make full clones of them");
}

static void refuse_removal(struct plan *p, const struct plan_item *it)
{
	if (!is_protected(p, it))
		(void)lacks_leave(p, it);
	linked_clones(p, it);
}

static void root_only(struct plan *p, const struct plan_item *it, struct phx_span span, struct phx_str path)
{
	struct phx_diag *d = phx_diag_add(
		p->bag, PHX0615, span, "only root@pam itself may set `" PHX_STR_FMT "` of `" PHX_STR_FMT "`",
		PHX_STR_ARG(path), PHX_STR_ARG(it->address));

	phx_diag_note(p->bag, d, "Proxmox refuses it to every API token, `" PHX_STR_FMT "` too",
		      PHX_STR_ARG(p->o->identity.len ? p->o->identity : PHX_STR("root@pam!…")));
	phx_diag_help(p->bag, d,
		      "give the cluster block a host channel: ssh { host = \"…\"; user = \"root\" }");
	phx_diag_help(p->bag, d, "or log in as root@pam with its password instead of a token");
}

static bool has_entry(const struct plan_item *it, struct phx_str key)
{
	if (it->action == PHX_CH_CREATE || it->action == PHX_CH_REPLACE)
		return true;
	for (uint32_t i = 0; it->update && i < it->update->config.n; i++)
		if (phx_str_eq(it->update->config.v[i].key, key))
			return true;
	return false;
}

static void check_root(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct phx_str last = PHX_STR("");

	if (p->o->offline || p->o->can_root)
		return;
	for (uint32_t i = 0; i < g->settings.n; i++) {
		const struct phx_setting *s = &g->settings.v[i];

		/* One `gpu` is several devices. */
		bool root = s->unset ? plan_root_removes(s->key) && (g->source || it->update)
				     : s->option && plan_root_only(it, s->option, s->key, s->value);

		if (root && s->origin != PHX_FROM_SOURCE && !phx_str_eq(last, s->path) &&
		    has_entry(it, s->key)) {
			root_only(p, it, s->span, s->path);
			last = s->path;
		}
	}
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		if (v->origin != PHX_FROM_SOURCE && v->source == PHX_VOL_HOST_PATH &&
		    has_entry(it, it->slots ? it->slots[i] : v->slot))
			root_only(p, it, v->span, v->path);
	}
}

static bool lists(struct phx_str list, const char *what)
{
	struct phx_str rest = list, piece;

	while (phx_str_cut(&rest, ',', &piece))
		if (phx_str_eqc(phx_str_trim(piece), what))
			return true;
	return false;
}

static void check_storage(struct plan *p, const struct plan_item *it, struct phx_str id, struct phx_span span)
{
	const struct phx_live_storage *found = NULL;
	const char *content = it->is_vm ? "images" : "rootdir";
	struct phx_diag *d;

	for (uint32_t i = 0; i < p->s->storages.n && !found; i++)
		if (phx_str_eq(p->s->storages.v[i].id, id) &&
		    (p->s->storages.v[i].shared || phx_str_eq(p->s->storages.v[i].node, it->node)))
			found = &p->s->storages.v[i];
	if (found && (!found->content.len || lists(found->content, content)))
		return;
	if (found) {
		d = phx_diag_add(p->bag, PHX0616, span,
				 "storage `" PHX_STR_FMT "` does not take %s disks (for `" PHX_STR_FMT "`)",
				 PHX_STR_ARG(id), it->is_vm ? "VM" : "container", PHX_STR_ARG(it->address));
		phx_diag_note(p->bag, d, "its content is " PHX_STR_FMT ", and `%s` would be needed",
			      PHX_STR_ARG(found->content), content);
		return;
	}
	d = phx_diag_add(p->bag, PHX0616, span,
			 "node `" PHX_STR_FMT "` has no storage `" PHX_STR_FMT "` (for `" PHX_STR_FMT "`)",
			 PHX_STR_ARG(it->node), PHX_STR_ARG(id), PHX_STR_ARG(it->address));
	for (uint32_t i = 0; i < p->s->storages.n; i++)
		if (phx_str_eq(p->s->storages.v[i].node, it->node) &&
		    lists(p->s->storages.v[i].content, content))
			phx_diag_note(p->bag, d, "`" PHX_STR_FMT "` takes such disks",
				      PHX_STR_ARG(p->s->storages.v[i].id));
}

static bool makes_volume(const struct phx_volume *v)
{
	return v->origin != PHX_FROM_SOURCE &&
	       (v->source == PHX_VOL_EMPTY || v->source == PHX_VOL_IMPORT ||
		v->source == PHX_VOL_OSTEMPLATE || v->source == PHX_VOL_CLOUDINIT);
}

static void check_storages(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct phx_str last = PHX_STR("");

	if (p->o->offline)
		return;
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];
		struct phx_str id = v->storage.len ? v->storage : g->storage;

		if (!id.len || !makes_volume(v) || phx_str_eq(id, last) ||
		    !has_entry(it, it->slots ? it->slots[i] : v->slot))
			continue;
		last = id;
		check_storage(p, it, id, phx_span_known(v->storage_span) ? v->storage_span : v->span);
	}
	if (it->action != PHX_CH_UPDATE && g->source && g->full != PHX_CLONE_LINKED && g->storage.len &&
	    !phx_str_eq(last, g->storage))
		check_storage(p, it, g->storage, it->span);
}

static void check_pool(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct phx_diag *d;

	if (p->o->offline || !g->pool.len || g->pool_res)
		return;
	for (uint32_t i = 0; i < p->s->pools.n; i++)
		if (phx_str_eq(p->s->pools.v[i].id, g->pool))
			return;
	d = phx_diag_add(p->bag, PHX0617, g->pool_span,
			 "there is no pool `" PHX_STR_FMT "` (for `" PHX_STR_FMT "`)", PHX_STR_ARG(g->pool),
			 PHX_STR_ARG(it->address));
	phx_diag_help(p->bag, d, "declare it: pool " PHX_STR_FMT " {}", PHX_STR_ARG(g->pool));
}

/* A linked clone lives where its base does, unless both nodes see the storage. */
static void check_linked(struct plan *p, const struct plan_item *it)
{
	const struct plan_item *src;
	struct phx_diag *d;

	if (!it->guest->source || it->guest->full != PHX_CLONE_LINKED || p->o->offline)
		return;
	src = &p->items[it->guest->source->r.index];
	if (phx_str_eq(src->node, it->node) || plan_storage_shared(p, src->guest->storage))
		return;
	d = phx_diag_add(p->bag, PHX0622, it->guest->clone_span,
			 "a linked clone of `" PHX_STR_FMT "` cannot be on node `" PHX_STR_FMT "`",
			 PHX_STR_ARG(src->address), PHX_STR_ARG(it->node));
	phx_diag_note(p->bag, d, "the template is on node `" PHX_STR_FMT "`, and its storage is not shared",
		      PHX_STR_ARG(src->node));
	phx_diag_help(p->bag, d, "make it a full clone, or put both on one node");
}

static void check_migration(struct plan *p, const struct plan_item *it)
{
	const struct phx_live_node *to;
	struct phx_diag *d;

	if (!it->update || !it->update->migrate_to.len)
		return;
	to = plan_find_node(p, it->update->migrate_to);
	if (to && to->online)
		return;
	d = phx_diag_add(p->bag, PHX0622, it->span, "`" PHX_STR_FMT "` cannot move to node `" PHX_STR_FMT "`",
			 PHX_STR_ARG(it->address), PHX_STR_ARG(it->update->migrate_to));
	phx_diag_note(p->bag, d, to ? "the node is offline" : "the cluster has no such node");
}

static bool any_change(const struct plan *p)
{
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].change)
			return true;
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->change)
			return true;
	return false;
}

static void check_quorum(struct plan *p)
{
	struct phx_diag *d;

	if (p->o->offline || p->s->quorate || !any_change(p))
		return;
	d = phx_diag_add(p->bag, PHX0605, (struct phx_span){0},
			 "cluster `" PHX_STR_FMT "` is not quorate: nothing can be changed",
			 PHX_STR_ARG(p->s->cluster_name));
	phx_diag_note(p->bag, d,
		      "Proxmox refuses every write, and what guests there are cannot be told for sure");
	phx_diag_help(p->bag, d, "on a node: pvecm status");
}

static const struct plan_item *guest_item(const struct plan *p, uint64_t id)
{
	for (uint32_t i = 0; i < p->nitems; i++)
		if (p->items[i].guest && p->items[i].live && p->items[i].id == id)
			return &p->items[i];
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->live && p->left.v[i]->id == id)
			return p->left.v[i];
	return NULL;
}

/* Proxmox deletes no pool that holds anything (686). */
static void check_empty(struct plan *p, const struct plan_item *it)
{
	struct phx_diag *d = NULL;

	for (uint32_t i = 0; i < it->pool->guests.n; i++) {
		const struct plan_item *member = guest_item(p, it->pool->guests.v[i]);

		if (member && member->change &&
		    (member->action == PHX_CH_DELETE || (member->update && member->update->pool_changed)))
			continue;
		if (!d)
			d = phx_diag_add(p->bag, PHX0627, it->span,
					 "pool `" PHX_STR_FMT "` would be deleted, and is not empty",
					 PHX_STR_ARG(it->name));
		phx_diag_note(p->bag, d, "guest %llu%s" PHX_STR_FMT "%s is in it",
			      (unsigned long long)it->pool->guests.v[i], member ? " (`" : "",
			      PHX_STR_ARG(member ? member->address : PHX_STR("")), member ? "`)" : "");
	}
	if (d)
		phx_diag_help(p->bag, d, "take them out first, or keep the pool in the configuration");
}

static void refuse_pools(struct plan *p)
{
	for (uint32_t i = 0; i < p->g->pools.n; i++) {
		const struct plan_item *it = &p->items[p->g->pools.v[i]->r.index];

		if (it->change && it->action == PHX_CH_DELETE)
			check_empty(p, it);
	}
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->change && p->left.v[i]->pool)
			check_empty(p, p->left.v[i]);
}

void plan_refuse(struct plan *p)
{
	check_quorum(p);
	refuse_pools(p);
	for (uint32_t i = 0; i < p->nitems; i++) {
		struct plan_item *it = &p->items[i];

		if (!it->change || !it->guest)
			continue;
		if (it->action == PHX_CH_DELETE || it->action == PHX_CH_REPLACE)
			refuse_removal(p, it);
		if (it->action == PHX_CH_DELETE || it->action == PHX_CH_ADOPT)
			continue;
		check_root(p, it);
		plan_ci_refuse(p, it);
		plan_lxc_refuse(p, it);
		plan_refuse_steps(p, it);
		check_storages(p, it);
		check_pool(p, it);
		check_migration(p, it);
		if (it->action == PHX_CH_CREATE || it->action == PHX_CH_REPLACE)
			check_linked(p, it);
	}
	for (uint32_t i = 0; i < p->left.n; i++)
		if (p->left.v[i]->change && p->left.v[i]->live)
			refuse_removal(p, p->left.v[i]);
}
