#include "backend/sim/firewall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/sim/handlers.h"
#include "backend/sim/resources.h"
#include "backend/sim/tables.h"

/* ---- documents ---- */

static const char *fw_id(struct phx_sim_request *r)
{
	const char *path = r->route->path;

	if (strstr(path, "/qemu/") != NULL)
		return phx_sim_fmt(&r->arena, "qemu/%lld", (long long)phx_sim_pi(r, "vmid", 0));
	if (strstr(path, "/lxc/") != NULL)
		return phx_sim_fmt(&r->arena, "lxc/%lld", (long long)phx_sim_pi(r, "vmid", 0));
	if (phx_sim_starts(path, "/cluster/"))
		return "cluster";
	return phx_sim_fmt(&r->arena, "node/%s", phx_sim_node(r));
}

json_t *phx_sim_fw(struct phx_sim_request *r)
{
	json_t *fw = phx_sim_get(r->sim, "fw", fw_id(r));

	/* Reading makes nothing durable: an empty document is only kept when something was put into it. */
	if (fw == NULL) {
		fw = json_object();
		json_object_set_new(phx_sim_all(r->sim, "fw"), fw_id(r), fw);
	}
	return fw;
}

void phx_sim_fw_dirty(struct phx_sim_request *r)
{
	phx_sim_dirty(r->sim, "fw", fw_id(r));
}

json_t *phx_sim_fw_part(json_t *fw, const char *name, bool array)
{
	json_t *part = json_object_get(fw, name);

	if (part == NULL) {
		part = array ? json_array() : json_object();
		json_object_set_new(fw, name, part);
	}
	return part;
}

void phx_sim_firewall_remove(struct phx_sim *s, const char *kind, int64_t vmid)
{
	char id[40];

	(void)snprintf(id, sizeof(id), "%s/%lld", kind, (long long)vmid);
	if (phx_sim_get(s, "fw", id) != NULL)
		phx_sim_del(s, "fw", id);
}

void phx_sim_firewall_copy(struct phx_sim *s, const char *kind, int64_t from, int64_t to)
{
	char id[40];
	json_t *fw;

	(void)snprintf(id, sizeof(id), "%s/%lld", kind, (long long)from);
	fw = phx_sim_get(s, "fw", id);
	if (fw == NULL || json_object_size(fw) == 0)
		return;
	(void)snprintf(id, sizeof(id), "%s/%lld", kind, (long long)to);
	phx_sim_put(s, "fw", id, json_deep_copy(fw));
}

/* ---- digests ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_object(struct phx_buf *out, const json_t *o)
{
	size_t n = 0;
	const char **keys = calloc(json_object_size(o) + 1, sizeof(*keys)), *key;
	json_t *v;

	if (keys == NULL)
		phx_out_of_memory();
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		keys[n++] = key;
	}
	qsort(keys, n, sizeof(*keys), by_name);
	for (size_t i = 0; i < n; i++) {
		struct phx_buf text = {0};

		if (strcmp(keys[i], "digest") != 0 && strcmp(keys[i], "pos") != 0 &&
		    phx_json_text(json_object_get(o, keys[i]), &text))
			phx_buf_printf(out, "%s:%s\n", keys[i], text.ptr != NULL ? text.ptr : "");
		phx_buf_done(&text);
	}
	free(keys);
}

const char *phx_sim_fw_digest(struct phx_arena *a, const json_t *what)
{
	struct phx_buf text = {0};
	const char *out;
	json_t *one;
	size_t i;

	if (json_is_array(what))
		json_array_foreach(what, i, one)
		{
			add_object(&text, one);
		}
	else
		add_object(&text, what);
	out = phx_sim_sha1(a, text.ptr != NULL ? text.ptr : "", text.len);
	phx_buf_done(&text);
	return out;
}

json_t *phx_sim_fw_with_digest(struct phx_arena *a, json_t *list)
{
	const char *digest = phx_sim_fw_digest(a, list);
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		phx_sim_set(one, "digest", digest);
	}
	return list;
}

int phx_sim_fw_ipversion(const char *address)
{
	if (address == NULL)
		return 0;
	if (strchr(address, ':') != NULL)
		return 6;
	return address[0] >= '0' && address[0] <= '9' ? 4 : 0;
}

const char *phx_sim_lower(struct phx_arena *a, const char *text)
{
	char *out = PHX_NEW_N(a, char, strlen(text) + 1);

	for (size_t i = 0; text[i] != 0; i++)
		out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
	return out;
}

bool phx_sim_fw_alias_exists(struct phx_sim_request *r, json_t *fw, const char *name)
{
	json_t *cluster = phx_sim_get(r->sim, "fw", "cluster");
	const char *low;

	if (phx_sim_starts(name, "dc/"))
		return json_object_get(json_object_get(cluster, "aliases"),
				       phx_sim_lower(&r->arena, name + 3)) != NULL;
	low = phx_sim_lower(&r->arena, phx_sim_starts(name, "guest/") ? name + 6 : name);
	return json_object_get(json_object_get(fw, "aliases"), low) != NULL ||
	       json_object_get(json_object_get(cluster, "aliases"), low) != NULL;
}

/* ---- index, options, macros, refs ---- */

static void guest_index(struct phx_sim_request *r)
{
	phx_sim_ok(r, phx_sim_index("name", "rules aliases ipset refs options"));
}

static void cluster_index(struct phx_sim_request *r)
{
	phx_sim_ok(r, phx_sim_index("name", "rules options groups aliases ipset macros refs"));
}

static void options_get(struct phx_sim_request *r)
{
	json_t *o = json_deep_copy(phx_sim_fw_part(phx_sim_fw(r), "options", false));

	phx_sim_set(o, "digest", phx_sim_fw_digest(&r->arena, o));
	phx_sim_ok(r, o);
}

static void options_put(struct phx_sim_request *r)
{
	static const char *const steering[] = {"node", "vmid", "digest", "delete"};
	json_t *options = phx_sim_fw_part(phx_sim_fw(r), "options", false), *v;
	struct phx_str rest = phx_str_c(phx_sim_p(r, "delete")), one;
	const char *key;

	if (!phx_sim_digest_fits_text(r, phx_sim_fw_digest(&r->arena, options)))
		return;
	while (phx_str_cut(&rest, ',', &one))
		json_object_deln(options, phx_str_trim(one).ptr, phx_str_trim(one).len);
	json_object_foreach(r->p, key, v)
	{
		bool skip = false;

		for (size_t i = 0; i < PHX_COUNTOF(steering); i++)
			skip = skip || strcmp(steering[i], key) == 0;
		if (!skip)
			json_object_set(options, key, v);
	}
	phx_sim_fw_dirty(r);
	phx_sim_ok(r, NULL);
}

static void macros(struct phx_sim_request *r)
{
	const struct phx_str *names;
	uint32_t n = phx_sim_tables_macros(r->sim, &names);
	json_t *out = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(out, json_pack("{s:s%, s:s%}", "macro", names[i].ptr, names[i].len,
						     "descr", names[i].ptr, names[i].len));
	phx_sim_ok(r, out);
}

static void add_refs(struct phx_sim_request *r, json_t *out, json_t *fw, const char *scope, const char *only)
{
	const char *prefix = strcmp(scope, "dc") == 0 ? "dc/" : "", *name;
	json_t *v;

	if (only == NULL || strcmp(only, "alias") == 0)
		json_object_foreach(json_object_get(fw, "aliases"), name, v)
		{
			json_t *o = json_pack("{s:s, s:s, s:s, s:s}", "type", "alias", "name",
					      phx_sim_so(v, "name", name), "ref",
					      phx_sim_fmt(&r->arena, "%s%s", prefix, name), "scope", scope);

			if (phx_sim_s(v, "comment") != NULL)
				phx_sim_set(o, "comment", phx_sim_s(v, "comment"));
			json_array_append_new(out, o);
		}
	if (only == NULL || strcmp(only, "ipset") == 0)
		json_object_foreach(json_object_get(fw, "ipset"), name, v)
		{
			json_array_append_new(out,
					      json_pack("{s:s, s:s, s:s, s:s}", "type", "ipset", "name", name,
							"ref", phx_sim_fmt(&r->arena, "+%s%s", prefix, name),
							"scope", scope));
		}
}

static void refs(struct phx_sim_request *r)
{
	json_t *out = json_array(), *cluster = phx_sim_get(r->sim, "fw", "cluster");

	if (cluster != NULL)
		add_refs(r, out, cluster, "dc", phx_sim_p(r, "type"));
	if (!phx_sim_starts(r->route->path, "/cluster/"))
		add_refs(r, out, phx_sim_fw(r), "guest", phx_sim_p(r, "type"));
	phx_sim_ok(r, out);
}

#define GUESTS(method, tail, handler)                                                                        \
	{method, "/nodes/{node}/qemu/{vmid}/firewall" tail, handler},                                        \
	{                                                                                                    \
		method, "/nodes/{node}/lxc/{vmid}/firewall" tail, handler                                    \
	}

const struct phx_sim_route phx_sim_routes_firewall[] = {
	GUESTS("GET", "", guest_index),
	GUESTS("GET", "/options", options_get),
	GUESTS("PUT", "/options", options_put),
	GUESTS("GET", "/refs", refs),
	{"GET", "/cluster/firewall", cluster_index},
	{"GET", "/cluster/firewall/options", options_get},
	{"PUT", "/cluster/firewall/options", options_put},
	{"GET", "/cluster/firewall/refs", refs},
	{"GET", "/cluster/firewall/macros", macros},
	{"GET", "/nodes/{node}/firewall/options", options_get},
	{"PUT", "/nodes/{node}/firewall/options", options_put},
	{0}};
