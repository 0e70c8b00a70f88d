/* Functions that turn values into texts of other formats, and back. */
#include "sema/fn_priv.h"

#define STR PHX_TY(PHX_V_STRING)
#define ANY PHX_TY_ANY

static void fn_base64(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	struct phx_buf text = {0};

	phx_buf_base64(&text, a[0].s);
	phx_fn_text(s, n, &text, out);
}

static void fn_sha256(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		      struct phx_value *out)
{
	*out = phx_value_str(phx_sha256_hex(&s->tmp, a[0].s), n->span);
}

static void fn_jsondecode(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
			  struct phx_value *out)
{
	struct phx_err err = {0};
	struct phx_value poison;
	struct phx_diag *d;

	if (!phx_value_from_json(s, a[0].s, n->span, out, &err)) {
		d = phx_eval_error(s, PHX0213, n->call.args[0]->span, &poison, "the text is no JSON");
		*out = poison;
		if (d && !phx_value_is_secret(&a[0]))
			phx_diag_note(s->bag, d, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.msg)));
	}
	phx_err_done(&err);
}

static void encoded(struct phx_sema *s, const struct phx_node *n, bool ok, const char *what,
		    struct phx_buf *text, struct phx_value *out)
{
	if (ok) {
		phx_fn_text(s, n, text, out);
		return;
	}
	phx_eval_error(s, PHX0213, n->call.args[0]->span, out, "`%s` cannot write %s", n->call.fn->name,
		       what);
	phx_buf_done(text);
}

static void fn_jsonencode(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
			  struct phx_value *out)
{
	struct phx_buf text = {0};
	const char *what = "";
	bool ok = phx_encode_json(&a[0], &text, &what);

	encoded(s, n, ok, what, &text, out);
}

static void fn_yamlencode(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
			  struct phx_value *out)
{
	struct phx_buf text = {0};
	const char *what = "";
	bool ok = phx_encode_yaml(&a[0], &text, &what);

	encoded(s, n, ok, what, &text, out);
}

void phx_fn_key(const struct phx_value *v, struct phx_buf *out)
{
	const char *what;

	/* An int is no float, and a text is no address: the kind stands before each scalar. */
	if (v->kind != PHX_V_LIST && v->kind != PHX_V_MAP)
		phx_buf_printf(out, "%d:", v->kind);
	if (v->kind == PHX_V_LIST) {
		for (uint32_t i = 0; i < v->list.n; i++) {
			phx_fn_key(&v->list.v[i], out);
			phx_buf_ch(out, '\n');
		}
	} else {
		(void)!phx_encode_json(v, out, &what);
	}
}

const struct phx_fn phx_fns_data[] = {
	{.name = "base64",
	 .usage = "base64(text)",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .result = STR,
	 .eval = fn_base64},
	{.name = "sha256",
	 .usage = "sha256(text)",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .result = STR,
	 .eval = fn_sha256},
	{.name = "jsondecode",
	 .usage = "jsondecode(text)",
	 .min = 1,
	 .max = 1,
	 .args = {STR},
	 .result = ANY,
	 .eval = fn_jsondecode},
	{.name = "jsonencode",
	 .usage = "jsonencode(x)",
	 .min = 1,
	 .max = 1,
	 .args = {ANY},
	 .result = STR,
	 .eval = fn_jsonencode},
	{.name = "yamlencode",
	 .usage = "yamlencode(x)",
	 .min = 1,
	 .max = 1,
	 .args = {ANY},
	 .result = STR,
	 .eval = fn_yamlencode},
	{.name = NULL},
};
