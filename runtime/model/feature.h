/* Features that phx brings along: in etc/features, NAME.phx declares one in phx's own language, with its script beside
 * it. They need no `feature` block; one of the same name in a configuration wins. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/* Which there are. */
struct phx_feature_list {
	struct phx_str dir;          /* where they were looked for */
	const struct phx_str *names; /* sorted */
	uint32_t n;                  /* 0 when the directory cannot be read */
};

/* Reads the directory (see phx_etc_dir); everything lives in `a`. Never NULL. */
const struct phx_feature_list *phx_feature_list(struct phx_arena *a);
bool phx_feature_listed(const struct phx_feature_list *l, struct phx_str name);
/* The file that declares it. */
struct phx_str phx_feature_file(const struct phx_feature_list *l, struct phx_str name, struct phx_arena *a);
