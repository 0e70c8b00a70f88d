#include "cli/guests.h"

#include <sys/stat.h>

static bool is_path(struct phx_str word)
{
	struct stat st;

	return phx_str_chr(word, '/') >= 0 || phx_str_ends(word, ".phx") || phx_str_ends(word, ".json") ||
	       phx_str_eqc(word, ".") || phx_str_eqc(word, "..") || stat(word.ptr, &st) == 0;
}

static bool is_number(struct phx_str word, uint64_t *out)
{
	return phx_parse_u64(word, out);
}

void phx_guest_words_take(struct phx_cli *cli, struct phx_guest_words *out)
{
	uint32_t kept = 0;
	uint64_t id;

	for (uint32_t i = 0; i < cli->args.words.n; i++) {
		struct phx_str word = phx_str_c(cli->args.words.v[i]);

		/* An id is an id, also beside a directory of that name: `./101` is the directory. */
		if (!is_number(word, &id) && is_path(word))
			cli->args.words.v[kept++] = cli->args.words.v[i];
		else if (phx_str_eqc(word, "all"))
			out->all = true;
		else
			phx_vec_push(cli->arena, &out->v, word);
	}
	cli->args.words.n = kept;
}

static bool is_guest(const struct phx_resource *r)
{
	return r && (r->kind == PHX_KIND_VM || r->kind == PHX_KIND_CONTAINER);
}

const struct phx_guest *phx_guest_of_address(const struct phx_cli *cli, struct phx_str address)
{
	const struct phx_resource *r = phx_map_get(&cli->graph->by_address, address);

	return is_guest(r) ? (const struct phx_guest *)(const void *)r : NULL;
}

/* A VM and a container may share a name; then the word does not say which. */
static const struct phx_guest *by_name(const struct phx_cli *cli, struct phx_str word, uint32_t *out_n)
{
	const struct phx_guest *found = NULL;

	*out_n = 0;
	for (uint32_t i = 0; i < cli->graph->guests.n; i++) {
		const struct phx_guest *g = cli->graph->guests.v[i];

		if (!phx_str_eq(g->r.name, word) && !phx_str_eq(g->host_name, word))
			continue;
		found = g;
		(*out_n)++;
	}
	return found;
}

static bool unknown(struct phx_cli *cli, struct phx_str word, uint32_t n)
{
	PHX_VEC(struct phx_str) names = {0};
	struct phx_str near;

	if (n > 1) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`" PHX_STR_FMT "` names %u guests", PHX_STR_ARG(word),
			    n);
		phx_err_hint(&cli->err, "say vm." PHX_STR_FMT " or container." PHX_STR_FMT, PHX_STR_ARG(word),
			     PHX_STR_ARG(word));
		return false;
	}
	for (uint32_t i = 0; i < cli->graph->guests.n; i++) {
		phx_vec_push(cli->arena, &names, cli->graph->guests.v[i]->r.address);
		phx_vec_push(cli->arena, &names, cli->graph->guests.v[i]->r.name);
	}
	near = phx_str_nearest(word, names.v, names.n);
	phx_err_set(&cli->err, PHX_ERR_USAGE, "the configuration has no guest `" PHX_STR_FMT "`",
		    PHX_STR_ARG(word));
	if (near.len)
		phx_err_hint(&cli->err, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	else
		phx_err_hint(&cli->err, "guests are named by address (vm.web), id or name; files by a path");
	return false;
}

static const struct phx_guest *resolve(struct phx_cli *cli, struct phx_str word, uint32_t *out_n)
{
	const struct phx_guest *g = phx_guest_of_address(cli, word);
	uint64_t id;

	*out_n = 1;
	if (g)
		return g;
	if (is_number(word, &id))
		return phx_map_get(&cli->graph->by_guest_id, word);
	return by_name(cli, word, out_n);
}

bool phx_guest_words_resolve(struct phx_cli *cli, struct phx_guest_words *w)
{
	if (w->all && w->v.n) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`all` stands alone: it is beside `" PHX_STR_FMT "`",
			    PHX_STR_ARG(w->v.v[0]));
		phx_err_hint(&cli->err, "say `all`, or name the guests");
		return false;
	}
	for (uint32_t i = 0; i < w->v.n; i++) {
		uint32_t n = 0;
		const struct phx_guest *g = resolve(cli, w->v.v[i], &n);

		if (!g || n != 1)
			return unknown(cli, w->v.v[i], n);
		w->v.v[i] = g->r.address;
	}
	return true;
}
