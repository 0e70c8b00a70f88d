/* The import of Phoenix JSON: what its passes share. Files are parsed to trees, every property is looked up in the tables
 * (table.c), guests are named (guest.c), then each becomes a declaration, part by part. */
#pragma once

#include "base/map.h"
#include "json/phoenix.h"
#include "json/tree.h"

enum { PHX_JGUEST_VALUES = 20000 }; /* of one guest */

/* Properties that some part reads. Others are known by their row in the tables alone. */
enum phx_key {
	PHX_K_NONE,
	/* of a file */
	PHX_K_VMS,
	PHX_K_VM_DEFAULTS,
	PHX_K_CONTAINERS,
	PHX_K_STORAGE_IDS,
	PHX_K_UBUNTU_RELEASE,
	/* of a guest */
	PHX_K_ID,
	PHX_K_NAME,
	PHX_K_CLONE,
	PHX_K_IS_TEMPLATE,
	PHX_K_TEMPLATE, /* OS template, or VM image */
	PHX_K_CORES,
	PHX_K_MEMORY,
	PHX_K_SWAP,
	PHX_K_STORAGE,
	PHX_K_DISK,
	PHX_K_BRIDGE,
	PHX_K_NETWORK,
	PHX_K_NETWORK2,
	PHX_K_MAC,
	PHX_K_STATIC_IP,
	PHX_K_USER,
	PHX_K_UNPRIVILEGED,
	PHX_K_FLAGS, /* Proxmox's features */
	PHX_K_FEATURES,
	PHX_K_DEPENDENCIES,
	PHX_K_GPU,
	PHX_K_RAW,
	PHX_K_OPTIONS,
	PHX_K_MOUNTS,
	PHX_K_VOLUMES,
	PHX_K_ZFS_VOLUMES,
	PHX_K_BOOT_ORDER,
	PHX_K_BOOT_DELAY,
	PHX_K_ON_BOOT,
	PHX_K_LIFECYCLE,
	PHX_K_SNAPSHOT,
	PHX_K_SNAPSHOTS,
	PHX_K_HEALTH,
	PHX_K_FIREWALL,
	/* inside those */
	PHX_K_IP,
	PHX_K_GW,
	PHX_K_IFNAME,
	PHX_K_IFBRIDGE,
	PHX_K_HWADDR,
	PHX_K_DNS,
	PHX_K_DNS_LIST,
	PHX_K_SEARCH,
	PHX_K_USERNAME,
	PHX_K_USER_GW,
	PHX_K_SOURCE_PATH,
	PHX_K_TARGET_PATH,
	PHX_K_UID,
	PHX_K_GID,
	PHX_K_TYPE,
	PHX_K_SERVER,
	PHX_K_POOL,
	PHX_K_SIZE,
	PHX_K_AFTER_FEATURES,
	PHX_K_COMMAND,
	PHX_K_RETRIES,
	PHX_K_INTERVAL,
	PHX_K_ENABLED,
	PHX_K_RULES,
	PHX_K_ACTION,
	PHX_K_PROTO,
	PHX_K_PORT,
	PHX_K_SPORT,
	PHX_K_SOURCE,
	PHX_K_DEST,
	PHX_K_IFACE,
	PHX_K_COMMENT,
	PHX_K_MACRO,
	PHX_K_LOG,
	PHX_K_COUNT
};

/* Bits of phx_jnode.flags. */
enum {
	PHX_JN_OWN = 1 << 0, /* its fate is its own; other nodes share that of what they stand in */
};

struct phx_table;

/* One property: what becomes of it, unless a guest is a reason for something else. */
struct phx_row {
	const char *name;
	uint8_t fate;                /* enum phx_fate */
	uint8_t key;                 /* enum phx_key */
	const char *what;            /* MAPPED: the target; else why */
	const struct phx_table *sub; /* of its value, or of each element of it */
};

struct phx_table {
	const struct phx_row *rows; /* ends with name == NULL */
	const char *what;           /* "a VM": whose properties they are */
	uint8_t index;              /* among the tables */
};

enum { PHX_TABLES = 24 };

extern const struct phx_table phx_vm_file_table, phx_lxc_file_table, phx_host_file_table;
extern const struct phx_table phx_vm_table, phx_lxc_table, phx_host_vm_table;

enum phx_jfile_kind { PHX_JFILE_NONE, PHX_JFILE_VM, PHX_JFILE_LXC, PHX_JFILE_HOST };

struct phx_jfile {
	uint32_t id;  /* source */
	uint8_t kind; /* enum phx_jfile_kind */
	struct phx_str path, dir;
	struct phx_jnode *root;
	struct phx_jnode *defaults; /* vm_defaults, or NULL */
};

/* A guest of any file, on its way to a declaration. */
struct phx_jguest {
	struct phx_jfile *file;
	struct phx_jnode *node;
	uint64_t id; /* 0: none, or reported */
	struct phx_span id_span;
	enum phx_kind kind;
	uint32_t index; /* in `vms` */
	bool is_source; /* another is cloned from it */
	bool is_template;
	bool has_gpu; /* says one */
	struct phx_jguest *source;
	struct phx_decl *decl;
	struct phx_str host_name; /* when the declaration cannot bear it; else empty */
};

struct phx_jimport {
	const struct phx_phoenix_options *options;
	struct phx_sources *sources;
	struct phx_arena *arena;
	struct phx_arena work; /* until the import is done */
	struct phx_diag_bag *bag;
	struct phx_secrets *secrets;
	struct phx_config *config;
	PHX_VEC(struct phx_jfile *) files;
	PHX_VEC(struct phx_jguest *) guests;
	PHX_VEC(struct phx_decl *) images;
	PHX_VEC(struct phx_attr) attrs; /* room for those of the guest at hand */
	struct phx_map by_id;           /* decimal id → struct phx_jguest * */
	struct phx_map beside;   /* decimal id → const struct phx_decl *: .phx guests of the same run */
	struct phx_map features; /* features that .phx files of the same run declare */
	const struct phx_feature_list *builtin; /* those that come with phx, once somebody asked */
	struct phx_map by_image;                /* file → struct phx_decl * */
	struct phx_map rows[PHX_TABLES];
	bool has_kind[PHX_JFILE_HOST + 1];
	struct phx_str os_storage, release;
	bool want_report;
};

/* The guest whose declaration is being written. */
struct phx_jctx {
	struct phx_jimport *m;
	struct phx_jguest *g;
	struct phx_block *body;
	struct phx_jnode *at[PHX_K_COUNT]; /* its own properties; NULL: absent, or null */
	bool has_binds;                    /* bind mounts of its own */
};

/* --- tables and fates (table.c, fate.c) --- */
const struct phx_row *phx_jrow(struct phx_jimport *m, const struct phx_table *t, struct phx_str name);
/* Marks every node of an object with what its table says; unknown keys are warned of. */
void phx_jmark(struct phx_jimport *m, const struct phx_jfile *f, struct phx_jnode *object,
	       const struct phx_table *t);
/* Changes the fate of a node (and of all inside it). `why` lives as long as the report. */
void phx_jfate(struct phx_jnode *n, enum phx_fate fate, const char *why);
/* The member that is this property; NULL: absent, or null. */
struct phx_jnode *phx_jget(const struct phx_jnode *object, enum phx_key key);
/* Lines for all of a file, in source order. */
void phx_jreport(struct phx_jimport *m, const struct phx_jfile *f, struct phx_import_report *r);

/* --- values (read.c): all accept the types that were meant --- */
struct phx_span phx_jspan(const struct phx_jfile *f, const struct phx_jnode *n);
struct phx_span phx_jname_span(const struct phx_jfile *f, const struct phx_jnode *n);
/* False and reported, the declaration poisoned: not one. `n` may be NULL: false, silently. */
bool phx_jtext(struct phx_jctx *c, struct phx_jnode *n, struct phx_str *out);
/* A name, which is no number and no truth. */
bool phx_jname(struct phx_jctx *c, struct phx_jnode *n, struct phx_str *out);
bool phx_jnumber(struct phx_jctx *c, struct phx_jnode *n, uint64_t *out);
bool phx_jtruth(struct phx_jctx *c, struct phx_jnode *n, bool *out);
/* A number of MiB or GiB, as a size. */
bool phx_jsize(struct phx_jctx *c, struct phx_jnode *n, uint64_t unit, uint64_t *out);
bool phx_jid(const struct phx_jnode *n, uint64_t *out); /* silent */
struct phx_jpiece {
	struct phx_str text;
	struct phx_span span;
};
struct phx_jpieces {
	PHX_VEC(struct phx_jpiece) v;
};
/* An array of scalars, one text with commas (and blanks, if `sep` is ' '), or one scalar. */
bool phx_jlist(struct phx_jctx *c, struct phx_jnode *n, char sep, struct phx_jpieces *out);
/* The objects of an array, or the object itself; others are reported. */
struct phx_jnode *phx_jobject(struct phx_jctx *c, struct phx_jnode *list, uint32_t index);
uint32_t phx_jobjects(struct phx_jctx *c, struct phx_jnode *list);
/* Is it an object? What is neither one nor empty is an error. */
bool phx_jsingle(struct phx_jctx *c, struct phx_jnode *n);
struct phx_diag *phx_jwrong(struct phx_jctx *c, const struct phx_jnode *n, enum phx_code code,
			    const char *fmt, ...) PHX_PRINTF(4, 5);
bool phx_jcidr(struct phx_jctx *c, struct phx_jnode *n, struct phx_str text, struct phx_value *out);
bool phx_jip(struct phx_jctx *c, struct phx_str text, struct phx_span at, struct phx_value *out);
/* Any value as one of the language's; texts under keys that look secret become secrets. */
struct phx_value phx_jvalue(struct phx_jimport *m, const struct phx_jfile *f, const struct phx_jnode *n);
bool phx_jsecret_key(struct phx_str key);

/* --- declarations --- */
void phx_jput(struct phx_jctx *c, struct phx_block *b, const char *name, struct phx_value v,
	      const struct phx_jnode *n);
struct phx_block *phx_jblock(struct phx_jctx *c, struct phx_block *parent, const char *type,
			     struct phx_str label, const struct phx_jnode *n);
struct phx_value phx_jword(const char *word, struct phx_span at);
struct phx_value phx_jlist_value(struct phx_jctx *c, const struct phx_value *v, uint32_t n,
				 struct phx_span at);

/* An id as the key of a map; in `room`. */
struct phx_jdigits {
	char text[20];
};
struct phx_str phx_jid_key(uint64_t id, struct phx_jdigits *room);
void phx_jid_put(struct phx_jimport *m, struct phx_map *map, uint64_t id, void *what, bool *out_new);

void phx_jguests(struct phx_jimport *m);   /* guest.c: ids, names, sources */
void phx_jguest_build(struct phx_jctx *c); /* build.c */
void phx_jnetwork(struct phx_jctx *c);     /* network.c */
void phx_jfirewall(struct phx_jctx *c);    /* firewall.c */
void phx_jdisks(struct phx_jctx *c);       /* disks.c */
void phx_jmounts(struct phx_jctx *c);
void phx_jcreation(struct phx_jctx *c); /* creation.c: clone, image, OS template */
void phx_jdependencies(struct phx_jctx *c);
void phx_jfeatures(struct phx_jctx *c); /* features.c */
void phx_jinside(struct phx_jctx *c);   /* inside.c: features, health, snapshots, raw lines, GPUs */
