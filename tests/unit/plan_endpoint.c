#include "plan_endpoint.h"

#include "model/endpoint.h"

/* The same for every test of a program. */
static const struct phx_endpoints *endpoints(void)
{
	static struct phx_arena arena;
	static const struct phx_endpoints *all;
	struct phx_err err = {0};

	if (!all)
		all = phx_endpoints_load(&arena, PHX_STR("8.4"), &err);
	phx_err_done(&err);
	return all;
}

static bool unfit(struct phx_arena *a, struct phx_str *out_why, const char *what, struct phx_str path)
{
	*out_why = phx_str_printf(a, "%s: " PHX_STR_FMT, what, PHX_STR_ARG(path));
	return false;
}

bool lab_call_fits(struct phx_arena *a, const char *method, struct phx_str path,
		   const struct lab_param *params, size_t n, struct phx_str *out_why)
{
	const struct phx_endpoints *all = endpoints();
	struct phx_path_params in_path;
	const struct phx_endpoint *e;
	struct phx_checks checks = {.arena = a};
	struct phx_given *list;
	enum phx_http http;

	if (!all)
		return unfit(a, out_why, "no endpoint tables", path);
	e = phx_endpoint_find(all, path, &in_path);
	if (!e || !phx_http_parse(phx_str_c(method), &http) || !e->methods[http])
		return unfit(a, out_why, "not implemented", path);
	list = PHX_NEW_N(a, struct phx_given, n + in_path.n + 1);
	for (size_t i = 0; i < n; i++)
		list[i] = (struct phx_given){
			.name = params[i].name, .shape = PHX_PARAM_TEXT, .text = params[i].value};
	for (uint32_t i = 0; i < in_path.n; i++)
		list[n + i] = (struct phx_given){
			.name = in_path.v[i].name, .shape = PHX_PARAM_TEXT, .text = in_path.v[i].value};
	if (phx_endpoint_check(e->methods[http], list, n + in_path.n, &checks))
		return true;
	*out_why = phx_str_printf(a, "%s " PHX_STR_FMT ": " PHX_STR_FMT ": " PHX_STR_FMT, method,
				  PHX_STR_ARG(path), PHX_STR_ARG(checks.v.v[0].param),
				  PHX_STR_ARG(checks.v.v[0].text));
	return false;
}
