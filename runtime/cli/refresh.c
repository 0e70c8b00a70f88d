/* --refresh-guests: looks inside running guests, all at once, before the plan is made. */
#include "cli/refresh.h"

#include <poll.h>

#include "guest/channel.h"

struct looking {
	struct phx_cli *cli;
	struct phx_snapshot *snapshot;
	uint32_t open;
};

struct one {
	struct looking *all;
	const struct phx_look *look;
};

static struct phx_live_guest *guest_of(struct looking *l, uint64_t id)
{
	for (uint32_t i = 0; i < l->snapshot->guests.n; i++)
		if (l->snapshot->guests.v[i]->id == id)
			return l->snapshot->guests.v[i];
	return NULL;
}

/* "phx-look 3 its content": what is different; nothing behind the number: it is so. */
static bool take_line(const struct one *x, struct phx_live_guest *g, struct phx_str line)
{
	struct phx_str rest = line, word;
	uint64_t n;

	if (!phx_str_cut(&rest, ' ', &word) || !phx_str_eqc(word, "phx-look") ||
	    !phx_str_cut(&rest, ' ', &word) || !phx_parse_u64(word, &n) || n >= x->look->keys.n)
		return false;
	rest = phx_str_trim(rest.ptr ? rest : PHX_STR(""));
	if (rest.len)
		phx_vec_push(x->all->cli->arena, &g->inside,
			     ((struct phx_kv){x->look->keys.v[n], phx_str_dup(x->all->cli->arena, rest)}));
	return true;
}

static void looked(void *user, const struct phx_guest_end *end)
{
	struct one *x = user;
	struct phx_live_guest *g = guest_of(x->all, x->look->id);
	struct phx_str rest = end->out, line;
	uint32_t n = 0;

	x->all->open--;
	while (g && end->err.kind == PHX_ERR_NONE && phx_str_cut(&rest, '\n', &line))
		n += take_line(x, g, line);
	if (n < x->look->keys.n)
		phx_cli_note(x->all->cli,
			     PHX_STR_FMT " could not be looked into: " PHX_STR_FMT
					 "; it is planned by what its marker says",
			     PHX_STR_ARG(x->look->address),
			     PHX_STR_ARG(end->err.kind != PHX_ERR_NONE
						 ? phx_buf_view(&end->err.msg)
						 : PHX_STR("it did not answer in full")));
}

static void start(struct looking *l, struct phx_channel *c, const struct phx_look *look)
{
	enum { LOOK_MS = 60000 };
	static const struct phx_str argv[] = {{"/bin/sh", 7}, {"-s", 2}};
	struct one *x = PHX_NEW(l->cli->arena, struct one);
	struct phx_guest_run run = {.guest = look->ref,
				    .way = look->way,
				    .argv = argv,
				    .argc = PHX_COUNTOF(argv),
				    .input = look->script,
				    .timeout_ms = LOOK_MS};
	struct phx_guest_watch watch = {.done = looked, .user = x};

	*x = (struct one){.all = l, .look = look};
	l->open++;
	(void)phx_guest_run(c, &run, &watch);
}

void phx_cli_refresh(struct phx_cli *cli, struct phx_snapshot *snapshot, const struct phx_plan_options *o)
{
	enum { LONGEST_MS = 500 };
	struct looking l = {.cli = cli, .snapshot = snapshot};
	struct phx_looks looks = {0};
	struct phx_channel *c;

	phx_plan_looks(cli->graph, snapshot, o, cli->arena, &cli->sources, &looks);
	if (!looks.v.n)
		return;
	/* Looking inside takes commands in guests, which are POSTs: that is what was asked for, and all that this handle can. */
	c = phx_channel_open(phx_backend_inside(cli->backend), cli->arena, &cli->secrets);
	for (uint32_t i = 0; i < looks.v.n; i++)
		start(&l, c, &looks.v.v[i]);
	while (l.open) {
		uint64_t wait = phx_channel_work(c), since = phx_now_ms();

		wait = wait < LONGEST_MS ? wait : LONGEST_MS;
		if (!l.open)
			break;
		if (!phx_backend_run(cli->backend, wait, -1) && phx_now_ms() == since)
			poll(NULL, 0, (int)wait);
	}
	phx_channel_close(c);
}
