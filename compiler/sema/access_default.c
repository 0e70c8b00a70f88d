/* What an attribute is when nobody says: implied by phx, or Proxmox's own default out of the option tables. */
#include <string.h>

#include "sema/access_priv.h"

/* `bridge` and `storage` of the guest hold for its cards and disks; `disk = 100GiB` is the size of the boot disk. */
static bool outer_value(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
			struct phx_str name, struct phx_span use, struct phx_value *out)
{
	struct phx_place_of body = {0};
	bool network, disk;

	if (p->n != 1)
		return false;
	network = phx_str_eqc(p->steps[0].name, "network");
	disk = phx_str_eqc(p->steps[0].name, "disk");
	if (network && phx_str_eqc(name, "bridge"))
		return phx_access_effective(s, inst, &body, name, use, out);
	if (disk && phx_str_eqc(name, "storage"))
		return phx_access_effective(s, inst, &body, name, use, out);
	if (disk && phx_str_eqc(name, "size") &&
	    phx_str_eqc(phx_block_key(s, phx_schema_block(phx_schema_kind(inst->decl->kind), PHX_STR("disk")),
				      inst->decl->kind, p->steps[0].label),
			"root"))
		return phx_access_effective(s, inst, &body, PHX_STR("disk"), use, out);
	return false;
}

static bool cluster_node(struct phx_sema *s, struct phx_inst *inst, struct phx_span use,
			 struct phx_value *out)
{
	struct phx_map *clusters = &s->by_name[PHX_KIND_CLUSTER];
	struct phx_place_of body = {0};
	struct phx_inst *cluster = NULL;
	struct phx_value v;

	if (phx_access_effective(s, inst, &body, PHX_STR("cluster"), use, &v)) {
		if (v.kind == PHX_V_REF && !(v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)))
			cluster = phx_inst_of(s, v.ref);
	} else if (clusters->n == 1) {
		cluster = clusters->entries[0].ptr;
	}
	return cluster && phx_access_effective(s, cluster, &body, PHX_STR("node"), use, out);
}

static bool flag(struct phx_span use, bool b, struct phx_value *out)
{
	*out = phx_value_bool(b, use);
	return true;
}

static bool text(struct phx_span use, struct phx_str t, struct phx_value *out)
{
	*out = phx_value_str(t, use);
	return true;
}

static bool runs(struct phx_sema *s, struct phx_inst *inst, struct phx_span use, struct phx_value *out)
{
	struct phx_place_of body = {0};
	struct phx_value v;

	if (!phx_access_effective(s, inst, &body, PHX_STR("template"), use, &v))
		return flag(use, true, out);
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) {
		*out = v;
		return true;
	}
	return flag(use, v.kind != PHX_V_BOOL || !v.b, out);
}

static bool implied(struct phx_sema *s, struct phx_inst *inst, struct phx_str name, struct phx_span use,
		    struct phx_value *out)
{
	bool guest = inst->decl->kind == PHX_KIND_VM || inst->decl->kind == PHX_KIND_CONTAINER;
	const struct phx_value *fact;

	if (inst->ast && inst->ast->defaults)
		return false;
	if (phx_str_eqc(name, "name"))
		return text(use, inst->decl->name, out);
	if (phx_str_eqc(name, "address"))
		return text(use, inst->decl->address, out);
	if (phx_str_eqc(name, "kind"))
		return text(use, phx_str_c(phx_kind_name(inst->decl->kind)), out);
	if (!guest)
		return false;
	fact = phx_policy_fact(s, inst->decl, name);
	if (fact) {
		*out = *fact;
		out->span = use;
		return true;
	}
	if (phx_str_eqc(name, "id")) {
		*out = phx_value_unknown(PHX_V_INT, use); /* taken when planning */
		return true;
	}
	if (phx_str_eqc(name, "node"))
		return cluster_node(s, inst, use, out);
	if (phx_str_eqc(name, "running"))
		return runs(s, inst, use, out);
	if (phx_str_eqc(name, "nesting") && inst->decl->kind == PHX_KIND_CONTAINER)
		return flag(use, false, out);
	if (phx_str_eqc(name, "template") || phx_str_eqc(name, "protect") || phx_str_eqc(name, "on_boot"))
		return flag(use, false, out);
	return false;
}

static bool from_option(const struct phx_attr_spec *spec, const struct phx_option *o, enum phx_unit unit,
			struct phx_span use, struct phx_value *out)
{
	struct phx_str d = o->defaults;
	uint64_t n;

	if (spec->types & PHX_AT_BOOL)
		return flag(use, phx_str_eqc(d, "1"), out);
	if (spec->types & PHX_AT_SIZE) {
		if (unit != PHX_UNIT_MIB || !phx_parse_u64(d, &n) || n > UINT64_MAX >> 20)
			return false;
		*out = phx_value_size(n << 20, use);
		return true;
	}
	if (spec->types & PHX_AT_INT) {
		if (!phx_parse_u64(d, &n) || n > INT64_MAX)
			return false;
		*out = phx_value_int((int64_t)n, use);
		return true;
	}
	if (!(spec->types & (PHX_AT_STRING | PHX_AT_ENUM)) || d.len == 0)
		return false;
	return text(use, d, out);
}

static bool by_proxmox(struct phx_sema *s, struct phx_inst *inst, const struct phx_attr_spec *spec,
		       struct phx_span use, struct phx_value *out)
{
	const struct phx_option *o, *key;

	if (!spec->option || strchr(spec->option, '.'))
		return false;
	o = phx_schema_option(s->opt->options, inst->decl->kind, spec);
	if (!o)
		return false;
	key = o->has_default ? o : phx_option_default_key(o);
	if (!key || !key->has_default || !from_option(spec, key, o->unit, use, out))
		return false;
	/* A property string counts as its first key does. */
	return true;
}

bool phx_access_attr(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
		     struct phx_str name, struct phx_span use, struct phx_value *out)
{
	const struct phx_attr_spec *spec;

	if (phx_access_effective(s, inst, p, name, use, out) || outer_value(s, inst, p, name, use, out))
		return true;
	if (p->n)
		return false;
	if (implied(s, inst, name, use, out))
		return true;
	spec = phx_schema_attr(phx_schema_kind(inst->decl->kind), name);
	if (spec && spec->types & PHX_AT_LIST && !phx_schema_block(phx_schema_kind(inst->decl->kind), name)) {
		*out = (struct phx_value){.kind = PHX_V_LIST, .span = use};
		return true;
	}
	return spec && by_proxmox(s, inst, spec, use, out);
}

void phx_access_absent(struct phx_sema *s, const struct phx_cursor *c, struct phx_str name,
		       struct phx_span use, struct phx_value *out)
{
	const struct phx_block_spec *in = phx_schema_kind(c->inst->decl->kind);

	for (uint32_t i = 0; i < c->at.n && in; i++)
		in = phx_schema_block(in, c->at.steps[i].name);
	*out = (struct phx_value){.kind = PHX_V_NULL, .span = use};
	if (!in || phx_schema_attr(in, name))
		return;
	phx_eval_missing(s, PHX0208, use, out, "`" PHX_STR_FMT "` has no `" PHX_STR_FMT "`",
			 PHX_STR_ARG(c->inst->decl->address), PHX_STR_ARG(name));
}
