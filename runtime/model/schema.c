#include "model/schema.h"

#include <string.h>

#include "model/schema_priv.h"

#define INT      PHX_AT_INT
#define STRING   PHX_AT_STRING
#define DURATION PHX_AT_DURATION
#define ENUM     PHX_AT_ENUM
#define LIST     PHX_AT_LIST

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define END                                                                                                  \
	{                                                                                                    \
		.name = NULL                                                                                 \
	}

static const struct phx_attr_spec stack_attrs[] = {
	{.name = "ids", .types = LIST | INT},
	END,
};

static const struct phx_attr_spec ssh_attrs[] = {
	{.name = "host", .types = STRING | PHX_AT_IP},
	{.name = "user", .types = STRING},
	{.name = "port", .types = INT},
	END,
};
static const struct phx_block_spec ssh_block = {.name = "ssh", .attrs = ssh_attrs};

static const struct phx_attr_spec cluster_attrs[] = {
	{.name = "backend", .types = ENUM, .words = WORDS("api", "local", "ssh")},
	{.name = "endpoint", .types = STRING},
	{.name = "node", .types = STRING},
	{.name = "token", .types = STRING, .flags = PHX_AF_SECRET_OK},
	{.name = "user", .types = STRING},
	{.name = "password", .types = STRING, .flags = PHX_AF_SECRET_OK},
	{.name = "fingerprint", .types = STRING, .flags = PHX_AF_SECRET_OK}, /* env() gives secrets */
	{.name = "ca_file", .types = STRING, .flags = PHX_AF_PATH},
	END,
};
/* How much may be promised to guests: 1.5 is half as much again as there is. */
static const struct phx_attr_spec capacity_attrs[] = {
	{.name = "memory", .types = INT | PHX_AT_FLOAT},
	{.name = "cores", .types = INT | PHX_AT_FLOAT},
	{.name = "storage", .types = INT | PHX_AT_FLOAT},
	{.name = "excess", .types = ENUM, .words = WORDS("warn", "deny", "ignore")},
	END,
};
static const struct phx_block_spec capacity_block = {.name = "capacity", .attrs = capacity_attrs};

static const struct phx_block_spec *const cluster_blocks[] = {&ssh_block, &capacity_block, NULL};

static const struct phx_attr_spec image_attrs[] = {
	{.name = "url", .types = STRING},
	{.name = "volume", .types = STRING},
	{.name = "file", .types = STRING, .flags = PHX_AF_PATH},
	{.name = "checksum", .types = STRING},
	{.name = "storage", .types = STRING},
	{.name = "node", .types = STRING},
	{.name = "content", .types = ENUM, .words = WORDS("import", "iso", "vztmpl")},
	{.name = "filename", .types = STRING},
	{.name = "cluster", .types = PHX_AT_REF, .ref_kinds = 1u << PHX_KIND_CLUSTER},
	END,
};

static const struct phx_attr_spec pool_attrs[] = {
	{.name = "comment", .types = STRING, .option = "comment"},
	{.name = "cluster", .types = PHX_AT_REF, .ref_kinds = 1u << PHX_KIND_CLUSTER},
	END,
};

/* `param channel: string = "stable"` inside a feature, as the front-end hands it over. */
static const struct phx_attr_spec param_attrs[] = {
	{.name = "type", .types = STRING},
	{.name = "default", .types = PHX_AT_ANY, .flags = PHX_AF_SECRET_OK},
	END,
};
static const struct phx_block_spec param_block = {
	.name = "param", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = param_attrs};

static const struct phx_attr_spec feature_attrs[] = {
	{.name = "script", .types = STRING, .flags = PHX_AF_REQUIRED | PHX_AF_PATH},
	{.name = "check", .types = STRING},
	{.name = "timeout", .types = DURATION},
	{.name = "description", .types = STRING},
	{.name = "one_of", .types = LIST | STRING},
	{.name = "needs", .types = LIST | PHX_AT_REF, .ref_kinds = 1u << PHX_KIND_FEATURE},
	END,
};
static const struct phx_block_spec *const feature_blocks[] = {&param_block, NULL};

static const struct phx_attr_spec no_attrs[] = {END};

static const struct phx_block_spec stack = {
	.name = "stack", .label = PHX_LABEL_REQUIRED, .attrs = stack_attrs};
static const struct phx_block_spec cluster = {.name = "cluster",
					      .label = PHX_LABEL_REQUIRED,
					      .repeatable = true,
					      .attrs = cluster_attrs,
					      .blocks = cluster_blocks};
static const struct phx_block_spec image = {
	.name = "image", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = image_attrs};
static const struct phx_block_spec pool = {
	.name = "pool", .label = PHX_LABEL_REQUIRED, .repeatable = true, .attrs = pool_attrs};
static const struct phx_block_spec feature = {.name = "feature",
					      .label = PHX_LABEL_REQUIRED,
					      .repeatable = true,
					      .attrs = feature_attrs,
					      .blocks = feature_blocks};
static const struct phx_block_spec defaults = {
	.name = "defaults", .label = PHX_LABEL_REQUIRED, .attrs = no_attrs};

static const struct phx_block_spec *const kinds[PHX_KIND_COUNT] = {
	[PHX_KIND_STACK] = &stack,
	[PHX_KIND_CLUSTER] = &cluster,
	[PHX_KIND_IMAGE] = &image,
	[PHX_KIND_POOL] = &pool,
	[PHX_KIND_FEATURE] = &feature,
	[PHX_KIND_VM] = &phx_schema_vm,
	[PHX_KIND_CONTAINER] = &phx_schema_container,
	[PHX_KIND_DEFAULTS] = &defaults,
};

const struct phx_block_spec *phx_schema_kind(enum phx_kind kind)
{
	return kind > PHX_KIND_NONE && kind < PHX_KIND_COUNT ? kinds[kind] : NULL;
}

const char *phx_kind_name(enum phx_kind kind)
{
	return kind > PHX_KIND_NONE && kind < PHX_KIND_COUNT ? kinds[kind]->name : "nothing";
}

enum phx_kind phx_kind_find(struct phx_str name)
{
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++) {
		if (phx_str_eqc(name, kinds[k]->name))
			return (enum phx_kind)k;
	}
	return PHX_KIND_NONE;
}

/* The first byte decides nearly always: this runs for every attribute of every guest. */
static bool same(const char *spec, struct phx_str name)
{
	return spec[0] == name.ptr[0] && strlen(spec) == name.len && memcmp(spec, name.ptr, name.len) == 0;
}

const struct phx_attr_spec *phx_schema_attr(const struct phx_block_spec *b, struct phx_str name)
{
	if (!b || name.len == 0)
		return NULL;
	for (const struct phx_attr_spec *a = b->attrs; a->name; a++) {
		if (same(a->name, name))
			return a;
	}
	return NULL;
}

const struct phx_block_spec *phx_schema_block(const struct phx_block_spec *b, struct phx_str name)
{
	if (!b || !b->blocks || name.len == 0)
		return NULL;
	for (const struct phx_block_spec *const *p = b->blocks; *p; p++) {
		if (same((*p)->name, name))
			return *p;
	}
	return NULL;
}
