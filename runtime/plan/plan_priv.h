/* Shared by the passes of the planner. One struct plan per run of phx_plan_build; of it only what hangs on `out` outlives the run. */
#pragma once

#include "base/map.h"
#include "model/normalise.h"
#include "plan/plan.h"

struct plan_ids {
	uint32_t *v, n, cap;
};

/* One key of a guest's configuration as it is to be sent. */
struct plan_entry {
	struct phx_str key, value;
	bool secret;
	bool remove; /* delete=KEY */
	bool volume; /* `value` begins with PHX_PLAN_VOLUME */
	bool root;   /* only root itself may set it */
};
struct plan_entries {
	struct plan_entry *v;
	uint32_t n, cap;
};

struct plan_update; /* diff.h */
struct plan_ci;     /* cloud_init.h */
struct plan_works;  /* plan_step.h */

/* What the plan does about one resource, or about one guest that left the configuration. */
struct plan_item {
	const struct phx_resource *resource; /* NULL: left the configuration */
	const struct phx_guest *guest;       /* NULL unless a guest of the graph */
	const struct phx_live_guest *live;   /* NULL: absent */
	const struct phx_live_pool *pool;
	struct phx_str address, name;
	struct phx_span span;
	uint64_t id;
	struct phx_str id_text;
	struct phx_str node;      /* where it is, or shall be made */
	struct phx_str base;      /* "/nodes/pve/qemu/103" */
	struct phx_str written;   /* of a new guest: its fact `set`, once somebody asked */
	struct phx_str lock_name; /* "guest:103" */
	bool is_vm, is_template;
	bool selected;             /* by --target and --exclude */
	bool refused;              /* reported: nothing more is said about it */
	bool adopt;                /* taken over: tag and note only */
	bool finish;               /* half-built: creation goes on */
	bool gone_first;           /* replaced: what lives is deleted before */
	bool awaited;              /* others wait until it is ready */
	bool powers;               /* `phx start` and `restart`: it starts in its boot order */
	bool inside_off;           /* it is off, and stays so: its steps wait */
	uint8_t action;            /* enum phx_change_action */
	struct phx_change *change; /* NULL: nothing to do */
	struct plan_update *update;
	uint32_t ci_file;   /* the action that writes the shared snippet it uses */
	struct plan_ci *ci; /* VMs with a cloud-init drive: its documents; NULL until it was looked at */
	struct plan_works *works; /* what is done inside; NULL until plan_build_works */
	struct phx_str
		*slots;      /* per volume of the guest: where it lies, or shall lie; NULL: as in the graph */
	uint32_t *nic_index; /* per NIC likewise */
	struct phx_str replace_why; /* only a new guest can be as declared; empty: no such thing */
	struct phx_span replace_span;
	bool set_moved;             /* what phx wants is not what it wrote last */
	bool rebuild;               /* it is a template that would be built otherwise today */
	struct plan_ids gone_after; /* ends and deletions that come before its own: of what needs it */
	/* Ids of actions, 0: nothing to wait for. */
	uint32_t first, last; /* of its own actions */
	uint32_t exists, started, ready, gone;
};

/* Only root@pam itself may set this, no token whatever its rights. */
bool plan_root_removes(struct phx_str key); /* … nor take away */
bool plan_root_only(const struct plan_item *it, const struct phx_option *o, struct phx_str key,
		    struct phx_str value);

/* The action being written. */
struct plan_draft {
	struct phx_action a;
	struct phx_action_body body;
	struct {
		struct phx_param *v;
		uint32_t n, cap;
	} params;
	struct plan_ids needs;
	struct {
		struct phx_lock *v;
		uint32_t n, cap;
	} locks;
};

/* A file that must lie on a storage before a guest is made of it. */
struct plan_file {
	struct phx_str node, volume;
	const struct phx_image *image; /* NULL: an OS template */
	const struct plan_item *user;
	uint32_t action;
};

/* A guest whose disk reads from a template's. */
struct plan_link {
	uint64_t base;
	const struct phx_live_guest *clone;
	struct plan_item *item; /* NULL: nothing is planned for it */
};

struct plan {
	const struct phx_graph *g;
	const struct phx_snapshot *s;
	const struct phx_plan_options *o;
	struct phx_arena *arena;  /* the plan's */
	struct phx_arena scratch; /* what ends with the planning */
	struct phx_arena brief;   /* what ends with the text that is being made */
	struct phx_diag_bag *bag;
	struct phx_plan *out;
	struct plan_item *items; /* by resource index */
	uint32_t nitems;
	struct {
		struct plan_item **v;
		uint32_t n, cap;
	} left; /* guests and pools of the stack that the configuration does not name; by id */
	struct {
		struct plan_file *v;
		uint32_t n, cap;
	} files;
	struct phx_map file_map; /* "node volume" → index + 1 */
	struct phx_map texts;    /* path → struct plan_text *, of scripts; NULL: it could not be read */
	struct phx_map trees;    /* path → struct plan_tree *, likewise */
	struct {
		struct plan_link *v;
		uint32_t n, cap;
	} links; /* by base; filled when first asked for */
	bool linked;
	const struct phx_option_table *vm_options, *ct_options, *fw_vm, *fw_ct;
	struct phx_str own_tag;
	struct plan_draft draft;
	const struct phx_action *last_of[PHX_ACTION_OP_COUNT]; /* NULL: none yet */
	struct plan_entries entries;                           /* scratch: of the guest being created */
	struct {
		struct phx_attr_change *v;
		uint32_t n, cap;
	} attributes; /* scratch: of the change being described */
	struct {
		bool *v;
		uint32_t n, cap;
	} needed;            /* per action: some other needs it */
	struct phx_buf text; /* scratch */
	struct phx_buf more; /* scratch */
	bool failed;         /* an operation failed (tables): reported */
	struct {
		struct plan_script {
			const char *name;
			struct phx_str text;
		} * v;
		uint32_t n, cap;
	} scripts; /* of etc/host, as they were read */
	struct {
		struct plan_shared_file {
			struct phx_str node, volume;
			uint32_t action;
		} * v;
		uint32_t n, cap;
	} shared; /* snippets that several guests use */
};

/* text.c: strings in the plan's arena */
struct phx_str plan_join(struct phx_arena *a, uint32_t n, const struct phx_str *parts);
#define plan_text(p, ...)                                                                                    \
	plan_join((p)->arena, sizeof((const struct phx_str[]){__VA_ARGS__}) / sizeof(struct phx_str),        \
		  (const struct phx_str[]){__VA_ARGS__})
struct phx_str plan_number(struct plan *p, uint64_t n);
struct phx_str plan_keep(struct plan *p, const struct phx_buf *b);
struct phx_str plan_size_text(struct plan *p, uint64_t bytes); /* "8GiB" */
struct phx_str plan_disk_size(struct plan *p, uint64_t bytes); /* "8G", as Proxmox wants it */
/* The option of a guest's key, "scsi0" also; NULL: none. */
const struct phx_option *plan_option(const struct plan *p, bool is_vm, struct phx_str key);

/* action.c */
void plan_begin(struct plan *p, const struct plan_item *it, enum phx_action_op op, enum phx_action_type type);
void plan_call(struct plan *p, enum phx_method method, struct phx_str path, bool task);
void plan_param(struct plan *p, struct phx_str name, struct phx_str value);
void plan_param_secret(struct plan *p, struct phx_str name, struct phx_str value);
void plan_need(struct plan *p, uint32_t action);      /* 0 is none */
void plan_need_last(struct plan *p, uint32_t action); /* higher than all before */
void plan_hold(struct plan *p, struct phx_str name, bool exclusive, uint16_t limit);
/* Ends the draft with its line for people; it needs the item's action before it as well. */
uint32_t plan_end(struct plan *p, struct plan_item *it, struct phx_str summary);
uint32_t plan_put(struct plan *p, struct phx_str summary); /* the same without an item's chain */

/* plan.c */
void plan_open(struct plan *p);
void plan_close(struct plan *p);

/* The passes, in their order. */
bool plan_match(struct plan *p);        /* match.c: ids, living guests, nodes */
void plan_left(struct plan *p);         /* match.c: what left the configuration */
void plan_check_nodes(struct plan *p);  /* match.c */
void plan_select(struct plan *p);       /* select.c */
void plan_own(struct plan *p);          /* own.c: whose it is, and whether it may be touched at all */
void plan_decide(struct plan *p);       /* decide.c: create, update, replace, …, with the differences */
void plan_refuse(struct plan *p);       /* refuse.c */
void plan_files(struct plan *p);        /* workflow_image.c: what must lie on storages */
void plan_actions(struct plan *p);      /* workflow.c */
void plan_finish(struct plan *p);       /* workflow.c: counts */
void plan_lock_stack(struct plan *p);   /* workflow.c: the first action */
void plan_unlock_stack(struct plan *p); /* workflow.c: the last one; with nothing between them both go */
void plan_record(struct plan *p, struct plan_item *it); /* workflow.c: its change, into the plan */
/* select.c: just these (addresses or ids; none: all guests), without what they need. */
void plan_select_guests(struct plan *p, const struct phx_str *guests, uint32_t n);
void plan_show_refused(struct plan *p); /* workflow.c: what would have been planned, without any action */

/* desired.c: the graph's wishes in Proxmox's text form */
enum plan_nic_form {
	PLAN_NIC_WHOLE,    /* complete, with its MAC */
	PLAN_NIC_DECLARED, /* what the configuration says: to be laid over what lives */
};
void plan_nic_text(struct plan *p, const struct plan_item *it, const struct phx_nic *nic,
		   enum plan_nic_form form, struct phx_buf *out);
void plan_nic_addresses(const struct phx_nic *nic, struct phx_buf *b);          /* "ip=…,gw=…" appended */
uint32_t plan_nic_index(const struct plan_item *it, const struct phx_nic *nic); /* where it is, or shall be */
/* The value of a drive or mount that is to be made; false when the storage is missing (reported). */
bool plan_volume_text(struct plan *p, const struct plan_item *it, const struct phx_volume *v,
		      struct phx_buf *out);
struct phx_str plan_image_volume(struct plan *p, const struct phx_image *image);
struct phx_str plan_tags(struct plan *p, const struct plan_item *it);
struct phx_str plan_tags_join(struct plan *p, struct phx_str *tags, uint32_t n); /* sorts `tags` */
/* The stack whose mark a guest bears; empty: none, or this one's. */
struct phx_str plan_taken_from(const struct plan *p, const struct phx_live_guest *live);
/* A guest's tags as they are, and phx's own in place of another stack's. */
struct phx_str plan_tags_kept(struct plan *p, const struct phx_live_guest *live);
/* identity.c */
bool plan_volume_is_ours(const struct phx_volume *v);
bool plan_setting_is_hidden(const struct phx_setting *s);
struct phx_str plan_notes(const struct plan_item *it);
/* What a marker says of the steps inside: what it said before, or, after them, what was done. */
enum plan_mark {
	PLAN_MARK_BUILDING, /* creation goes on after this call */
	PLAN_MARK_NOW,
	PLAN_MARK_DONE,
};
struct phx_str plan_description(struct plan *p, const struct plan_item *it,
				enum plan_mark when); /* the whole of it */
struct phx_str plan_adopt_description(struct plan *p, const struct plan_item *it);
/* Its facts stand in p->brief. */
struct phx_marker plan_marker(struct plan *p, const struct plan_item *it, enum plan_mark when);
struct phx_str plan_spec(struct plan *p, const struct phx_guest *g);
/* As it is sent: a password as its hash. */
struct phx_str plan_sent_value(struct plan *p, const struct plan_item *it, const struct phx_setting *s);
struct phx_str plan_secret_salt(struct plan *p, const struct plan_item *it, struct phx_str key);
struct phx_str plan_secret_hash(struct plan *p, const struct plan_item *it, struct phx_str key,
				struct phx_str value);
/* entries.c. A clone begins with everything that its source has; these the language does not hand on. NULL-terminated. */
extern const char *const plan_not_inherited[];
/* `null` for an option: is there anything to take away? What Proxmox makes itself it makes at creation only: without a boot order a
 * VM boots from nothing. */
bool plan_takes_away(const struct phx_setting *s);
bool plan_says(const struct phx_guest *g, struct phx_str key); /* a setting of its own, or `protect` */
/* What create (all of it) or the config call after a clone (what is its own) sets besides name, notes, tags and pool. */
void plan_entries_create(struct plan *p, const struct plan_item *it, struct plan_entries *out);
void plan_entries_clone(struct plan *p, const struct plan_item *it, struct plan_entries *out);

/* diff*.c */
void plan_compare(struct plan *p, struct plan_item *it);
/* Where each declared volume and card is in the living guest. */
void plan_settle_volumes(struct plan *p, struct plan_item *it);
void plan_settle_nics(struct plan *p, struct plan_item *it);
bool plan_has_volumes(const struct phx_live_guest *live);
struct phx_str plan_value_text(struct plan *p, const struct phx_option *o,
			       struct phx_str value); /* describe.c */
/* Only a new guest can be as declared. */
void plan_want_replace(struct plan *p, struct plan_item *it, struct phx_span span, struct phx_str why);
/* drift.c: the fact `set`; and which differences somebody else made. */
struct phx_str plan_written(struct plan *p, const struct plan_item *it);
void plan_tell_drift(struct plan *p, struct plan_item *it, struct phx_change *c);
/* select.c, own.c, match.c */
bool plan_may_destroy(const struct plan *p,
		      const struct plan_item *it); /* --allow-destroy, lifecycle, phx destroy */
bool plan_named_target(const struct plan *p, const struct plan_item *it);
bool plan_named_destroy(const struct plan *p, const struct plan_item *it); /* --allow-destroy alone */
bool plan_is_leftover(const struct phx_live_guest *live);                  /* of a creation that was killed */
void plan_own_locks(struct plan *p, struct plan_item *it);
const struct phx_live_node *plan_find_node(const struct plan *p, struct phx_str name);
void plan_place(struct plan *p, struct plan_item *it); /* its texts, once id and node are known */

/* change.c */
struct phx_change *plan_change(struct plan *p, struct plan_item *it, enum phx_change_action action,
			       struct phx_str reason);
struct phx_attr_change *plan_attr(struct plan *p, struct phx_change *c, struct phx_str path,
				  struct phx_span span);
void plan_note(struct plan *p, struct phx_change *c, struct phx_str note);
void plan_describe_create(struct plan *p, struct plan_item *it); /* describe.c */

/* host_script.c: commands on the node */
/* Can something be done on the node itself? Without a cluster to ask, it is assumed. */
bool plan_has_channel(const struct plan *p);
/* As far as is known: the connection has a channel, or (without one) the cluster block gives one. */
bool plan_gives_channel(const struct plan *p, const struct plan_item *it);
/* The draft becomes a script of etc/host (NAME.sh) with `data` as what it reads; its words are pushed by plan_word. */
void plan_script(struct plan *p, const struct plan_item *it, enum phx_action_op op, const char *name,
		 struct phx_str data, bool secret);
void plan_word(struct plan *p, struct phx_str word);

/* Workflows: each emits the actions of its kind of change. */
void plan_create_vm(struct plan *p, struct plan_item *it);
void plan_create_container(struct plan *p, struct plan_item *it);
void plan_clone_guest(struct plan *p, struct plan_item *it); /* workflow_clone.c: clone and its config */
void plan_complete(struct plan *p, struct plan_item *it); /* workflow_ready.c: from the finished config on */
/* Pieces that several workflows use. */
bool plan_will_start(const struct plan_item *it);
bool plan_completes_late(
	const struct plan_item *it); /* something follows the configuration: the marker is written last */
void plan_entry_params(struct plan *p, const struct plan_item *it,
		       const struct plan_entries *e); /* into the draft */
void plan_host_config(struct plan *p, struct plan_item *it, const struct plan_entries *e);
void plan_hold_storage(struct plan *p, struct phx_str node, struct phx_str storage);
void plan_hold_volumes(struct plan *p, const struct plan_item *it, const struct plan_entries *e);
const uint32_t *plan_order(struct plan *p); /* order.c: items as they are written down */
void plan_resize(struct plan *p, struct plan_item *it, struct phx_str slot, uint64_t bytes);
void plan_move_disk(struct plan *p, struct plan_item *it, struct phx_str slot, struct phx_str storage);
bool plan_says_storage(const struct plan *p,
		       const struct phx_volume *v); /* the guest or the disk itself: not a default */
void plan_start(struct plan *p, struct plan_item *it);
void plan_shutdown(struct plan *p, struct plan_item *it, bool force);
void plan_need_gone(struct plan *p, const struct plan_item *it); /* what relies on it went before */
void plan_wait_ready(struct plan *p, struct plan_item *it,
		     bool first); /* `first`: of its life, with cloud-init at work */
/* workflow_steps.c: steps inside the guest. All of them run while it is built; later those that changed. */
void plan_settle_works(struct plan *p,
		       struct plan_item *it);      /* decides which run, once it is known to be built */
bool plan_has_works(const struct plan_item *it);   /* any that this plan runs */
bool plan_notes_works(const struct plan_item *it); /* the same, on the node included: the marker notes them */
void plan_steps(struct plan *p, struct plan_item *it);
void plan_node_steps(struct plan *p, struct plan_item *it); /* before it is configured and started */
void plan_node_steps_deleted(struct plan *p, struct plan_item *it);
void plan_node_steps_after(struct plan *p, struct plan_item *it); /* once it has let go */
void plan_clean(struct plan *p, struct plan_item *it);            /* a template's last command */
void plan_refuse_steps(struct plan *p, const struct plan_item *it);
void plan_waiting_steps(struct plan *p, const struct plan_item *it); /* a stopped guest's: told, not run */
/* step_work.c */
enum phx_guest_way plan_way(const struct plan *p, const struct plan_item *it);
bool plan_reaches_inside(const struct plan *p, const struct plan_item *it);
bool plan_fact_is_step(struct phx_str key);
void plan_check_rerun(struct plan *p);
void plan_off_again(struct plan *p, struct plan_item *it);
void plan_wait_state(struct plan *p, struct plan_item *it, struct phx_str what); /* "stopped", "running" */
void plan_snapshot(struct plan *p, struct plan_item *it, const struct phx_snapshot_decl *s);
void plan_template(struct plan *p, struct plan_item *it);
void plan_last_marker(struct plan *p, struct plan_item *it);
uint64_t plan_live_size(const struct phx_live_guest *live, struct phx_str slot, uint64_t otherwise);
#define PLAN_STOP_MS 180000 /* for guests whose configuration is gone */
bool plan_storage_shared(const struct plan *p, struct phx_str storage);
void plan_update_guest(struct plan *p, struct plan_item *it);
void plan_adopt_guest(struct plan *p, struct plan_item *it);
void plan_delete_guest(struct plan *p, struct plan_item *it);
void plan_firewall_create(struct plan *p, struct plan_item *it, bool cloned);
void plan_image_actions(struct plan *p, struct plan_item *it);
uint32_t plan_file_action(struct plan *p, const struct plan_item *user, struct phx_str volume);
void plan_pool_actions(struct plan *p, struct plan_item *it);
void plan_pool_delete(struct plan *p, struct plan_item *it);
struct phx_str plan_pool_mark(struct plan *p);
struct phx_str plan_pool_comment(struct plan *p, struct phx_str comment, bool *out_ours);
uint32_t plan_last_of_guest(const struct plan *p, uint64_t id, uint32_t otherwise);
uint64_t plan_linked_to(const struct plan *p,
			const struct plan_item *it); /* whose linked clone it shall be; 0: nobody's */
/* Clones whose disks hang on the template's. */
const struct plan_link *plan_links(struct plan *p, uint64_t base, uint32_t *out_n);
/* Whether it cannot live on when the other goes: a linked clone of it, or one that depends on it. A full clone lives on, and so does
 * what was made from an image. */
bool plan_falls_with(struct plan *p, const struct plan_item *it, const struct phx_edge *e);
void plan_break_lock(struct plan *p, struct plan_item *it);
struct phx_str plan_default_node(const struct plan *p);
void plan_entry_needs(struct plan *p, const struct plan_item *it, bool starts);
