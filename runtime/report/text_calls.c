/* Every action of a plan with its calls: `plan -v`. */
#include "report/text_priv.h"

/* Contents stand as checksums; reads in between are left out. */
static void guest_calls(const struct report *r, const struct phx_action *a)
{
	struct phx_guest_calls all = {0};
	struct phx_arena work = {0};
	struct phx_err err = {0};

	if (phx_plan_guest_calls(&work, a, &all, &err))
		for (uint32_t i = 0; i < all.v.n; i++) {
			const struct phx_guest_call *c = &all.v.v[i];

			phx_buf_c(r->out, "      ");
			if (!c->argv.n) {
				phx_buf_printf(r->out, "%s ", phx_method_name(c->method));
				phx_text_value(r, c->path);
			}
			for (uint32_t k = 0; k < c->argv.n; k++) {
				phx_buf_c(r->out, k ? " " : "on the node: ");
				phx_text_value(r, c->argv.v[k]);
			}
			phx_buf_ch(r->out, '\n');
		}
	phx_err_done(&err);
	phx_arena_done(&work);
}

void phx_report_calls(const struct report *r)
{
	phx_buf_c(r->out, "Actions:\n");
	for (uint32_t i = 0; i < r->p->actions.n; i++) {
		const struct phx_action *a = r->p->actions.v[i];

		phx_buf_printf(r->out, "  a%u ", a->id);
		phx_text_value(r, a->address);
		phx_buf_c(r->out, ": ");
		phx_text_value(r, a->summary);
		if (a->needs.n) {
			phx_buf_c(r->out, "  after");
			for (uint32_t k = 0; k < a->needs.n; k++)
				phx_buf_printf(r->out, " a%u", a->needs.v[k]);
		}
		phx_buf_ch(r->out, '\n');
		if (a->type == PHX_ACT_CALL) {
			phx_buf_printf(r->out, "      %s ", phx_method_name(a->method));
			phx_text_value(r, a->path);
			phx_buf_ch(r->out, '\n');
			for (uint32_t k = 0; k < a->params.v.n; k++) {
				const struct phx_param *x = &a->params.v.v[k];

				phx_buf_c(r->out, "        ");
				phx_text_value(r, x->name);
				phx_buf_c(r->out, " = ");
				phx_text_value(r, x->secret ? PHX_STR("(secret)") : x->value);
				phx_buf_ch(r->out, '\n');
			}
			if (a->later & PHX_LATER_DIGEST)
				phx_buf_c(r->out, "        digest = (read right before the call)\n");
		}
		if (a->type == PHX_ACT_GUEST && a->body->work)
			guest_calls(r, a);
		if (a->type == PHX_ACT_HOST) {
			phx_buf_c(r->out, "     ");
			for (uint32_t k = 0; k < a->body->argv.n; k++) {
				phx_buf_ch(r->out, ' ');
				phx_text_value(r, a->body->argv.v[k]);
			}
			phx_buf_ch(r->out, '\n');
			if (a->body->input.len)
				phx_buf_printf(r->out, "        standard input = (%zu bytes)\n",
					       a->body->input.len);
		}
	}
	phx_buf_ch(r->out, '\n');
}
