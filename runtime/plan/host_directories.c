/* Directories of the node that a container mounts: made before it, with the owner and mode that are declared. */
#include "plan/lxc.h"

static bool is_directory(const struct phx_volume *v)
{
	return v->source == PHX_VOL_HOST_PATH && !v->nfs && v->origin != PHX_FROM_SOURCE;
}

static void id_text(struct plan *p, bool has, uint64_t id)
{
	if (has)
		phx_buf_printf(&p->more, "%llu ", (unsigned long long)id);
	else
		phx_buf_c(&p->more, "- ");
}

/* "100033 100033 0750 /srv/www": ids of the node. */
static struct phx_str wish(struct plan *p, const struct plan_item *it, const struct phx_volume *v)
{
	phx_buf_clear(&p->more);
	id_text(p, v->has_uid, phx_host_id(it->guest, 'u', v->uid));
	id_text(p, v->has_gid, phx_host_id(it->guest, 'g', v->gid));
	if (v->has_mode)
		phx_buf_printf(&p->more, "%04o ", v->mode);
	else
		phx_buf_c(&p->more, "- ");
	phx_buf_str(&p->more, v->volume);
	return plan_keep(p, &p->more);
}

struct phx_str plan_directory_fact(struct plan *p, const struct plan_item *it, const struct phx_volume *v)
{
	if (!is_directory(v) || !(v->has_uid || v->has_gid || v->has_mode))
		return PHX_STR("");
	return phx_str_slice(phx_sha256_hex(p->arena, wish(p, it, v)), 0, 12);
}

bool plan_directory_moves(struct plan *p, const struct plan_item *it, const struct phx_volume *v)
{
	struct phx_str name = plan_text(p, PHX_STR("mount:"), v->label);

	if (!it->live || it->gone_first || !it->live->has_marker)
		return true;
	return !phx_str_eq(phx_marker_fact(&it->live->marker, name.ptr), plan_directory_fact(p, it, v));
}

/* Is it mounted by the living container already? Then there is nothing to be made for it. */
static bool is_mounted(const struct plan_item *it, const struct phx_volume *v)
{
	for (uint32_t i = 0; it->live && !it->gone_first && i < it->live->config.n; i++) {
		struct phx_str value = it->live->config.v[i].value, path;

		if (phx_str_starts(it->live->config.v[i].key, "mp") && phx_str_cut(&value, ',', &path) &&
		    phx_str_eq(path, v->volume))
			return true;
	}
	return false;
}

void plan_diff_directories(struct plan_diff *d)
{
	for (uint32_t i = 0; i < d->g->volumes.n; i++) {
		const struct phx_volume *v = &d->g->volumes.v[i];
		struct phx_attr_change *a;

		if (!plan_directory_fact(d->p, d->it, v).len || !plan_directory_moves(d->p, d->it, v))
			continue;
		a = plan_diff_attr(d, plan_text(d->p, v->path, PHX_STR(".owner")), PHX_STR(""),
				   wish(d->p, d->it, v), v->span);
		plan_diff_worse(d, a, PHX_EFFECT_LIVE);
		a->reason = PHX_STR("ids of the node, then the mode; set where it differs");
	}
}

void plan_directories(struct plan *p, struct plan_item *it, bool all)
{
	const struct phx_guest *g = it->guest;
	struct phx_buf data = {0};
	uint32_t n = 0;

	if (it->is_vm)
		return;
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];
		bool said = plan_directory_fact(p, it, v).len > 0;

		if (!is_directory(v) || (said ? !all && !plan_directory_moves(p, it, v) : is_mounted(it, v)))
			continue;
		phx_buf_printf(&data, PHX_STR_FMT "\n", PHX_STR_ARG(wish(p, it, v)));
		n++;
	}
	if (n && plan_has_channel(p)) {
		plan_script(p, it, PHX_OP_HOST_DIRECTORY, "directory",
			    phx_str_dup(p->arena, phx_buf_view(&data)), false);
		plan_word(p, plan_number(p, phx_host_id(g, 'u', 0)));
		plan_word(p, plan_number(p, phx_host_id(g, 'g', 0)));
		plan_hold(p, PHX_STR("host-directories"), true, 0);
		plan_note(p, it->change,
			  PHX_STR("directories of the node are made as root there, over the host channel"));
		plan_end(p, it,
			 plan_text(p,
				   n == 1 ? PHX_STR("the directory of the node that ")
					  : PHX_STR("the directories of the node that "),
				   it->id_text,
				   PHX_STR(" mounts: made where missing, owner and mode where declared")));
	} else if (n) {
		plan_note(p, it->change,
			  PHX_STR("the directories of the node that it mounts must be there: without a host "
				  "channel phx "
				  "cannot make them"));
	}
	phx_buf_done(&data);
}
