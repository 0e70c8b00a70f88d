/* What counts for a guest: its own declarations, then the defaults of its kind, then what its clone source hands on.
 * Merging is attribute by attribute, in blocks too; repeatable blocks meet by their label. Firewall rules are a list
 * whose order means something and are taken as a whole. */
#include <string.h>

#include "model/graph_priv.h"

struct merge {
	struct phx_gb *b;
	struct phx_arena *a;
	struct phx_eff *e;
	const struct phx_decl *from;
	uint8_t origin;
	uint32_t users; /* how many the declarations at hand name */
};

bool phx_known(const struct phx_value *v)
{
	return v && v->kind != PHX_V_NULL && !(v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON));
}

const struct phx_value *phx_eff_value(const struct phx_eff *e, enum phx_guest_attr ga)
{
	const struct phx_attr *a = e->at[ga].a;

	return a && phx_known(&a->value) ? &a->value : NULL;
}

const struct phx_eff_block *phx_eff_child(const struct phx_eff *e, const char *type)
{
	for (uint32_t i = 0; i < e->blocks.n; i++) {
		if (phx_same(e->blocks.v[i]->spec->name, type))
			return e->blocks.v[i];
	}
	return NULL;
}

const struct phx_eff_attr *phx_eff_attr(const struct phx_eff_block *b, const char *name)
{
	for (uint32_t i = 0; b && i < b->attrs.n; i++) {
		const struct phx_eff_attr *ea = &b->attrs.v[i];

		if (ea->spec ? phx_same(ea->spec->name, name) : phx_str_eqc(ea->a->name, name))
			return ea;
	}
	return NULL;
}

const struct phx_value *phx_eff_get(const struct phx_eff_block *b, const char *name)
{
	const struct phx_eff_attr *ea = phx_eff_attr(b, name);

	return ea && phx_known(&ea->a->value) ? &ea->a->value : NULL;
}

/* Labels that mean the same place get one spelling: no label on `network` is net0, `eth1` of a container is net1; no
 * label on `disk` is the boot disk. */
static struct phx_str block_key(const struct merge *m, const struct phx_block_spec *spec,
				struct phx_str label)
{
	uint64_t index;
	bool disk = phx_same(spec->name, "disk");

	if (label.len == 0)
		return disk ? PHX_STR("root") : phx_same(spec->name, "network") ? PHX_STR("net0") : label;
	if (disk && phx_str_eqc(label, "rootfs"))
		return PHX_STR("root");
	if (phx_same(spec->name, "network") && m->from->kind == PHX_KIND_CONTAINER &&
	    phx_str_starts(label, "eth") && phx_parse_u64(phx_str_from(label, 3), &index))
		return phx_str_printf(m->a, "net%llu", (unsigned long long)index);
	return label;
}

static struct phx_eff_block *find_block(const struct phx_eff *e, const struct phx_block_spec *spec,
					struct phx_str key)
{
	for (uint32_t i = 0; i < e->blocks.n; i++) {
		struct phx_eff_block *blk = e->blocks.v[i];

		if (blk->spec == spec && (!spec->repeatable || phx_str_eq(blk->label, key)))
			return blk;
	}
	return NULL;
}

/* The nearest declaration that names users says which there are. What it does not say of one is taken from the user of the same
 * name further away; where each names but one, that one is meant, whatever it is called. False: the block is left out. */
static bool find_user(const struct merge *m, struct phx_str name, struct phx_eff_block **out)
{
	struct phx_eff_block *only = NULL;
	uint32_t nearer = 0;

	*out = NULL;
	for (uint32_t i = 0; i < m->e->blocks.n; i++) {
		struct phx_eff_block *blk = m->e->blocks.v[i];

		if (!phx_same(blk->spec->name, "user"))
			continue;
		if (phx_str_eq(blk->label, name)) {
			*out = blk;
			return true;
		}
		if (blk->origin != m->origin) {
			only = blk;
			nearer++;
		}
	}
	if (nearer == 1 && m->users == 1)
		*out = only;
	return nearer == 0 || *out;
}

static bool find_place(const struct merge *m, const struct phx_block_spec *spec, struct phx_str key,
		       struct phx_eff_block **out)
{
	if (phx_same(spec->name, "user"))
		return find_user(m, key, out);
	*out = find_block(m->e, spec, key);
	return true;
}

static struct phx_eff_block *add_block(struct merge *m, const struct phx_block_spec *spec, struct phx_str key,
				       struct phx_span span)
{
	struct phx_eff_block *blk = PHX_NEW(m->a, struct phx_eff_block);

	blk->spec = spec;
	blk->label = key;
	blk->span = span;
	blk->origin = m->origin;
	blk->from = m->from;
	phx_vec_push(m->a, &m->e->blocks, blk);
	return blk;
}

static struct phx_eff_attr *find_attr(struct phx_eff_block *blk, const struct phx_attr_spec *spec,
				      struct phx_str name)
{
	for (uint32_t i = 0; i < blk->attrs.n; i++) {
		struct phx_eff_attr *ea = &blk->attrs.v[i];

		if (spec ? ea->spec == spec : !ea->spec && phx_str_eq(ea->a->name, name))
			return ea;
	}
	return NULL;
}

/* A `null` of the guest's own where the defaults have a value takes that default back; what the clone source hands on
 * may then still come in its place. Any other `null` stays: the option is to be removed. */
static bool keep(struct phx_eff_attr *old, const struct phx_attr *a, uint8_t origin)
{
	if (!old->a)
		return false;
	if (origin == PHX_FROM_DEFAULTS && phx_is_null(&old->a->value) && !phx_is_null(&a->value))
		old->back = true;
	return !(origin == PHX_FROM_SOURCE && old->back);
}

static void put_attr(struct merge *m, struct phx_eff_block *blk, const struct phx_attr *a,
		     const struct phx_attr_spec *spec, const struct phx_decl *from)
{
	struct phx_eff_attr *old = find_attr(blk, spec, a->name);
	struct phx_eff_attr fresh = {.a = a, .spec = spec, .from = from, .origin = m->origin};

	if (old && keep(old, a, m->origin))
		return;
	if (m->origin != PHX_FROM_SELF && phx_is_null(&a->value))
		return;
	if (old)
		*old = fresh;
	else
		phx_vec_push(m->a, &blk->attrs, fresh);
}

static void put_body_attr(struct merge *m, const struct phx_attr *a, size_t index,
			  const struct phx_decl *from)
{
	struct phx_eff_attr *at = &m->e->at[index];

	if (keep(at, a, m->origin) || (m->origin != PHX_FROM_SELF && phx_is_null(&a->value)))
		return;
	*at = (struct phx_eff_attr){.a = a, .spec = a->spec, .from = from, .origin = m->origin};
}

/* `disk = 100GiB` is `disk root { size = 100GiB }`. */
static void short_disk(struct merge *m, const struct phx_attr *a)
{
	bool vm = m->from->kind == PHX_KIND_VM;
	struct phx_eff_block *blk = find_block(m->e, m->b->disk_spec[vm], PHX_STR("root"));

	if (!blk)
		blk = add_block(m, m->b->disk_spec[vm], PHX_STR("root"), a->name_span);
	put_attr(m, blk, a, m->b->disk_size[vm], m->from);
}

static void both_sizes(struct merge *m, const struct phx_attr *size, const struct phx_attr *disk)
{
	struct phx_diag *d =
		phx_diag_add(m->b->bag, PHX0320, size->name_span, "the size of the boot disk is given twice");

	phx_diag_label(m->b->bag, d, size->name_span, "here");
	phx_diag_label(m->b->bag, d, disk->name_span, "and here");
	phx_diag_note(m->b->bag, d, "`disk = SIZE` is short for `disk root { size = SIZE }`");
}

static void merge_block(struct merge *m, const struct phx_block *block, const struct phx_attr *disk)
{
	struct phx_str key = block_key(m, block->spec, block->label);
	struct phx_eff_block *blk;

	if (!find_place(m, block->spec, key, &blk))
		return;
	if (blk && blk->origin == m->origin && blk->block) {
		struct phx_schema_ctx c = {.bag = m->b->bag, .kind = m->from->kind};

		if (m->origin == PHX_FROM_SELF)
			phx_schema_repeated_block(&c, block->spec, key, block->span, blk->span);
		return;
	}
	if (!blk)
		blk = add_block(m, block->spec, key, block->span);
	if (blk->origin == m->origin) {
		blk->block = block;
		blk->span = block->span;
		if (!block->spec->repeatable)
			blk->label = block->label;
	}
	if (!blk->rules && block->blocks.n > 0)
		blk->rules = block;
	for (uint32_t i = 0; i < block->attrs.n; i++) {
		const struct phx_attr *a = &block->attrs.v[i];
		const struct phx_eff_attr *old = disk ? find_attr(blk, a->spec, a->name) : NULL;

		if (old && old->a == disk && m->origin == PHX_FROM_SELF)
			both_sizes(m, a, disk);
		put_attr(m, blk, a, a->spec, m->from);
	}
}

static void merge_decl(struct merge *m, const struct phx_decl *decl, uint8_t origin)
{
	const struct phx_attr *disk = NULL;

	m->from = decl;
	m->origin = origin;
	m->users = 0;
	for (uint32_t i = 0; i < decl->body.blocks.n; i++)
		m->users += phx_same(decl->body.blocks.v[i]->spec->name, "user");
	for (uint32_t i = 0; i < decl->body.attrs.n; i++) {
		const struct phx_attr *a = &decl->body.attrs.v[i];

		if (!a->spec || (origin == PHX_FROM_DEFAULTS && a->spec->flags & PHX_AF_NO_DEFAULTS))
			continue;
		if (a->spec - m->e->spec->attrs == PHX_GA_DISK) {
			short_disk(m, a);
			disk = a;
		}
		put_body_attr(m, a, (size_t)(a->spec - m->e->spec->attrs), decl);
	}
	for (uint32_t i = 0; i < decl->body.blocks.n; i++)
		merge_block(m, decl->body.blocks.v[i], disk);
}

static void merge_source_block(struct merge *m, const struct phx_eff_block *from)
{
	struct phx_eff_block *blk;

	if (!find_place(m, from->spec, from->label, &blk))
		return;
	if (!blk) {
		blk = add_block(m, from->spec, from->label, from->span);
		blk->from = from->from;
		blk->block = from->block;
	}
	if (!blk->rules)
		blk->rules = from->rules;
	for (uint32_t i = 0; i < from->attrs.n; i++) {
		const struct phx_eff_attr *ea = &from->attrs.v[i];

		if (!ea->spec || ea->spec->flags & PHX_AF_INHERIT)
			put_attr(m, blk, ea->a, ea->spec, ea->from);
	}
}

static void merge_source(struct merge *m, const struct phx_eff *source)
{
	m->origin = PHX_FROM_SOURCE;
	m->users = 0;
	for (uint32_t i = 0; i < source->blocks.n; i++)
		m->users += phx_same(source->blocks.v[i]->spec->name, "user");
	for (size_t i = 0; i < PHX_GA_MAX; i++) {
		const struct phx_eff_attr *ea = &source->at[i];

		if (ea->a && ea->spec->flags & PHX_AF_INHERIT)
			put_body_attr(m, ea->a, i, ea->from);
	}
	for (uint32_t i = 0; i < source->blocks.n; i++) {
		if (source->blocks.v[i]->spec->flags & PHX_AF_INHERIT)
			merge_source_block(m, source->blocks.v[i]);
	}
}

const struct phx_eff *phx_eff_build(struct phx_gb *b, const struct phx_node *n, const struct phx_eff *source,
				    struct phx_arena *a)
{
	struct phx_eff *e = PHX_NEW(a, struct phx_eff);
	struct merge m = {.b = b, .a = a, .e = e};

	e->spec = phx_schema_kind(n->decl->kind);
	merge_decl(&m, n->decl, PHX_FROM_SELF);
	if (n->defaults)
		merge_decl(&m, n->defaults, PHX_FROM_DEFAULTS);
	if (source)
		merge_source(&m, source);
	return e;
}
