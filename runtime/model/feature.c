#include "model/feature.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/sys.h"

static const struct phx_str suffix = {".phx", 4};

static int by_name(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

const struct phx_feature_list *phx_feature_list(struct phx_arena *a)
{
	struct phx_feature_list *l = PHX_NEW(a, struct phx_feature_list);
	PHX_VEC(struct phx_str) names = {0};
	struct dirent *entry;
	DIR *d;

	l->dir = phx_path_join(a, phx_etc_dir(a), PHX_STR("features"));
	d = opendir(l->dir.ptr);
	while (d && (entry = readdir(d)) != NULL) {
		struct phx_str name = phx_str_c(entry->d_name);

		if (entry->d_name[0] != '.' && phx_str_ends(name, ".phx"))
			phx_vec_push(a, &names,
				     phx_str_dup(a, phx_str_slice(name, 0, name.len - suffix.len)));
	}
	if (d)
		closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	l->names = names.v;
	l->n = names.n;
	return l;
}

bool phx_feature_listed(const struct phx_feature_list *l, struct phx_str name)
{
	return l->n && bsearch(&name, l->names, l->n, sizeof(*l->names), by_name);
}

struct phx_str phx_feature_file(const struct phx_feature_list *l, struct phx_str name, struct phx_arena *a)
{
	return phx_str_printf(a, PHX_STR_FMT "/" PHX_STR_FMT PHX_STR_FMT, PHX_STR_ARG(l->dir),
			      PHX_STR_ARG(name), PHX_STR_ARG(suffix));
}
