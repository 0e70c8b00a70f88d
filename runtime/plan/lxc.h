/* What root does on the node for a container: raw lines in its configuration, directories that it mounts. */
#pragma once

#include "model/lxc.h"
#include "plan/diff.h"

/* The fact that remembers which raw lines are phx's: short hashes of them, sorted; empty: none. */
struct phx_str plan_lxc_fact(struct plan *p, const struct phx_guest *g);
/* The fact `mount:PATH` of a directory: what it was given; empty: the configuration says nothing of it. */
struct phx_str plan_directory_fact(struct plan *p, const struct plan_item *it, const struct phx_volume *v);

/* Is it other than what the marker says of it? */
bool plan_directory_moves(struct plan *p, const struct plan_item *it, const struct phx_volume *v);

void plan_diff_lxc(struct plan_diff *d);
void plan_diff_directories(struct plan_diff *d);
/* The lines as they shall be; `digest` of the file as it was seen, empty: any. False: nothing is to be done. */
bool plan_lxc(struct plan *p, struct plan_item *it, struct phx_str digest);
/* The directories, before what mounts them. `all`: of a new container; else those that changed. */
void plan_directories(struct plan *p, struct plan_item *it, bool all);
void plan_lxc_refuse(struct plan *p, const struct plan_item *it);
