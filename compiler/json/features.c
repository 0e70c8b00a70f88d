/* Features: names of Phoenix's scripts are those of phx's features, and properties that they read are parameters. */
#include "model/feature.h"
#include "json/import_priv.h"

static struct phx_str feature_name(struct phx_jctx *c, struct phx_str s)
{
	struct phx_str name = phx_str_dup(c->m->arena, s);
	char *text = phx_arena_alloc(c->m->arena, s.len + 1, 1);

	for (size_t i = 0; i < s.len; i++)
		text[i] = s.ptr[i] == '_' ? '-' : s.ptr[i];
	name.ptr = text;
	return name;
}

static const struct phx_feature_list *builtin(struct phx_jctx *c)
{
	if (!c->m->builtin)
		c->m->builtin = phx_feature_list(&c->m->work);
	return c->m->builtin;
}

static bool feature_exists(struct phx_jctx *c, struct phx_str name, struct phx_str *out)
{
	const struct phx_map_entry *e = phx_map_find(&c->m->features, name);

	*out = name;
	if (e)
		return true;
	*out = feature_name(c, name);
	return phx_map_find(&c->m->features, *out) || phx_feature_listed(builtin(c), *out);
}

/* Of the list's element that the piece stands in. */
static void fate_of(struct phx_jnode *n, const struct phx_jpiece *p, enum phx_fate fate, const char *why)
{
	for (uint32_t i = 0; n->kind == PHX_J_ARRAY && i < n->n; i++) {
		if (n->v[i].start <= p->span.start && p->span.end <= n->v[i].end)
			phx_jfate(&n->v[i], fate, why);
	}
}

static void unknown_feature(struct phx_jctx *c, const struct phx_jpiece *p, struct phx_jnode *n)
{
	const struct phx_feature_list *all = builtin(c);
	struct phx_diag *d = phx_diag_add(c->m->bag, PHX0512, p->span, "phx has no feature `" PHX_STR_FMT "`",
					  PHX_STR_ARG(p->text));

	phx_diag_note(c->m->bag, d,
		      "nothing could be run for it; a .phx file beside may declare it: "
		      "`feature " PHX_STR_FMT " { script = \"…\" }`",
		      PHX_STR_ARG(feature_name(c, p->text)));
	phx_diag_note(c->m->bag, d, "features that come with phx are in " PHX_STR_FMT, PHX_STR_ARG(all->dir));
	phx_diag_suggest(c->m->bag, d, p->span, p->text, all->names, all->n);
	fate_of(n, p, PHX_FATE_METADATA, "phx has no such feature");
}

/* --- parameters: from properties of the guest, and of others --- */

struct call {
	struct phx_jctx *c;
	PHX_VEC(struct phx_member) args;
};

static void give(struct call *k, const char *name, struct phx_value v)
{
	struct phx_member m = {
		.key = phx_str_c(name), .value = PHX_NEW(k->c->m->arena, struct phx_value), .span = v.span};

	*m.value = v;
	phx_vec_push(k->c->m->arena, &k->args, m);
}

static bool given(const struct call *k, const char *name)
{
	for (uint32_t i = 0; i < k->args.n; i++) {
		if (phx_str_eqc(k->args.v[i].key, name))
			return true;
	}
	return false;
}

static struct phx_jnode *member(struct phx_jnode *object, const char *name)
{
	for (uint32_t i = 0; object && object->kind == PHX_J_OBJECT && i < object->n; i++) {
		if (phx_str_eqc(object->v[i].name, name))
			return &object->v[i];
	}
	return NULL;
}

/* --- vllm --- */

/* Parameters of feature.vllm, by the names that Phoenix's files have for them. */
struct vllm_param {
	const char *name, *old;
	uint32_t kinds; /* 1 << PHX_J_* */
};

enum {
	TEXT = 1 << PHX_J_STRING,
	WHOLE = 1 << PHX_J_INT,
	NUMBER = 1 << PHX_J_INT | 1 << PHX_J_FLOAT,
	TRUTH = 1 << PHX_J_BOOL,
};

static const struct vllm_param vllm_params[] = {
	{"model", "vllm_model", TEXT},
	{"served_model_name", "vllm_served_model_name", TEXT},
	{"host", NULL, TEXT},
	{"port", "vllm_port", WHOLE},
	{"dtype", NULL, TEXT},
	{"quantization", "vllm_quantization", TEXT},
	{"max_model_len", "vllm_max_model_len", WHOLE},
	{"gpu_memory_utilization", "vllm_gpu_memory_utilization", NUMBER},
	{"tensor_parallel_size", "vllm_tensor_parallel_size", WHOLE},
	{"trust_remote_code", "vllm_trust_remote_code", TRUTH},
};

static const char *vllm_target(struct call *k, const char *name)
{
	return phx_str_printf(k->c->m->arena, "feature.vllm(%s)", name).ptr;
}

static void vllm_give(struct call *k, const struct vllm_param *p, struct phx_jnode *n)
{
	struct phx_value v = phx_jvalue(k->c->m, k->c->g->file, n);

	if (n->kind == PHX_J_NULL || given(k, p->name))
		return;
	if (!(p->kinds >> n->kind & 1)) {
		phx_jwrong(k->c, n, PHX0504, "`%s` of vllm is %s", p->name,
			   p->kinds == TEXT    ? "a text"
			   : p->kinds == TRUTH ? "true or false"
					       : "a number");
		return;
	}
	if (p->kinds == NUMBER && v.kind == PHX_V_INT)
		v = (struct phx_value){.kind = PHX_V_FLOAT, .f = (double)v.i, .span = v.span};
	give(k, p->name, v);
	phx_jfate(n, PHX_FATE_MAPPED, vllm_target(k, p->name));
}

/* An option that the feature has no parameter for is a word of the command line: true stands alone, false and null not at
 * all, as Phoenix's script has it. */
static void vllm_word(struct call *k, struct phx_jnode *n, struct phx_value *words, uint32_t *out_n)
{
	struct phx_value v = phx_jvalue(k->c->m, k->c->g->file, n);
	struct phx_buf text = {0};

	phx_jfate(n, PHX_FATE_MAPPED, vllm_target(k, "args"));
	if (n->kind == PHX_J_NULL || (n->kind == PHX_J_BOOL && !n->b))
		return;
	phx_buf_c(&text, "--");
	for (size_t i = 0; i < n->name.len; i++)
		phx_buf_ch(&text, n->name.ptr[i] == '_' ? '-' : n->name.ptr[i]);
	if (n->kind != PHX_J_BOOL) {
		phx_buf_ch(&text, '=');
		if (!phx_value_text(&v, &text))
			phx_value_json(&v, &text);
	}
	words[(*out_n)++] = phx_value_str(phx_str_dup(k->c->m->arena, phx_buf_view(&text)), v.span);
	phx_buf_done(&text);
}

static const struct vllm_param *vllm_find(struct phx_str name)
{
	for (size_t i = 0; i < PHX_COUNTOF(vllm_params); i++) {
		if (phx_str_eqc(name, vllm_params[i].name))
			return &vllm_params[i];
	}
	return NULL;
}

/* Groups of options: their names mean nothing. */
static void vllm_config(struct call *k, struct phx_jnode *config)
{
	PHX_VEC(struct phx_value) words = {0};

	for (uint32_t i = 0; i < config->n; i++) {
		struct phx_jnode *group = &config->v[i];

		for (uint32_t j = 0; group->kind == PHX_J_OBJECT && j < group->n; j++) {
			const struct vllm_param *p = vllm_find(group->v[j].name);
			struct phx_value word;
			uint32_t n = 0;

			if (p)
				vllm_give(k, p, &group->v[j]);
			else
				vllm_word(k, &group->v[j], &word, &n);
			if (n)
				phx_vec_push(&k->c->m->work, &words, word);
		}
	}
	if (words.n)
		give(k, "args", phx_jlist_value(k->c, words.v, words.n, phx_jspan(k->c->g->file, config)));
}

static void vllm(struct call *k)
{
	struct phx_jnode *config = member(k->c->g->node, "vllm_engine_config");

	if (config && config->kind == PHX_J_OBJECT)
		vllm_config(k, config);
	for (size_t i = 0; i < PHX_COUNTOF(vllm_params); i++) {
		struct phx_jnode *n = vllm_params[i].old ? member(k->c->g->node, vllm_params[i].old) : NULL;

		if (n && given(k, vllm_params[i].name))
			phx_jfate(n, PHX_FATE_DROPPED, "`vllm_engine_config` says it as well, and counts");
		else if (n)
			vllm_give(k, &vllm_params[i], n);
	}
}

/* --- the site's certificate authority --- */

static bool lists(const struct phx_jguest *g, const char *feature)
{
	const struct phx_jnode *n = phx_jget(g->node, PHX_K_FEATURES);

	for (uint32_t i = 0; n && n->kind == PHX_J_ARRAY && i < n->n; i++) {
		if (n->v[i].kind == PHX_J_STRING && phx_str_eqc(n->v[i].s, feature))
			return true;
	}
	return false;
}

/* "10.0.0.10" of the guest that is the CA; empty: there is none, or its address is not fixed. */
static struct phx_str ca_address(const struct phx_jimport *m)
{
	for (uint32_t i = 0; i < m->guests.n; i++) {
		const struct phx_jguest *g = m->guests.v[i];
		const struct phx_jnode *net, *ip;
		struct phx_str text, address;
		struct phx_ip parsed;

		if (!lists(g, "step_ca"))
			continue;
		net = phx_jget(g->node, PHX_K_NETWORK);
		ip = net && net->kind == PHX_J_OBJECT ? phx_jget(net, PHX_K_IP) : NULL;
		text = ip && ip->kind == PHX_J_STRING ? ip->s : PHX_STR("");
		if (phx_str_cut(&text, '/', &address) && phx_ip_parse(address, &parsed))
			return address;
	}
	return PHX_STR("");
}

static void ca_url(struct call *k, const char *param, const char *path)
{
	struct phx_jnode *n = member(k->c->g->node, "bootstrap_ca_url");
	struct phx_arena *a = k->c->m->arena;
	struct phx_value v = {.kind = PHX_V_STRING, .span = k->c->g->id_span};
	struct phx_str address;

	if (n && n->kind == PHX_J_STRING && n->s.len) {
		v.span = phx_jspan(k->c->g->file, n);
		v.s = phx_str_printf(a, PHX_STR_FMT "%s", PHX_STR_ARG(n->s), path);
		phx_jfate(n, PHX_FATE_MAPPED, "parameters of trusted-ca, step-cli and traefik");
	} else {
		address = ca_address(k->c->m);
		if (address.len == 0)
			return;
		v.s = phx_str_printf(a, "https://" PHX_STR_FMT ":9000%s", PHX_STR_ARG(address), path);
	}
	give(k, param, v);
}

static const struct phx_jguest *ca_guest(const struct phx_jimport *m)
{
	for (uint32_t i = 0; i < m->guests.n; i++) {
		if (lists(m->guests.v[i], "step_ca"))
			return m->guests.v[i];
	}
	return NULL;
}

/* Phoenix's CA is a container: where their file is not given, it may well be in there. */
static void ca_elsewhere(struct call *k, const struct phx_jpiece *p)
{
	struct phx_diag *d = phx_diag_add(k->c->m->bag, PHX0509, p->span,
					  "no guest of these files is the CA that `" PHX_STR_FMT "` trusts",
					  PHX_STR_ARG(p->text));

	fate_of(k->c->at[PHX_K_FEATURES], p, PHX_FATE_DROPPED, "its CA is in none of these files");
	phx_diag_note(k->c->m->bag, d, "the feature is left out");
	phx_diag_help(k->c->m->bag, d,
		      "give the containers' file as well, or say where the CA is: "
		      "`\"bootstrap_ca_url\": \"https://10.0.0.10:9000\"`");
}

static void no_ca(struct call *k, const struct phx_jpiece *p)
{
	const struct phx_jguest *g = ca_guest(k->c->m);
	struct phx_diag *d;

	if (!g && !k->c->m->has_kind[PHX_JFILE_LXC]) {
		ca_elsewhere(k, p);
		return;
	}
	d = phx_diag_add(k->c->m->bag, PHX0513, p->span,
			 "`" PHX_STR_FMT "`: nothing says which CA is to be trusted", PHX_STR_ARG(p->text));
	if (g)
		phx_diag_label(k->c->m->bag, d, g->id_span, "has `step_ca`, but no fixed address");
	else
		phx_diag_note(k->c->m->bag, d, "no guest of these files has the feature `step_ca`");
	phx_diag_help(k->c->m->bag, d,
		      "%s, or say where the CA is: `\"bootstrap_ca_url\": \"https://10.0.0.10:9000\"`",
		      g ? "give it an address in `network_config.ip`"
			: "give one guest the feature `step_ca`");
}

/* Where Phoenix's other guests looked for the root certificate: a mount of the CA's container. */
static void ca_publish(struct call *k)
{
	static const enum phx_key lists_of[] = {PHX_K_MOUNTS, PHX_K_VOLUMES, PHX_K_ZFS_VOLUMES};
	static const char shared[] = "/etc/step-ca/ssl";

	for (size_t i = 0; i < PHX_COUNTOF(lists_of); i++) {
		const struct phx_jnode *all = k->c->at[lists_of[i]];

		for (uint32_t j = 0; all && all->kind == PHX_J_ARRAY && j < all->n; j++) {
			const struct phx_jnode *path = all->v[j].kind == PHX_J_OBJECT
							       ? phx_jget(&all->v[j], PHX_K_TARGET_PATH)
							       : NULL;

			if (path && path->kind == PHX_J_STRING && phx_str_eqc(path->s, shared)) {
				give(k, "publish", phx_value_str(path->s, phx_jspan(k->c->g->file, path)));
				return;
			}
		}
	}
}

/* Phoenix adds the user of cloud-init to the group docker. */
static void docker_users(struct call *k)
{
	struct phx_jnode *user = k->c->at[PHX_K_USER];
	const struct phx_jnode *n =
		user && user->kind == PHX_J_OBJECT ? phx_jget(user, PHX_K_USERNAME) : NULL;
	struct phx_value name;

	if (!n || n->kind != PHX_J_STRING || n->s.len == 0 || k->c->g->kind != PHX_KIND_VM)
		return;
	name = phx_value_str(n->s, phx_jspan(k->c->g->file, n));
	give(k, "users", phx_jlist_value(k->c, &name, 1, name.span));
}

/* False: reported, or left out. */
static bool parameters(struct phx_jctx *c, struct phx_value *v, const struct phx_jpiece *p)
{
	struct call k = {.c = c};

	if (phx_str_eqc(v->ref->name, "vllm"))
		vllm(&k);
	else if (phx_str_eqc(v->ref->name, "trusted-ca") || phx_str_eqc(v->ref->name, "step-cli"))
		ca_url(&k, "ca_url", "");
	else if (phx_str_eqc(v->ref->name, "traefik"))
		ca_url(&k, "ca_server", "/acme/acme/directory");
	else if (phx_str_eqc(v->ref->name, "step-ca"))
		ca_publish(&k);
	else if (phx_str_eqc(v->ref->name, "docker"))
		docker_users(&k);
	if (k.args.n == 0 && phx_str_eqc(v->ref->name, "trusted-ca")) {
		no_ca(&k, p);
		return false;
	}
	if (k.args.n == 0)
		return true;
	v->kind = PHX_V_CALL;
	v->ref->args.v = k.args.v;
	v->ref->args.n = k.args.n;
	return true;
}

/* --- the list --- */

static bool repeated(const struct phx_value *v, uint32_t n, struct phx_str name)
{
	for (uint32_t i = 0; i < n; i++) {
		if (phx_str_eq(v[i].ref->name, name))
			return true;
	}
	return false;
}

void phx_jfeatures(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_FEATURES];
	PHX_VEC(struct phx_value) refs = {0};
	struct phx_jpieces list = {0};

	if (!phx_jlist(c, n, ' ', &list))
		return;
	for (uint32_t i = 0; i < list.v.n; i++) {
		const struct phx_jpiece *p = &list.v.v[i];
		struct phx_value v = {
			.kind = PHX_V_REF, .ref = PHX_NEW(c->m->arena, struct phx_ref), .span = p->span};

		if (!feature_exists(c, p->text, &v.ref->name)) {
			unknown_feature(c, p, n);
			continue;
		}
		v.ref->kind = PHX_KIND_FEATURE;
		if (repeated(refs.v, refs.n, v.ref->name))
			continue;
		/* One of the user's own takes what it likes. */
		if (!phx_map_find(&c->m->features, v.ref->name) && !parameters(c, &v, p))
			continue;
		phx_vec_push(&c->m->work, &refs, v);
	}
	if (refs.n > 0)
		phx_jput(c, c->body, "features", phx_jlist_value(c, refs.v, refs.n, phx_jspan(c->g->file, n)),
			 n);
}
