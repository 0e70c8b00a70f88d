#include "model/decl.h"

#include <string.h>

const struct phx_attr *phx_block_attr(const struct phx_block *b, const char *name)
{
	size_t len = strlen(name);

	for (uint32_t i = 0; i < b->attrs.n; i++) {
		const struct phx_attr *a = &b->attrs.v[i];

		if (a->name.len == len && a->name.ptr[0] == name[0] && memcmp(a->name.ptr, name, len) == 0)
			return a;
	}
	return NULL;
}

const struct phx_block *phx_block_child(const struct phx_block *b, const char *name)
{
	for (uint32_t i = 0; i < b->blocks.n; i++) {
		if (strcmp(b->blocks.v[i]->spec->name, name) == 0)
			return b->blocks.v[i];
	}
	return NULL;
}

static struct phx_attr *find(struct phx_block *b, struct phx_str name)
{
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		if (phx_str_eq(b->attrs.v[i].name, name))
			return &b->attrs.v[i];
	}
	return NULL;
}

struct phx_attr *phx_block_set(struct phx_arena *a, struct phx_block *b, struct phx_str name,
			       struct phx_value value, struct phx_span name_span)
{
	struct phx_attr *attr = find(b, name);

	if (!attr) {
		phx_vec_push(a, &b->attrs, (struct phx_attr){0});
		attr = &b->attrs.v[b->attrs.n - 1];
	}
	attr->spec = phx_schema_attr(b->spec, name);
	attr->name = name;
	attr->value = value;
	attr->name_span = name_span;
	return attr;
}

struct phx_block *phx_block_add(struct phx_arena *a, struct phx_block *parent, const char *type,
				struct phx_str label, struct phx_span span)
{
	const struct phx_block_spec *spec = phx_schema_block(parent->spec, phx_str_c(type));
	struct phx_block *b;

	if (!spec)
		PHX_BUG("block `%s` does not exist in `%s`", type, parent->spec ? parent->spec->name : "?");
	b = PHX_NEW(a, struct phx_block);
	b->spec = spec;
	b->label = label;
	b->span = span;
	phx_vec_push(a, &parent->blocks, b);
	return b;
}

struct phx_decl *phx_decl_new(struct phx_arena *a, enum phx_kind kind, struct phx_str name,
			      struct phx_span span)
{
	struct phx_decl *d = PHX_NEW(a, struct phx_decl);

	d->kind = kind;
	d->name = name;
	d->span = d->extent = span;
	d->address = phx_str_printf(a, "%s." PHX_STR_FMT, phx_kind_name(kind), PHX_STR_ARG(name));
	d->body.spec = phx_schema_kind(kind);
	d->body.span = span;
	return d;
}

void phx_config_append(struct phx_arena *a, struct phx_config *into, const struct phx_config *from)
{
	for (uint32_t i = 0; i < from->decls.n; i++)
		phx_vec_push(a, &into->decls, from->decls.v[i]);
	for (uint32_t i = 0; i < from->defaults.n; i++)
		phx_vec_push(a, &into->defaults, from->defaults.v[i]);
	for (uint32_t i = 0; i < from->outputs.n; i++)
		phx_vec_push(a, &into->outputs, from->outputs.v[i]);
	if (!into->stack.len) {
		into->stack = from->stack;
		into->stack_span = from->stack_span;
	}
	if (!into->has_ids && from->has_ids) {
		into->has_ids = true;
		into->ids_first = from->ids_first;
		into->ids_last = from->ids_last;
	}
	into->has_unknowns = into->has_unknowns || from->has_unknowns;
}
