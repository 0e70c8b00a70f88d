/* Scripts that run on the node as root: etc/host/NAME.sh on the standard input of a shell, with their data behind it. */
#include "base/sys.h"
#include "plan/plan_priv.h"

bool plan_has_channel(const struct plan *p)
{
	return p->o->has_host || p->o->offline || (p->o->can_root && !p->o->identity.len);
}

bool plan_gives_channel(const struct plan *p, const struct plan_item *it)
{
	if (p->o->has_host)
		return true;
	return plan_has_channel(p) && it->guest && it->guest->cluster && it->guest->cluster->ssh_host.len;
}

static struct phx_str read_script(struct plan *p, const char *name)
{
	struct phx_buf text = {0};
	struct phx_err err = {0};
	struct phx_str path, out = PHX_STR("");

	for (uint32_t i = 0; i < p->scripts.n; i++)
		if (p->scripts.v[i].name == name)
			return p->scripts.v[i].text;
	path = phx_str_printf(p->arena, PHX_STR_FMT "/host/%s.sh", PHX_STR_ARG(phx_etc_dir(p->arena)), name);
	if (phx_read_file(path.ptr, &text, &err))
		out = phx_str_dup(p->arena, phx_buf_view(&text));
	else if (!p->failed)
		phx_diag_add(p->bag, PHX0002, (struct phx_span){0}, PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&err.msg)));
	p->failed = p->failed || !out.len;
	phx_vec_push(p->arena, &p->scripts, ((struct plan_script){name, out}));
	phx_err_done(&err);
	phx_buf_done(&text);
	return out;
}

void plan_word(struct plan *p, struct phx_str word)
{
	phx_vec_push(p->arena, &p->draft.body.argv, word);
}

void plan_script(struct plan *p, const struct plan_item *it, enum phx_action_op op, const char *name,
		 struct phx_str data, bool secret)
{
	static const char head[] = "\nphx_main \"$@\" <<'PHX_DATA'\n", tail[] = "PHX_DATA\n";

	plan_begin(p, it, op, PHX_ACT_HOST);
	plan_word(p, PHX_STR("/bin/sh"));
	plan_word(p, PHX_STR("-s"));
	plan_word(p, PHX_STR("--"));
	p->draft.a.timeout_ms = 120000;
	p->draft.body.input_secret = secret;
	p->draft.body.input =
		data.len ? plan_text(p, read_script(p, name), phx_str_c(head), data, phx_str_c(tail))
			 : plan_text(p, read_script(p, name), PHX_STR("\nphx_main \"$@\"\n"));
}
