#include <string.h>

#include "model/endpoint_priv.h"

struct phx_path_node {
	struct phx_map children;     /* segment → struct phx_path_node * */
	struct phx_path_node *param; /* for {name} */
	struct phx_str param_name;
	const struct phx_endpoint *endpoint; /* that ends here, or NULL */
};

/* Cuts the next segment off; empty ones (doubled and trailing slashes) do not count. */
static bool next_segment(struct phx_str *rest, struct phx_str *out)
{
	while (phx_str_cut(rest, '/', out)) {
		if (out->len > 0)
			return true;
	}
	return false;
}

static bool is_param(struct phx_str segment)
{
	return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

static struct phx_path_node *child(struct phx_arena *arena, struct phx_path_node *node,
				   struct phx_str segment)
{
	if (is_param(segment)) {
		if (!node->param)
			node->param = PHX_NEW(arena, struct phx_path_node);
		node->param_name = phx_str_slice(segment, 1, segment.len - 2);
		return node->param;
	}
	struct phx_map_entry *e = phx_map_put(arena, &node->children, segment, NULL);
	if (!e->ptr)
		e->ptr = PHX_NEW(arena, struct phx_path_node);
	return e->ptr;
}

const struct phx_path_node *phx_path_tree(struct phx_arena *arena, const struct phx_endpoint *const *all,
					  uint32_t n)
{
	struct phx_path_node *root = PHX_NEW(arena, struct phx_path_node);
	for (uint32_t i = 0; i < n; i++) {
		struct phx_path_node *node = root;
		struct phx_str rest = all[i]->path, segment;
		while (next_segment(&rest, &segment))
			node = child(arena, node, segment);
		node->endpoint = all[i];
	}
	return root;
}

/* Everything from `first` on. */
static struct phx_str whole_rest(struct phx_str path, struct phx_str first)
{
	struct phx_str rest = phx_str_from(path, (size_t)(first.ptr - path.ptr));
	while (phx_str_ends(rest, "/"))
		rest.len--;
	return rest;
}

const struct phx_endpoint *phx_endpoint_find(const struct phx_endpoints *e, struct phx_str path,
					     struct phx_path_params *out)
{
	const struct phx_path_node *node = e->root;
	struct phx_str rest = path, segment;
	out->n = 0;
	while (next_segment(&rest, &segment)) {
		const struct phx_path_node *next = phx_map_get(&node->children, segment);
		if (next) {
			node = next;
			continue;
		}
		if (!node->param || out->n >= PHX_PATH_PARAMS_MAX)
			return NULL;
		bool takes_rest = node->param->endpoint && node->param->endpoint->rest;
		out->v[out->n++] = (struct phx_path_param){node->param_name,
							   takes_rest ? whole_rest(path, segment) : segment};
		node = node->param;
		if (takes_rest)
			break;
	}
	return node->endpoint;
}
