/* Proxmox options: what the tables under etc/pve say about every guest option, firewall and storage parameter, and
 * the check of one textual value against it. Texts of failed checks are Proxmox's own (PVE::JSONSchema, recordings
 * 050-057, 104-143, 384, 804-812). */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"

struct phx_pattern;
struct phx_format;

/* One table is the parameters of a create call, united with those of its update call. */
enum phx_option_kind {
	PHX_OPTIONS_VM,                 /* POST …/qemu, PUT …/qemu/{vmid}/config */
	PHX_OPTIONS_CONTAINER,          /* POST …/lxc, PUT …/lxc/{vmid}/config */
	PHX_OPTIONS_FIREWALL_VM,        /* …/qemu/{vmid}/firewall/options */
	PHX_OPTIONS_FIREWALL_CONTAINER, /* …/lxc/{vmid}/firewall/options */
	PHX_OPTIONS_FIREWALL_RULE,      /* …/firewall/rules of a guest */
	PHX_OPTIONS_STORAGE,            /* /storage */
	PHX_OPTIONS_POOL,               /* /pools */
	PHX_OPTIONS_SNAPSHOT_VM,        /* …/qemu/{vmid}/snapshot */
	PHX_OPTIONS_SNAPSHOT_CONTAINER, /* …/lxc/{vmid}/snapshot */
	PHX_OPTIONS_CLONE_VM,           /* …/qemu/{vmid}/clone */
	PHX_OPTIONS_CLONE_CONTAINER,    /* …/lxc/{vmid}/clone */
	PHX_OPTIONS_IMAGE,              /* …/storage/{storage}/download-url, upload, content */
	PHX_OPTIONS_COUNT
};

enum phx_option_type {
	PHX_TYPE_STRING,
	PHX_TYPE_INTEGER,
	PHX_TYPE_NUMBER,
	PHX_TYPE_BOOLEAN,
	PHX_TYPE_ARRAY,  /* `items` says of what */
	PHX_TYPE_OBJECT, /* property-string formats as a whole */
	PHX_TYPE_NULL,
};

/* What changing an option does to a running guest (vmconfig_hotplug_pending and its twin for containers). */
enum phx_impact {
	PHX_IMPACT_LIVE,    /* at once */
	PHX_IMPACT_HOTPLUG, /* at once when `hotplug_class` is in the guest's `hotplug` option, else pending */
	PHX_IMPACT_RESTART, /* pending until stop and start */
	PHX_IMPACT_OFFLINE, /* refused, or without sense, while the guest runs */
};

/* In what an option counts that a size or a duration of the language is turned into. */
enum phx_unit {
	PHX_UNIT_NONE,
	PHX_UNIT_BYTE,
	PHX_UNIT_KIB,
	PHX_UNIT_MIB,
	PHX_UNIT_GIB,
	PHX_UNIT_DISK_SIZE, /* text such as 32G or 528K */
	PHX_UNIT_MS,
	PHX_UNIT_SECOND,
};

/* How a value is brought to one spelling for comparison, beyond what its type says. */
enum phx_canon {
	PHX_CANON_PLAIN,   /* by type and format alone */
	PHX_CANON_TAGS,    /* a set, lower case */
	PHX_CANON_NOTES,   /* trailing blanks and line ends do not count */
	PHX_CANON_PERCENT, /* percent-encoded text (sshkeys): decoded, line by line */
	PHX_CANON_SET,     /* a list of which the order does not count */
	PHX_CANON_LIST,    /* a list in order, whatever separates it */
	PHX_CANON_LOWER,   /* case does not count */
	PHX_CANON_VOLUME,  /* a volume: see phx_option_equal and phx_option_patch */
};

enum {
	PHX_OPTION_OPTIONAL = 1 << 0,
	PHX_OPTION_DEFAULT_KEY = 1 << 1,  /* the key may be left out in a property string: `virtio,…` */
	PHX_OPTION_ROOT_ONLY = 1 << 2,    /* no token may set it: ask phx_option_root_only */
	PHX_OPTION_WRITE_ONLY = 1 << 3,   /* never read back as sent (passwords) */
	PHX_OPTION_CREATE_ONLY = 1 << 4,  /* a parameter of the create call that is no configuration */
	PHX_OPTION_UPDATE_ONLY = 1 << 5,  /* one of the update call alone (delete, digest) */
	PHX_OPTION_READ_ONLY = 1 << 6,    /* cannot be changed after creation */
	PHX_OPTION_GENERATED = 1 << 7,    /* Proxmox makes a value when none is given (MAC, vmgenid) */
	PHX_OPTION_REPRINTED = 1 << 8,    /* stored in Proxmox's own printing, else as sent */
	PHX_OPTION_TRANSIENT = 1 << 9,    /* a sub-key that goes once the volume is made (import-from) */
	PHX_OPTION_PATH = 1 << 10,        /* a parameter that stands in the path */
	PHX_OPTION_DISK = 1 << 11,        /* holds a volume: disks, mounts, unused */
	PHX_OPTION_NIC = 1 << 12,         /* a network card */
	PHX_OPTION_PRESENCE = 1 << 13,    /* says something even with all keys at their defaults (watchdog) */
	PHX_OPTION_INFORMATIVE = 1 << 14, /* a sub-key that Proxmox keeps up to date itself (size) */
	PHX_OPTION_OWN_IMPACT = 1 << 15,  /* a sub-key whose impact is not its option's */
	PHX_OPTION_STATE = 1 << 16,       /* what Proxmox notes itself (lock): nothing to wish for */
	PHX_OPTION_RESTORE = 1 << 17,     /* how a backup is restored */
};

/* One option, one parameter of an endpoint, or one key of a property string. Immutable, owned by its table. */
struct phx_option {
	struct phx_str name; /* of a family its prefix: "scsi" for scsi[0-30] */
	uint16_t count;      /* family: indexes 0…count-1; 0 = a single option */
	uint16_t first;      /* first index of the family */
	uint32_t flags;
	enum phx_option_type type;
	bool has_min, has_max;
	double min, max;
	uint32_t min_length, max_length; /* characters; max 0 = no limit */
	struct phx_str pattern;          /* as Proxmox has it (Perl), empty = none */
	const struct phx_pattern *compiled;
	const struct phx_str *enums;
	uint32_t nenums;
	const struct phx_str *words; /* names its format knows beside numbers (services, CPU types), sorted */
	uint32_t nwords;
	struct phx_str format; /* Proxmox's name of the format ("pve-storage-id"), empty = none */
	/* Who checks it: NULL for property strings and formats that phx does not know. */
	const struct phx_format *checker;
	bool format_list, format_optional; /* the format is NAME-list, NAME-opt */
	const struct phx_option *keys;     /* property string: its keys, sorted by name; else NULL */
	uint32_t nkeys;
	/* Property string: the key whose name may be left out, or NULL. */
	const struct phx_option *default_key;
	/* Key (`model`): the one that it prints together with, as `VALUE=VALUE` (`macaddr`), or NULL. */
	const struct phx_option *combine;
	struct phx_str alias;     /* key: stands for that other key */
	struct phx_str key_alias; /* … and its own name is the value of that key (`virtio=MAC`) */
	struct phx_str defaults;  /* default as text; has_default tells it from none */
	bool has_default;
	struct phx_str requires;        /* other parameter that must be given as well */
	const struct phx_option *items; /* PHX_TYPE_ARRAY: of what, or NULL */
	enum phx_impact impact;
	/* "cpu", "disk", "memory", "network", "usb"; "new": live while the slot was empty; beside PHX_IMPACT_LIVE
	 * "cloudinit": the guest sees it only after its cloud-init drive was made anew. */
	struct phx_str hotplug_class;
	enum phx_unit unit;
	enum phx_canon canon;
	/* Forms of a root-only option that a token may set all the same. */
	struct phx_str root_unless;
	/* The language has this attribute or block for it: not allowed in `options { }`. */
	struct phx_str attribute;
	struct phx_str
		privilege; /* what setting it takes; read through phx_access_of_option (model/access.h) */
};

struct phx_option_table {
	enum phx_option_kind kind;
	const struct phx_option *options; /* sorted by name */
	uint32_t n;
	struct phx_map by_name;   /* single options */
	struct phx_map by_family; /* families by their prefix; `numa` and `numa[0-7]` both exist */
};

/* The tables, each read from etc/ when it is first asked for. */
struct phx_options;

/* Never NULL. `version` as "8.4"; empty means the newest there is. Lives in `arena`. */
struct phx_options *phx_options_new(struct phx_arena *arena, struct phx_str version);
/* NULL with err when the file is missing or damaged. Not for use by several threads before all needed are loaded. */
PHX_MUST_USE const struct phx_option_table *phx_options_table(struct phx_options *o,
							      enum phx_option_kind kind, struct phx_err *err);

/* "scsi3" → scsi with *out_index 3; a single option gives index -1 (out_index may be NULL). NULL: no such option,
 * or an index outside the family. */
const struct phx_option *phx_option_find(const struct phx_option_table *t, struct phx_str key,
					 int *out_index);
/* The family of "scsi99" when only the index is wrong; NULL otherwise. */
const struct phx_option *phx_option_family(const struct phx_option_table *t, struct phx_str key);
/* A near name ("scsi3" for "scis3"), in `arena`; empty when none is near. */
struct phx_str phx_option_nearest(const struct phx_option_table *t, struct phx_arena *arena,
				  struct phx_str key);
/* Key of a property string; aliases are not followed. NULL: none of that name, or no property string. */
const struct phx_option *phx_option_key(const struct phx_option *o, struct phx_str key);
/* As phx_option_key, following `alias`. */
const struct phx_option *phx_option_key_real(const struct phx_option *o, struct phx_str key);
/* The key whose name may be left out; NULL when there is none. */
const struct phx_option *phx_option_default_key(const struct phx_option *o);
/* May only root@pam (no token) set `value`? Recordings 063, 131-134, 171, 389-395, 425, 429, 794. */
PHX_MUST_USE bool phx_option_root_only(const struct phx_option *o, struct phx_str value);
/* "scsi[0-30]" or the plain name. */
void phx_option_label(const struct phx_option *o, struct phx_buf *out);

enum phx_check_kind {
	PHX_CHECK_UNKNOWN,   /* no such parameter or key */
	PHX_CHECK_MISSING,   /* required, or required by another, and not given */
	PHX_CHECK_TYPE,      /* not an integer, a boolean, … */
	PHX_CHECK_RANGE,     /* minimum, maximum */
	PHX_CHECK_LENGTH,    /* too short or too long */
	PHX_CHECK_ENUM,      /* not one of the values */
	PHX_CHECK_PATTERN,   /* does not match */
	PHX_CHECK_FORMAT,    /* not of the named format */
	PHX_CHECK_DUPLICATE, /* key of a property string given twice */
};

/* One failed check. */
struct phx_check {
	struct phx_str param; /* "net0" */
	struct phx_str key;   /* key of the property string ("bogus"), or empty */
	enum phx_check_kind kind;
	const struct phx_option
		*option; /* of `param`, or of `key` when that is known; NULL for an unknown parameter */
	struct phx_str
		value; /* the piece at fault: a slice of the checked text when `in_value`, else a copy */
	bool in_value;
	struct phx_str detail; /* Proxmox's words for the piece: "value must have a minimum value of 1" */
	struct phx_str
		text; /* Proxmox's text for `param`, as in its `errors` map, with its line ends; all checks of
	                        * one param carry the same */
};

/* Failed checks, in the order of the parameters and then of the keys. */
struct phx_checks {
	struct phx_arena *arena;
	PHX_VEC(struct phx_check) v;
};

/* Checks one value as Proxmox does. `key` is the parameter's full name ("net0"). True when it passes; else every
 * fault was added to `out`. */
PHX_MUST_USE bool phx_option_check(const struct phx_option *o, struct phx_str key, struct phx_str value,
				   struct phx_checks *out);
/* "one of a, b, c", "1..128", "pve-storage-id", …: what is allowed, for a note under a diagnostic. */
void phx_option_allowed(const struct phx_option *o, struct phx_buf *out);

/* Names of the firewall's macros, sorted. NULL with err when the file is missing. */
PHX_MUST_USE const struct phx_str *phx_options_macros(struct phx_options *o, uint32_t *out_n,
						      struct phx_err *err);

/* The word of its enumeration as Proxmox writes it; words of the language are lower case (`drop` is DROP). NULL: it has no such. */
const struct phx_str *phx_option_word(const struct phx_option *o, struct phx_str word);
/* Turns a size or a duration of the language into the option's text ("memory" + 8GiB → "8192"). False when the option
 * counts in nothing of the sort, or the value is no whole number of its unit. */
PHX_MUST_USE bool phx_option_from_bytes(const struct phx_option *o, uint64_t bytes, struct phx_buf *out);
PHX_MUST_USE bool phx_option_from_ms(const struct phx_option *o, uint64_t ms, struct phx_buf *out);
