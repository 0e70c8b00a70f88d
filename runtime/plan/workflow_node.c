/* What is done on the node for what a guest cannot do itself: the shares of unprivileged containers. */
#include "plan/plan_step.h"

static bool runs_on_node(const struct plan_work *x)
{
	return x->run && x->on_node;
}

static void quoted(struct phx_buf *out, struct phx_str s)
{
	phx_buf_ch(out, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			phx_buf_c(out, "'\\''");
		else
			phx_buf_ch(out, s.ptr[i]);
	}
	phx_buf_ch(out, '\'');
}

/* The same script as inside a guest, for the node's own shell, in a directory that goes with it. */
static void act_on_node(struct plan *p, struct plan_item *it, const struct plan_work *x)
{
	struct phx_buf b = {0};

	phx_buf_c(&b, "cd \"$(mktemp -d)\" || exit 1\ntrap 'rm -rf \"$PWD\"' EXIT\n");
	for (uint32_t i = 0; i < x->w.env.n; i++) {
		phx_buf_c(&b, "export ");
		phx_buf_str(&b, x->w.env.v[i].name);
		phx_buf_ch(&b, '=');
		quoted(&b, x->w.env.v[i].value);
		phx_buf_ch(&b, '\n');
	}
	phx_buf_str(&b, x->w.script);
	plan_begin(p, it, PHX_OP_HOST_STEP, PHX_ACT_HOST);
	phx_vec_push(p->arena, &p->draft.body.argv, PHX_STR("/bin/sh"));
	phx_vec_push(p->arena, &p->draft.body.argv, PHX_STR("-s"));
	p->draft.body.input = plan_keep(p, &b);
	p->draft.a.span = x->span;
	p->draft.a.timeout_ms = x->w.timeout_ms;
	/* Two at once would both write the node's /etc/fstab. */
	plan_hold(p, plan_text(p, PHX_STR("fstab:"), it->node), true, 0);
	plan_end(p, it,
		 plan_text(p, x->w.what, PHX_STR(" of "), it->id_text, PHX_STR(" on node "), it->node));
	phx_buf_done(&b);
}

void plan_node_steps(struct plan *p, struct plan_item *it)
{
	struct phx_str list = plan_list_works(p, it, runs_on_node);

	for (uint32_t i = 0; it->works && i < it->works->n; i++)
		if (runs_on_node(&it->works->v[i]) && !it->works->v[i].gone)
			act_on_node(p, it, &it->works->v[i]);
	if (list.len)
		plan_note(
			p, it->change,
			plan_text(p,
				  PHX_STR("on the node, since an unprivileged container cannot mount NFS: "),
				  list));
}

/* A share that is bound no more: it went, or another has taken its place. */
void plan_node_steps_after(struct plan *p, struct plan_item *it)
{
	for (uint32_t i = 0; it->works && i < it->works->n; i++) {
		struct plan_work *x = &it->works->v[i], old;
		struct phx_str bound;

		if (!runs_on_node(x))
			continue;
		if (x->gone) {
			act_on_node(p, it, x);
			continue;
		}
		bound = plan_nfs_bound(it, phx_str_from(x->w.key, 4));
		if (!bound.len || phx_str_eq(bound, x->w.env.v[1].value) ||
		    !plan_work_nfs_gone(p, it, x->w.key, &old))
			continue;
		act_on_node(p, it, &old);
	}
}

/* The guest goes, and with it what the node mounted for it. */
void plan_node_steps_deleted(struct plan *p, struct plan_item *it)
{
	const struct phx_live_guest *live = it->live;

	for (uint32_t i = 0; p->o->has_host && !live->is_vm && i < live->config.n; i++) {
		struct phx_str rest = live->config.v[i].value, volume, piece;
		struct plan_work x;

		if (!phx_str_starts(rest, PHX_NFS_ON_NODE))
			continue;
		(void)phx_str_cut(&rest, ',', &volume);
		while (phx_str_cut(&rest, ',', &piece)) {
			if (!phx_str_starts(piece, "mp="))
				continue;
			(void)plan_work_nfs_gone(p, it, plan_text(p, PHX_STR("nfs:"), phx_str_from(piece, 3)),
						 &x);
			x.w.env.v[1].value = volume;
			act_on_node(p, it, &x);
		}
	}
}
