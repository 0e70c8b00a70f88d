/* phx's mark on a guest: the tag `phx-<stack>` and one comment line at the end of the notes. The line says whose the guest
 * is, and remembers what Proxmox cannot report. A copy made by hand carries the line too: the id in it tells the copy from the original. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

struct phx_marker {
	struct phx_str stack;
	struct phx_str address; /* vm.web */
	uint64_t id;            /* of the guest it was written for */
	bool building;          /* creation is not complete until a marker without this is written last */
	struct phx_str spec;    /* hash of what a template was built from; empty for other guests */
	/* name → text, sorted: "slot:data" = "scsi1", "hash:cipassword" = "…", later "feature:docker" = hash … */
	PHX_VEC(struct phx_map_entry) facts; /* value: ptr to a struct phx_str in the arena */
};

/* The line, without newline: an HTML comment, so that the web interface does not show it. Same marker, same bytes. */
void phx_marker_print(const struct phx_marker *m, struct phx_buf *out);
/* Finds and reads the marker line in a description (in Proxmox's read-back form): of several the last. *out_notes gets the notes
 * without it. False: none there, or not readable (then *out_notes is the whole text). */
PHX_MUST_USE bool phx_marker_read(struct phx_str description, struct phx_arena *a, struct phx_marker *out,
				  struct phx_str *out_notes);
/* Notes and marker joined into a description. */
void phx_marker_description(struct phx_str notes, const struct phx_marker *m, struct phx_buf *out);
struct phx_str phx_marker_fact(const struct phx_marker *m, const char *name); /* empty: none */
void phx_marker_set_fact(struct phx_arena *a, struct phx_marker *m, struct phx_str name,
			 struct phx_str value);
struct phx_str phx_marker_tag(struct phx_arena *a, struct phx_str stack); /* "phx-lab" */
