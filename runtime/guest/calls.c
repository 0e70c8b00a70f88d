/* What doing a work asks of Proxmox, as the plan lists it. */
#include "base/secret.h"
#include "guest/guest_priv.h"

void phx_guest_argv(struct phx_arena *a, const struct phx_guest_ref *g, uint8_t way, struct phx_str script,
		    bool wait, struct phx_argv *out)
{
	struct phx_str id = phx_str_u64(a, g->id);

	if (way == PHX_WAY_QM) {
		phx_vec_push(a, &out->v, PHX_STR("qm"));
		phx_vec_push(a, &out->v, PHX_STR("guest"));
		phx_vec_push(a, &out->v, PHX_STR("exec"));
		phx_vec_push(a, &out->v, id);
		phx_vec_push(a, &out->v, PHX_STR("--pass-stdin"));
		phx_vec_push(a, &out->v, PHX_STR("1"));
		if (!wait) {
			phx_vec_push(a, &out->v, PHX_STR("--synchronous"));
			phx_vec_push(a, &out->v, PHX_STR("0"));
		}
	} else {
		phx_vec_push(a, &out->v, PHX_STR("pct"));
		phx_vec_push(a, &out->v, PHX_STR("exec"));
		phx_vec_push(a, &out->v, id);
	}
	phx_vec_push(a, &out->v, PHX_STR("--"));
	phx_vec_push(a, &out->v, PHX_STR("/bin/sh"));
	if (script.len) {
		phx_vec_push(a, &out->v, PHX_STR("-c"));
		phx_vec_push(a, &out->v, script);
	}
}

static struct phx_str digest(struct phx_arena *a, struct phx_str bytes)
{
	return phx_str_printf(a, "sha256:" PHX_STR_FMT " (%zu bytes)", PHX_STR_ARG(phx_sha256_hex(a, bytes)),
			      bytes.len);
}

static void agent_exec(struct phx_arena *a, const struct phx_guest_ref *g, struct phx_str input, bool secret,
		       struct phx_guest_calls *out)
{
	struct phx_guest_call c = {.method = PHX_POST,
				   .path = phx_agent_path(a, g->node, g->id, PHX_AGENT_EXEC)};
	struct phx_param p = {PHX_STR("input-data"), input, secret};

	phx_params_add(a, &c.params, PHX_STR("command"), PHX_STR("/bin/sh"));
	phx_vec_push(a, &c.params.v, p);
	phx_vec_push(a, &out->v, c);
}

static void agent_piece(struct phx_arena *a, const struct phx_guest_ref *g, const struct phx_bundle *b,
			const struct phx_piece *p, struct phx_str bytes, struct phx_guest_calls *out)
{
	struct phx_guest_call c = {.method = PHX_POST,
				   .path = phx_agent_path(a, g->node, g->id, PHX_AGENT_FILE_WRITE)};
	struct phx_param content = {PHX_STR("content"), digest(a, bytes), b->entries.v[p->entry].secret};

	phx_params_add(a, &c.params, PHX_STR("file"), p->to);
	phx_vec_push(a, &c.params.v, content);
	phx_params_add(a, &c.params, PHX_STR("encode"), PHX_STR("0"));
	phx_vec_push(a, &out->v, c);
}

static void host_command(struct phx_arena *a, const struct phx_guest_ref *g, const struct phx_bundle *b,
			 struct phx_str script, struct phx_str input, struct phx_guest_calls *out)
{
	struct phx_guest_call c = {.input = digest(a, input)};
	struct phx_argv argv = {0};

	phx_guest_argv(a, g, b->way, script, script.len > 0, &argv);
	for (uint32_t i = 0; i < argv.v.n; i++)
		phx_vec_push(a, &c.argv, argv.v.v[i]);
	phx_vec_push(a, &out->v, c);
}

bool phx_guest_work_calls(struct phx_arena *a, const struct phx_guest_ref *ref,
			  const struct phx_guest_work *w, struct phx_guest_calls *out, struct phx_err *err)
{
	uint8_t way = phx_guest_way_for(w->way, ref->is_vm);
	struct phx_bundle_options o = {0};
	struct phx_buf bytes = {0};
	struct phx_bundle b;
	bool ok = phx_bundle_build(a, w, way, &o, &b, err);

	*out = (struct phx_guest_calls){0};
	if (!ok)
		return false;
	if (b.pieces.n && way == PHX_WAY_AGENT)
		agent_exec(a, ref, phx_bundle_make_room(a, &b), false, out);
	for (uint32_t i = 0; i < b.pieces.n && ok; i++) {
		const struct phx_piece *p = &b.pieces.v[i];

		phx_buf_clear(&bytes);
		ok = phx_bundle_piece(&b, p, &bytes, err);
		if (ok && way == PHX_WAY_AGENT)
			agent_piece(a, ref, &b, p, phx_buf_view(&bytes), out);
		else if (ok)
			host_command(a, ref, &b, phx_bundle_receive(a, &b, p), phx_buf_view(&bytes), out);
	}
	if (way == PHX_WAY_AGENT)
		agent_exec(a, ref, digest(a, b.text), b.secret, out);
	else
		host_command(a, ref, &b, (struct phx_str){0}, b.text, out);
	phx_buf_done(&bytes);
	return ok;
}
