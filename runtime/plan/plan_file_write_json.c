/* A plan as a file: its JSON with what was recorded of inputs and cluster, a checksum, and a signature when there is a key. */
#include "plan/plan_json.h"

static void names(struct phx_jw *w, const char *key, const struct phx_str *v, uint32_t n)
{
	phx_jw_key(w, key);
	phx_jw_array(w);
	for (uint32_t i = 0; i < n; i++)
		phx_jw_str(w, v[i]);
	phx_jw_end_array(w);
}

static void optional(struct phx_jw *w, const char *key, struct phx_str value)
{
	phx_jw_key(w, key);
	if (value.len)
		phx_jw_str(w, value);
	else
		phx_jw_null(w);
}

static void optional_sum(struct phx_jw *w, const char *key, struct phx_str value)
{
	phx_jw_key(w, key);
	if (value.len)
		phx_jw_sum(w, value);
	else
		phx_jw_null(w);
}

static void identity(struct phx_jw *w, const struct phx_plan *p)
{
	phx_jw_key(w, "identity");
	phx_jw_object(w);
	plan_key_str(w, "name", p->cluster);
	optional(w, "endpoint", p->endpoint);
	names(w, "nodes", p->nodes.v, p->nodes.n);
	optional_sum(w, "fingerprint", p->fingerprint);
	phx_jw_end_object(w);
}

static void sources(struct phx_jw *w, const struct phx_plan *p)
{
	phx_jw_key(w, "sources");
	phx_jw_array(w);
	for (uint32_t i = 0; i < p->inputs_read.n; i++) {
		const struct phx_plan_source *s = &p->inputs_read.v[i];

		phx_jw_object(w);
		plan_key_str(w, "path", s->path);
		plan_key_sum(w, "sha256", s->sha256);
		phx_jw_key(w, "lines");
		phx_jw_array(w);
		for (uint32_t k = 0; k < s->lines.n; k++) {
			phx_jw_object(w);
			plan_key_int(w, "line", s->lines.v[k].line);
			plan_key_str(w, "text", s->lines.v[k].text);
			phx_jw_end_object(w);
		}
		phx_jw_end_array(w);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void env(struct phx_jw *w, const struct phx_plan *p)
{
	phx_jw_key(w, "env");
	phx_jw_array(w);
	for (uint32_t i = 0; i < p->env.n; i++) {
		phx_jw_object(w);
		plan_key_str(w, "name", p->env.v[i].name);
		optional_sum(w, "hash", p->env.v[i].hash);
		plan_key_bool(w, "credential", p->env.v[i].credential);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void seen(struct phx_jw *w, const struct phx_plan_seen *g)
{
	phx_jw_object(w);
	plan_key_int(w, "id", g->id);
	plan_key_str(w, "node", g->node);
	plan_key_str(w, "name", g->name);
	plan_key_str(w, "status", g->status);
	plan_key_sum(w, "digest", g->digest);
	plan_key_sum(w, "firewall_digest", g->fw_digest);
	plan_key_sum(w, "firewall_rules_digest", g->fw_rules_digest);
	phx_jw_key(w, "config");
	phx_jw_object(w);
	for (uint32_t i = 0; i < g->config.n; i++) {
		phx_jw_key_str(w, g->config.v[i].key);
		phx_jw_str(w, g->config.v[i].value);
	}
	phx_jw_end_object(w);
	phx_jw_end_object(w);
}

static void task_log(struct phx_jw *w, const struct phx_plan *p)
{
	phx_jw_key(w, "task_log");
	if (!p->tasks.known) {
		phx_jw_null(w);
		return;
	}
	phx_jw_object(w);
	phx_jw_key(w, "time");
	phx_jw_int(w, p->tasks.time);
	optional_sum(w, "newest", p->tasks.upid);
	phx_jw_end_object(w);
}

void plan_file_keys(struct phx_jw *w, const struct phx_plan *p)
{
	plan_key_int(w, "minor", PHX_PLAN_MINOR);
	plan_key_str(w, "phx", p->version);
	plan_key_str(w, "endpoint", p->endpoint);
	plan_key_str(w, "proxmox", p->proxmox);
	identity(w, p);
	sources(w, p);
	env(w, p);
	phx_jw_key(w, "observed");
	phx_jw_array(w);
	for (uint32_t i = 0; i < p->seen.n; i++)
		seen(w, &p->seen.v[i]);
	phx_jw_end_array(w);
	task_log(w, p);
	if (p->inputs.len) {
		phx_jw_key(w, "inputs");
		phx_jw_raw(w, p->inputs);
	}
}

/* The checksum covers every byte before its member, the signature every byte before its own. */
static void seal(struct phx_buf *out, size_t start, struct phx_str key)
{
	struct phx_arena work = {0};

	out->len -= 3; /* "\n}\n" */
	phx_buf_printf(
		out, PHX_PLAN_SEAL PHX_STR_FMT "\"",
		PHX_STR_ARG(phx_sha256_hex(&work, (struct phx_str){out->ptr + start, out->len - start})));
	if (key.len)
		phx_buf_printf(out, PHX_PLAN_SIGN PHX_STR_FMT "\"",
			       PHX_STR_ARG(phx_hmac_sha256_hex(
				       &work, key, (struct phx_str){out->ptr + start, out->len - start})));
	phx_buf_c(out, "\n}\n");
	phx_arena_done(&work);
}

void phx_plan_file_write(const struct phx_plan *p, const struct phx_secrets *secrets, struct phx_str key,
			 struct phx_buf *out)
{
	size_t start = out->len;

	phx_plan_json(p, true, secrets, out);
	seal(out, start, key);
}
