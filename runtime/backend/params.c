#include "backend/backend.h"

const char *phx_method_name(enum phx_method m)
{
	switch (m) {
	case PHX_GET:
		return "GET";
	case PHX_POST:
		return "POST";
	case PHX_PUT:
		return "PUT";
	case PHX_DELETE:
		return "DELETE";
	}
	PHX_BUG("method %d", (int)m);
}

static void add(struct phx_arena *a, struct phx_params *p, struct phx_str name, struct phx_str value,
		bool secret)
{
	struct phx_param param = {name, value, secret};

	phx_vec_push(a, &p->v, param);
}

void phx_params_add(struct phx_arena *a, struct phx_params *p, struct phx_str name, struct phx_str value)
{
	add(a, p, name, value, false);
}

void phx_params_secret(struct phx_arena *a, struct phx_params *p, struct phx_str name, struct phx_str value)
{
	add(a, p, name, value, true);
}

void phx_params_form(const struct phx_params *p, struct phx_buf *out)
{
	for (uint32_t i = 0; i < p->v.n; i++) {
		if (i)
			phx_buf_ch(out, '&');
		phx_buf_percent(out, p->v.v[i].name);
		phx_buf_ch(out, '=');
		phx_buf_percent(out, p->v.v[i].value);
	}
}

struct phx_request phx_request_keep(struct phx_arena *a, const struct phx_request *r,
				    struct phx_params *params)
{
	struct phx_request kept = *r;

	kept.path = phx_str_dup(a, r->path);
	kept.upload_path = phx_str_dup(a, r->upload_path);
	for (uint32_t i = 0; r->params && i < r->params->v.n; i++) {
		const struct phx_param *p = &r->params->v.v[i];

		add(a, params, phx_str_dup(a, p->name), phx_str_dup(a, p->value), p->secret);
	}
	kept.params = params;
	return kept;
}
