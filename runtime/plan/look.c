/* What to look at inside running guests (--refresh-guests): a script for each, made of its steps. It only looks. */
#include <string.h>

#include "plan/plan_step.h"

static void word(struct phx_buf *b, struct phx_str s)
{
	phx_buf_c(b, " '");
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			phx_buf_c(b, "'\\''");
		else
			phx_buf_ch(b, s.ptr[i]);
	}
	phx_buf_ch(b, '\'');
}

static struct phx_str env_of(const struct plan_work *x, const char *name)
{
	for (uint32_t i = 0; i < x->w.env.n; i++)
		if (phx_str_eqc(x->w.env.v[i].name, name))
			return x->w.env.v[i].value;
	return PHX_STR("");
}

/* Blanks and backslashes, as /etc/fstab has them. */
static struct phx_str fstab_word(struct plan *p, struct phx_str s)
{
	struct phx_buf b = {0};
	struct phx_str out;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == ' ' || s.ptr[i] == '\t' || s.ptr[i] == '\n' || s.ptr[i] == '\\')
			phx_buf_printf(&b, "\\%03o", (unsigned)(unsigned char)s.ptr[i]);
		else
			phx_buf_ch(&b, s.ptr[i]);
	}
	out = phx_str_dup(p->arena, phx_buf_view(&b));
	phx_buf_done(&b);
	return out;
}

static void share(struct plan *p, const struct plan_work *x, struct phx_buf *b)
{
	struct phx_str options = env_of(x, "PHX_NFS_OPTIONS"), target = env_of(x, "PHX_NFS_TARGET");

	while (target.len > 1 && target.ptr[target.len - 1] == '/')
		target.len--;
	/* As nfs.sh completes them. */
	options = options.len ? options : PHX_STR("rw,nofail");
	if (phx_str_find(plan_text(p, PHX_STR(","), options, PHX_STR(",")), PHX_STR(",_netdev,")) < 0)
		options = plan_text(p, options, PHX_STR(",_netdev"));
	word(b, fstab_word(p, env_of(x, "PHX_NFS_SOURCE")));
	word(b, fstab_word(p, target));
	word(b, options);
}

static void file(struct plan *p, const struct plan_item *it, const struct plan_work *x, struct phx_buf *b)
{
	const struct phx_guest_file *f = &x->w.files.v[0];
	struct phx_str salt = PHX_STR(""), sum = f->sha256;

	word(b, env_of(x, "PHX_FILE_PATH"));
	if (x->manifest.len) {
		phx_buf_c(b, " <<'phx-end-of-list'\n");
		phx_buf_str(b, x->manifest);
		phx_buf_c(b, "phx-end-of-list");
		return;
	}
	/* The bare sum of a secret would be the same in every guest, and in every list of sums. */
	if (f->secret) {
		salt = plan_secret_salt(p, it, x->w.key);
		sum = phx_secret_hash(p->arena, salt, f->content);
	}
	word(b, sum);
	word(b, env_of(x, "PHX_FILE_MODE"));
	word(b, env_of(x, "PHX_FILE_OWNER"));
	word(b, env_of(x, "PHX_FILE_GROUP"));
	word(b, salt);
}

/* Only what is in place by the marker: everything else is done anyway. */
static bool look_at(struct plan *p, const struct plan_item *it, const struct plan_work *x, uint32_t n,
		    struct phx_buf *b)
{
	const char *call = NULL;

	if (x->changed || x->gone || x->hidden || x->on_node)
		return false;
	if (phx_str_starts(x->w.key, "nfs:"))
		call = "phx_look_share";
	else if (phx_str_starts(x->w.key, "file:"))
		call = x->manifest.len ? "phx_look_tree" : "phx_look_file";
	else if (env_of(x, "PHX_CHECK").len)
		call = "phx_look_check";
	if (!call)
		return false;
	phx_buf_printf(b, "%s %u", call, n);
	if (phx_str_starts(x->w.key, "nfs:"))
		share(p, x, b);
	else if (phx_str_starts(x->w.key, "file:"))
		file(p, it, x, b);
	else
		word(b, env_of(x, "PHX_CHECK"));
	phx_buf_ch(b, '\n');
	return true;
}

static void look_into(struct plan *p, struct plan_item *it, struct phx_looks *out)
{
	struct phx_look look = {.id = it->id, .address = it->address, .way = (uint8_t)plan_way(p, it)};
	struct phx_buf b = {0};

	plan_build_works(p, it);
	for (uint32_t i = 0; i < it->works->n; i++)
		if (look_at(p, it, &it->works->v[i], look.keys.n, &b))
			phx_vec_push(p->arena, &look.keys, it->works->v[i].w.key);
	look.ref = (struct phx_guest_ref){.is_vm = it->is_vm, .id = it->id, .node = it->live->node};
	if (look.keys.n) {
		look.script = plan_text(p, plan_guest_script(p, "look.sh"), phx_buf_view(&b));
		phx_vec_push(p->arena, &out->v, look);
	}
	phx_buf_done(&b);
}

void phx_plan_looks(const struct phx_graph *g, const struct phx_snapshot *s, const struct phx_plan_options *o,
		    struct phx_arena *arena, const struct phx_sources *sources, struct phx_looks *out)
{
	struct phx_diag_bag bag; /* what is wrong is told when the plan is made */
	struct plan p = {.g = g, .s = s, .o = o, .arena = arena, .bag = &bag};

	phx_diag_bag_init(&bag, arena, sources);
	plan_open(&p);
	if (plan_match(&p)) {
		plan_left(&p);
		plan_select(&p);
	}
	for (uint32_t i = 0; i < p.nitems; i++) {
		struct plan_item *it = &p.items[i];

		if (it->guest && it->selected && it->live && it->live->owned && it->live->running &&
		    !it->live->is_template && it->live->is_vm == it->is_vm && plan_reaches_inside(&p, it))
			look_into(&p, it, out);
	}
	plan_close(&p);
}
