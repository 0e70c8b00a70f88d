#include <arpa/inet.h>
#include <string.h>

#include "backend/api/api_priv.h"

static bool is_loopback(struct phx_arena *a, struct phx_str host)
{
	struct in_addr v4;
	struct in6_addr v6;
	struct phx_str bare = host;

	if (phx_str_starts(host, "[") && phx_str_ends(host, "]"))
		bare = phx_str_slice(host, 1, host.len - 2);
	bare = phx_str_dup(a, bare);
	if (phx_str_eqc(bare, "localhost"))
		return true;
	if (inet_pton(AF_INET, bare.ptr, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, bare.ptr, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool bad(struct phx_err *err, struct phx_str endpoint, const char *why)
{
	phx_err_set(err, PHX_ERR_USAGE, "endpoint `" PHX_STR_FMT "`: %s", PHX_STR_ARG(endpoint), why);
	phx_err_hint(err, "write https://HOST:8006");
	return false;
}

/* "host:port", "[v6]:port"; the port may be missing. */
static bool split_port(struct phx_str at, struct phx_str *host, struct phx_str *port)
{
	ptrdiff_t end = phx_str_starts(at, "[") ? phx_str_chr(at, ']') : -1;
	uint64_t n;

	if (phx_str_starts(at, "[") && end < 0)
		return false;
	*host = phx_str_slice(at, 0, end < 0 ? at.len : (size_t)end + 1);
	*port = (struct phx_str){0};
	if (end < 0 && phx_str_chr(at, ':') >= 0)
		*host = phx_str_slice(at, 0, (size_t)phx_str_chr(at, ':'));
	if (host->len == at.len)
		return host->len > 0;
	*port = phx_str_from(at, host->len + 1);
	return host->len && at.ptr[host->len] == ':' && phx_parse_u64(*port, &n) && n > 0 && n < 65536;
}

bool phx_api_place_read(struct phx_str endpoint, struct phx_arena *a, struct phx_api_place *out,
			struct phx_err *err)
{
	struct phx_str rest = endpoint, host, port;
	struct phx_api_place p = {0};

	for (size_t i = 0; i < endpoint.len; i++) {
		if ((unsigned char)endpoint.ptr[i] <= ' ' || endpoint.ptr[i] == 0x7f)
			return bad(err, endpoint, "contains a blank or control character");
	}
	if (phx_str_starts(endpoint, "unix:")) {
		p.unix_path = phx_str_dup(a, phx_str_from(endpoint, 5));
		if (!phx_str_starts(p.unix_path, "/"))
			return bad(err, endpoint, "the path of a Unix socket begins with `/`");
		p.base = PHX_STR("http://localhost");
		p.shown = phx_str_dup(a, endpoint);
		p.local = true;
		*out = p;
		return true;
	}
	p.tls = phx_str_starts(endpoint, "https://");
	if (!p.tls && !phx_str_starts(endpoint, "http://"))
		return bad(err, endpoint, "is no https:// address");
	rest = phx_str_from(endpoint, p.tls ? 8 : 7);
	while (phx_str_ends(rest, "/"))
		rest.len--;
	if (phx_str_ends(rest, "/api2/json"))
		rest.len -= strlen("/api2/json");
	if (phx_str_chr(rest, '/') >= 0 || phx_str_chr(rest, '?') >= 0 || phx_str_chr(rest, '#') >= 0)
		return bad(err, endpoint, "has a path; only host and port are wanted");
	if (phx_str_chr(rest, '@') >= 0)
		return bad(
			err, endpoint,
			"has a user name in it; credentials are given by `token`, or `user` and `password`");
	if (!split_port(rest, &host, &port))
		return bad(err, endpoint, "host or port is not right");
	p.local = is_loopback(a, host);
	if (!p.tls && !p.local) {
		phx_err_set(err, PHX_ERR_USAGE,
			    "endpoint `" PHX_STR_FMT "`: without TLS only loopback addresses are allowed",
			    PHX_STR_ARG(endpoint));
		phx_err_hint(
			err,
			"the credentials would cross the network readable by all: write https://" PHX_STR_FMT,
			PHX_STR_ARG(rest));
		return false;
	}
	p.base = phx_str_printf(a, "%s://" PHX_STR_FMT ":" PHX_STR_FMT, p.tls ? "https" : "http",
				PHX_STR_ARG(host), PHX_STR_ARG(port.len ? port : PHX_STR("8006")));
	p.shown = p.base;
	*out = p;
	return true;
}

bool phx_api_check_endpoint(struct phx_str endpoint, struct phx_err *err)
{
	struct phx_arena a = {0};
	struct phx_api_place p;
	bool ok = phx_api_place_read(endpoint, &a, &p, err);

	phx_arena_done(&a);
	return ok;
}
