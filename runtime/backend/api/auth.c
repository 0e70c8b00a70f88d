#include <stdlib.h>
#include <string.h>

#include "backend/api/api_priv.h"
#include "base/sys.h"

static bool printable(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] <= ' ' || (unsigned char)s.ptr[i] >= 0x7f)
			return false;
	}
	return s.len > 0;
}

static bool take_token(struct phx_api *api, struct phx_str token, struct phx_err *err)
{
	ptrdiff_t bang = phx_str_chr(token, '!'), eq = phx_str_chr(token, '='), at = phx_str_chr(token, '@');

	if (phx_str_starts(token, "PVEAPIToken=")) {
		token = phx_str_from(token, strlen("PVEAPIToken="));
		return take_token(api, token, err);
	}
	if (!printable(token) || at <= 0 || bang <= at + 1 || eq <= bang + 1 || (size_t)eq + 1 >= token.len) {
		/* The text is not shown: it is, or was meant to be, a secret. */
		phx_err_set(err, PHX_ERR_USAGE, "`token` of cluster " PHX_STR_FMT " is not an API token",
			    PHX_STR_ARG(api->place.shown));
		phx_err_hint(err, "it reads USER@REALM!NAME=SECRET, as `pveum user token add USER@REALM "
				  "NAME` shows it once");
		return false;
	}
	api->backend.identity = phx_str_dup(api->arena, phx_str_slice(token, 0, (size_t)eq));
	api->token =
		phx_str_printf(api->arena, "Authorization: PVEAPIToken=" PHX_STR_FMT, PHX_STR_ARG(token));
	if (api->secrets) {
		phx_secrets_add(api->secrets, token);
		phx_secrets_add(api->secrets, phx_str_from(token, (size_t)eq + 1));
	}
	return true;
}

bool phx_api_credentials(struct phx_api *api, const struct phx_backend_config *c, struct phx_err *err)
{
	if (c->token.len)
		return take_token(api, c->token, err);
	if (c->user.len && c->password.len) {
		if (phx_str_chr(c->user, '@') <= 0 || !printable(c->user)) {
			phx_err_set(err, PHX_ERR_USAGE, "user `" PHX_STR_FMT "` has no realm",
				    PHX_STR_ARG(c->user));
			phx_err_hint(err, "write root@pam, or NAME@pve");
			return false;
		}
		api->user = api->backend.identity = phx_str_dup(api->arena, c->user);
		api->password = phx_str_dup(api->arena, c->password);
		if (api->secrets)
			phx_secrets_add(api->secrets, c->password);
		return true;
	}
	phx_err_set(err, PHX_ERR_USAGE, "no credentials for " PHX_STR_FMT, PHX_STR_ARG(api->place.shown));
	phx_err_hint(err,
		     "give the cluster block `token = env(\"PROXMOX_TOKEN\")`, or `user` and `password`");
	return false;
}

static void login(struct phx_api *api)
{
	struct phx_request r = {
		.method = PHX_POST, .path = PHX_STR("/access/ticket"), .timeout_ms = API_GET_MS};
	struct phx_transfer *t = phx_transfer_new(api, &r);

	phx_params_add(&t->arena, &t->params, PHX_STR("username"), api->user);
	phx_params_secret(&t->arena, &t->params, PHX_STR("password"), api->password);
	t->login = true;
	api->logging_in = true;
	phx_api_submit(api, t);
}

bool phx_api_ready(struct phx_api *api)
{
	if (api->token.len)
		return true;
	if (api->has_ticket && phx_now_ms() - api->ticket_at < API_TICKET_MS)
		return true;
	if (!api->logging_in)
		login(api);
	return false;
}

static bool take_ticket(struct phx_api *api, const json_t *data, struct phx_err *err)
{
	struct phx_str ticket = phx_json_str(data, "ticket"),
		       csrf = phx_json_str(data, "CSRFPreventionToken");

	if (phx_json_bool(data, "NeedTFA", false)) {
		phx_err_set(err, PHX_ERR_AUTH, "user " PHX_STR_FMT " has a second factor",
			    PHX_STR_ARG(api->user));
		phx_err_hint(err, "use an API token: pveum user token add " PHX_STR_FMT " phx",
			     PHX_STR_ARG(api->user));
		return false;
	}
	if (!printable(ticket) || !printable(csrf))
		return phx_err_set(err, PHX_ERR_DATA, PHX_STR_FMT ": the answer to the login has no ticket",
				   PHX_STR_ARG(api->place.shown));
	if (api->secrets) {
		phx_secrets_add(api->secrets, ticket);
		phx_secrets_add(api->secrets, csrf);
	}
	phx_buf_clear(&api->cookie);
	phx_buf_c(&api->cookie, "Cookie: PVEAuthCookie=");
	phx_buf_percent(&api->cookie, ticket);
	phx_buf_clear(&api->csrf);
	phx_buf_printf(&api->csrf, "CSRFPreventionToken: " PHX_STR_FMT, PHX_STR_ARG(csrf));
	api->ticket_at = phx_now_ms();
	api->has_ticket = true;
	return true;
}

void phx_api_login_ended(struct phx_api *api, struct phx_transfer *t, struct phx_answer *a)
{
	(void)t;
	api->logging_in = false;
	if (a->err.kind == PHX_ERR_LOST)
		a->err.kind = PHX_ERR_CONNECT; /* a login may be lost without harm */
	if (a->err.kind != PHX_ERR_NONE || !take_ticket(api, a->data, &a->err)) {
		api->has_ticket = false;
		phx_api_fail_waiting(api, &a->err);
	}
}

static void add_header(struct phx_transfer *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->headers, line);

	if (!more)
		phx_out_of_memory();
	t->headers = more;
}

void phx_api_auth_headers(struct phx_transfer *t)
{
	struct phx_api *api = t->api;

	if (api->token.len) {
		add_header(t, api->token.ptr);
		return;
	}
	add_header(t, api->cookie.ptr);
	if (t->r.method != PHX_GET)
		add_header(t, api->csrf.ptr);
}
