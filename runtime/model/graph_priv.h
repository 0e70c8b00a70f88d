/* State of one run of phx_graph_build, shared by its passes. */
#pragma once

#include <string.h>

#include "model/feature.h"
#include "model/graph.h"
#include "model/propstring.h"
#include "model/schema_check.h"
#include "model/schema_priv.h"

/* An attribute as it counts for a guest: its own, its defaults' or its clone source's. */
struct phx_eff_attr {
	const struct phx_attr *a; /* NULL: not declared anywhere */
	const struct phx_attr_spec
		*spec; /* differs from a->spec where `disk = SIZE` stands for `disk root { size }` */
	const struct phx_decl *from; /* relative paths in the value start at from->dir */
	uint8_t origin;              /* enum phx_origin */
	bool back; /* `null` that takes a default back: the clone source's value may still come */
};

struct phx_eff_block {
	const struct phx_block_spec *spec;
	struct phx_str label, label2;
	const struct phx_block *block; /* the nearest one declared; NULL for `disk = SIZE` alone */
	struct phx_span span;
	const struct phx_block *rules; /* firewall: the nearest one that has rules, or NULL */
	const struct phx_decl *from;   /* whose the nearest one is */
	uint8_t origin;                /* of the nearest one */
	PHX_VEC(struct phx_eff_attr) attrs;
};

/* A guest's body with defaults and source merged in. */
struct phx_eff {
	const struct phx_block_spec *spec;
	struct phx_eff_attr at[PHX_GA_MAX]; /* by enum phx_guest_attr */
	PHX_VEC(struct phx_eff_block *) blocks;
};

/* What the builder knows of a resource beyond the graph; found by resource->index while the graph is built. */
struct phx_node {
	struct phx_resource *r;
	const struct phx_decl *decl;
	const struct phx_decl *defaults; /* of its kind, or NULL */
	const struct phx_eff *eff;       /* kept for clone sources only */
	uint64_t order_id;               /* guest id; 0 for other kinds; UINT64_MAX for guests without one */
	bool poisoned;                   /* an error was reported inside: not judged further */
	bool is_source;                  /* another guest is cloned from it */
	bool id_unknown;                 /* its id is an unknown or poisoned value */
	uint8_t visit;                   /* enum phx_visit */
	bool template_unknown;           /* `template` is an unknown or poisoned value */
	uint32_t unclear_nics;           /* bit per index: an address is declared, but not known */
	bool clone_declared;             /* `clone` was written, even if it names nothing that exists */
	bool image_declared, ostemplate_declared;
	PHX_VEC(struct phx_edge) needs; /* in scratch; moved to r->needs at the end */
};

enum phx_visit { PHX_VISIT_NEW, PHX_VISIT_OPEN, PHX_VISIT_DONE };

/* Options are asked for by the same few names for every guest. */
struct phx_option_memo {
	const char *name; /* compared by address */
	const struct phx_option *option;
};

struct phx_gb {
	const struct phx_config *config;
	struct phx_options *options;
	struct phx_arena *arena;   /* what the graph keeps */
	struct phx_arena *work;    /* until the graph is built */
	struct phx_arena *scratch; /* until the next guest */
	struct phx_diag_bag *bag;
	struct phx_secrets *secrets;
	struct phx_graph *g;
	const struct phx_option_table *guest_table[2], *firewall_table[2]; /* by is_vm */
	const struct phx_option_table *rule_table;
	const struct phx_block_spec *disk_spec[2]; /* by is_vm */
	const struct phx_attr_spec *disk_size[2];
	struct phx_option_memo option_memo[2][64]; /* by is_vm, then by a hash of the name's address */
	PHX_VEC(struct phx_node) nodes;     /* clusters, images, pools, guests; fixed after registration */
	const struct phx_decl *defaults[2]; /* by is_vm */
	struct phx_map files;               /* path → num: is it there? */
	struct phx_map features;            /* name → struct phx_feature_decl * */
	struct phx_setting *default_cache
		[2];         /* by is_vm, then by enum phx_guest_attr: settings that come from defaults */
	struct phx_buf text; /* for forming one value at a time */
	struct phx_checks checks;
	/* of the guest being lowered, copied into it at the end */
	PHX_VEC(struct phx_setting) settings;
	PHX_VEC(struct phx_volume) volumes;
	PHX_VEC(struct phx_nic) nics;
	PHX_VEC(struct phx_step) steps;
};

/* A guest while it is lowered. */
struct phx_lower {
	struct phx_gb *b;
	struct phx_node *node;
	struct phx_guest *g;
	const struct phx_eff *eff;
	struct phx_node *source; /* its clone source, or NULL */
};

/* --- passes --- */
void phx_gb_register(struct phx_gb *b);
void phx_gb_resolve(struct phx_gb *b);
void phx_gb_lower(struct phx_gb *b);
void phx_gb_edges(struct phx_gb *b);
/* The stable topological order into graph->resources; in a cycle what is left comes last, and is reported. */
void phx_gb_order(struct phx_gb *b);
/* Reports the shortest cycle of each group of nodes that need each other; `done`: ordered already. */
void phx_gb_cycles(struct phx_gb *b, const bool *done);
void phx_check_ids(struct phx_gb *b);
void phx_check_clones(struct phx_gb *b);
void phx_check_addresses(struct phx_gb *b);
void phx_check_names(struct phx_gb *b);
void phx_check_boot_order(struct phx_gb *b);
void phx_check_host_dirs(struct phx_gb *b);

/* --- nodes and references (resolve.c) --- */
/* A guest declaration's own attribute. */
const struct phx_attr *phx_gb_attr(const struct phx_decl *d, enum phx_guest_attr ga);
struct phx_node *phx_gb_node(struct phx_gb *b, const struct phx_resource *r);
/* The resource a value names; NULL: none (reported), or the value is unknown. */
struct phx_resource *phx_gb_ref(struct phx_gb *b, const struct phx_value *v);
void phx_gb_need(struct phx_gb *b, struct phx_node *n, struct phx_resource *to, enum phx_edge_kind kind,
		 struct phx_str why, struct phx_span span);

/* Ids, MACs, addresses and names are each cluster's own: appends what tells a guest's cluster from others. */
void phx_gb_cluster_key(const struct phx_gb *b, const struct phx_guest *g, struct phx_buf *out);

/* --- effective bodies (effective.c) --- */
const struct phx_eff *phx_eff_build(struct phx_gb *b, const struct phx_node *n, const struct phx_eff *source,
				    struct phx_arena *a);
/* The value of a body's attribute: NULL when it is not declared, null, unknown or poisoned. */
const struct phx_value *phx_eff_value(const struct phx_eff *e, enum phx_guest_attr ga);
/* The first block of a type; NULL: none. */
const struct phx_eff_block *phx_eff_child(const struct phx_eff *e, const char *type);
const struct phx_eff_attr *phx_eff_attr(const struct phx_eff_block *b, const char *name);
/* As phx_eff_value; `b` may be NULL. */
const struct phx_value *phx_eff_get(const struct phx_eff_block *b, const char *name);
/* Usable: neither null, nor unknown, nor poisoned. */
bool phx_known(const struct phx_value *v);
/* Written as `null`; a poisoned value may be of that kind as well. */
static inline bool phx_is_null(const struct phx_value *v)
{
	return v->kind == PHX_V_NULL && !(v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON));
}

/* --- values to Proxmox's text (lower.c) --- */
/* Appends the text that option `o` takes for `v`; lists are joined as the option wants them. False: one diagnostic was
 * added, or the value is not known. `path` names it to the user. */
bool phx_lower_text(struct phx_gb *b, const struct phx_option *o, const struct phx_value *v, const char *path,
		    struct phx_buf *out);
/* Checks a text against its option and reports what Proxmox would refuse. `shown` false: the value is not printed. */
bool phx_lower_check(struct phx_gb *b, const struct phx_option *o, struct phx_str key, struct phx_str text,
		     struct phx_str path, struct phx_span span, bool shown);
struct phx_setting *phx_lower_add(struct phx_gb *b, struct phx_str key, const struct phx_option *o,
				  struct phx_str value, struct phx_str path, struct phx_span span,
				  uint8_t origin);
struct phx_setting *phx_lower_find(struct phx_gb *b, struct phx_str key);
const struct phx_setting *phx_guest_setting(const struct phx_guest *g, struct phx_str key);
/* A body attribute that is one option of its own: "cores", "memory", … */
void phx_lower_simple(const struct phx_lower *l, enum phx_guest_attr ga);
/* An attribute of a block that is one option of its own: "nameserver", "sockets". `path` is static. */
void phx_lower_single(const struct phx_lower *l, const struct phx_eff_block *blk, const char *attr,
		      const char *path);
/* The source's setting as the clone has it, when the attribute came from there. */
bool phx_lower_inherited(const struct phx_lower *l, const struct phx_eff_attr *ea, struct phx_str key);
struct phx_str phx_gb_join(struct phx_arena *a, const char *before, struct phx_str after);
/* `name` must be a literal or a schema's: what is found is remembered under its address. */
const struct phx_option *phx_gb_option(const struct phx_lower *l, const char *name);
/* For names formed at run time. */
const struct phx_option *phx_gb_find(const struct phx_lower *l, struct phx_str name);
/* strcmp(a, b) == 0, where most names differ in their first byte. */
static inline bool phx_same(const char *a, const char *b)
{
	return a == b || (a[0] == b[0] && strcmp(a, b) == 0);
}

/* Keys of one property string, gathered and then printed in Proxmox's order. */
struct phx_prop_set {
	const struct phx_option *option; /* whose format it is */
	struct phx_str key;              /* of the setting */
	struct phx_propstring props;
	uint8_t origin; /* nearest of its parts */
	bool any;
};
/* Large: its places are filled as they are needed, never zeroed as a whole. */
static inline void phx_props_init(struct phx_prop_set *set, const struct phx_option *option,
				  struct phx_str key)
{
	set->option = option;
	set->key = key;
	set->props.n = 0;
	set->origin = PHX_FROM_SOURCE;
	set->any = false;
}
/* Adds one key after checking it; false when it was refused (and reported). */
bool phx_props_add(struct phx_gb *b, struct phx_prop_set *set, struct phx_str key, struct phx_str value,
		   struct phx_str path, struct phx_span span, uint8_t origin);
/* The attribute's value as key of the property string. False: it is not declared, or not usable. */
bool phx_props_attr(struct phx_gb *b, struct phx_prop_set *set, const struct phx_eff_attr *ea,
		    struct phx_str key, const char *path);

/* --- guests, part by part --- */
void phx_lower_guest(struct phx_lower *l);
void phx_lower_identity(struct phx_lower *l);
void phx_lower_options(struct phx_lower *l);
void phx_lower_devices(struct phx_lower *l);
void phx_lower_disks(struct phx_lower *l);
/* Volumes of the guest being lowered (lower_volume.c). */
struct phx_volume *phx_volume_add(struct phx_lower *l, struct phx_str label, struct phx_str slot,
				  enum phx_volume_source source, struct phx_span span);
struct phx_volume *phx_volume_by_slot(struct phx_gb *b, struct phx_str slot);
struct phx_volume *phx_volume_by_label(struct phx_gb *b, struct phx_str label);
/* Declared size of a guest's volume, looked for along its clone chain; 0: nobody says. */
uint64_t phx_volume_size(const struct phx_guest *g, struct phx_str slot, struct phx_span *out_span);
/* All that came with the clone, as it is there. */
void phx_volume_inherit(struct phx_lower *l);
/* "STORAGE:NAME" names a storage that can be; what has no colon is not judged. */
bool phx_volume_named(struct phx_lower *l, struct phx_str volume, struct phx_str path, struct phx_span span);
/* `size` and `storage` of a block; storage falls back to the guest's for volumes that are to be made. */
void phx_volume_size_storage(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_attr *size,
			     const struct phx_eff_attr *storage);
/* Keys of the volume's property string from the block's attributes; those of a cloned volume only as far as declared
 * for the clone itself. */
void phx_volume_attrs(struct phx_lower *l, struct phx_volume *v, const struct phx_eff_block *blk,
		      struct phx_prop_set *set);
void phx_volume_props(struct phx_lower *l, struct phx_volume *v, struct phx_prop_set *set);
/* First free slot of a family; empty and reported when there is none. */
struct phx_str phx_volume_free_slot(struct phx_lower *l, const char *family, struct phx_span span);
/* Will the VM have a cloud-init drive? */
bool phx_wants_cloud_init(const struct phx_lower *l);
void phx_lower_mounts(struct phx_lower *l);
/* Raw lines and id maps of containers. */
void phx_lower_lxc(struct phx_lower *l);
void phx_lower_networks(struct phx_lower *l);
void phx_lower_firewall(struct phx_lower *l);
void phx_lower_cloud_init(struct phx_lower *l);
/* `cloud_init { … }`: the users must have been read. */
void phx_lower_ci_data(struct phx_lower *l, const struct phx_eff_block *blk);
void phx_lower_steps(struct phx_lower *l);
/* A declared feature, once its name is known to be free; needs are resolved by phx_gb_features. */
void phx_feature_add(struct phx_gb *b, const struct phx_decl *d);
/* `needs` of all features, and circles among them. */
void phx_gb_features(struct phx_gb *b);
/* The steps of `features`: in the order of the list, each behind what it needs. */
void phx_lower_features(struct phx_lower *l);
/* Adds what is secret in a value to what never leaves the process. */
void phx_gb_secrets_in(struct phx_gb *b, const struct phx_value *v);
void phx_lower_capacity(struct phx_gb *b, const struct phx_block *capacity, struct phx_cluster *c);
void phx_lower_cluster(struct phx_gb *b, struct phx_node *n);
void phx_lower_image(struct phx_gb *b, struct phx_node *n);
void phx_lower_pool(struct phx_gb *b, struct phx_node *n);
void phx_check_guest(struct phx_lower *l);
void phx_check_nics(struct phx_lower *l);
/* Two in one slot: told at the one that stands later in the source. */
void phx_slot_taken(struct phx_gb *b, struct phx_str slot, struct phx_span mine, struct phx_span other);
void phx_check_file(struct phx_gb *b, struct phx_str dir, const struct phx_value *path, const char *what);
bool phx_is_host_name(struct phx_str name);

/* Any free text of a value; "" when it has none. In the build's arena. */
struct phx_str phx_gb_text(struct phx_gb *b, const struct phx_value *v);
