/* The static side of `vm.web.network.ip`: what an attribute or a block of a resource is. */
#include "sema/sema_priv.h"

static const struct phx_block_spec *plural_of(const struct phx_block_spec *body, struct phx_str name)
{
	const struct phx_block_spec *b;

	if (name.len < 2 || name.ptr[name.len - 1] != 's')
		return NULL;
	b = phx_schema_block(body, phx_str_slice(name, 0, name.len - 1));
	return b && b->repeatable ? b : NULL;
}

static struct phx_ty block_ty(const struct phx_block_spec *block, enum phx_kind kind, bool plural)
{
	struct phx_ty t = phx_ty_of(PHX_TY(PHX_V_MAP));

	t.block = block;
	t.block_kinds = (uint16_t)(1U << kind);
	t.blocks = plural;
	return t;
}

/* What every resource has, apart from its attributes. */
static bool implied(const struct phx_block_spec *block, struct phx_str name)
{
	return !block &&
	       (phx_str_eqc(name, "address") || phx_str_eqc(name, "kind") || phx_str_eqc(name, "name"));
}

static bool member_ty(struct phx_sema *s, enum phx_kind kind, const struct phx_block_spec *block,
		      struct phx_str name, struct phx_ty *out)
{
	const struct phx_block_spec *in = phx_schema_kind(kind), *child, *plural;
	const struct phx_attr_spec *attr;

	if (block)
		in = phx_schema_block(in, phx_str_c(block->name))
			     ? phx_schema_block(in, phx_str_c(block->name))
			     : block;
	attr = phx_schema_attr(in, name);
	child = phx_schema_block(in, name);
	plural = plural_of(in, name);
	if (attr) {
		*out = phx_ty_attr(s, kind, attr);
		if (child) {
			out->kinds |= PHX_TY(PHX_V_MAP);
			out->block = child;
			out->block_kinds = (uint16_t)(1U << kind);
		}
	} else if (child) {
		*out = block_ty(child, kind, false);
	} else if (plural) {
		*out = block_ty(plural, kind, true);
	} else if (!block && phx_fact_ty(s, kind, name, out)) {
		return true;
	} else if (implied(block, name)) {
		*out = phx_ty_of(PHX_TY(PHX_V_STRING));
	} else if (in->free_attrs) {
		*out = phx_ty_of(PHX_TY_ANY);
	} else {
		return false;
	}
	return true;
}

struct phx_ty phx_access_ty(struct phx_sema *s, uint32_t ref_kinds, const struct phx_block_spec *block,
			    struct phx_ast_name name, bool *out_found)
{
	struct phx_ty all = {0}, one;

	*out_found = false;
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++) {
		if (ref_kinds && !(ref_kinds >> k & 1))
			continue;
		if (k == PHX_KIND_STACK || k == PHX_KIND_DEFAULTS ||
		    !member_ty(s, (enum phx_kind)k, block, name.text, &one))
			continue;
		*out_found = true;
		if (all.block && one.block) {
			one.kinds |= all.kinds;
			one.block_kinds |= all.block_kinds;
			all = one;
		} else {
			all = phx_ty_join(s, all, one);
		}
	}
	return all;
}
