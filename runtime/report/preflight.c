/* What is known before anything is done, as text: the estimate, the capacity, the roles. */
#include "plan/preflight.h"
#include "report/report.h"

/* As one says it: "40 s", "6 min", "2 h 10 min". */
static void duration(struct phx_buf *out, uint64_t ms)
{
	uint64_t s = (ms + 500) / 1000, min = (s + 30) / 60;

	if (s < 10)
		phx_buf_printf(out, "%llu s", (unsigned long long)(s ? s : 1));
	else if (s < 95)
		phx_buf_printf(out, "%llu s", (unsigned long long)((s + 2) / 5 * 5));
	else if (min < 90)
		phx_buf_printf(out, "%llu min", (unsigned long long)min);
	else
		phx_buf_printf(out, "%llu h %llu min", (unsigned long long)(min / 60),
			       (unsigned long long)(min % 60));
}

enum { CHAIN_MAX = 5, DOWN_MAX = 3 };

/* Addresses along the longest chain, each once. */
static uint32_t chain(const struct phx_plan *p, struct phx_str *v)
{
	const struct phx_estimate *e = p->estimate;
	struct phx_str last = PHX_STR("");
	uint32_t n = 0;

	for (uint32_t i = 0; i < e->critical.n; i++) {
		const struct phx_action *a = p->actions.v[e->critical.v[i] - 1];

		if (a->op == PHX_OP_LOCK || a->op == PHX_OP_UNLOCK || phx_str_eq(a->address, last))
			continue;
		last = a->address;
		if (n < CHAIN_MAX)
			v[n] = last;
		n++;
	}
	return n;
}

static void downtimes(const struct phx_estimate *e, struct phx_buf *out)
{
	uint64_t longest = 0;

	if (!e->downtime.n)
		return;
	phx_buf_c(out, "; ");
	if (e->downtime.n > DOWN_MAX) {
		for (uint32_t i = 0; i < e->downtime.n; i++)
			if (e->downtime.v[i].ms > longest)
				longest = e->downtime.v[i].ms;
		phx_buf_printf(out, "%u guests are down, each for up to about ", e->downtime.n);
		duration(out, longest);
		return;
	}
	for (uint32_t i = 0; i < e->downtime.n; i++) {
		if (i)
			phx_buf_c(out, ", ");
		phx_buf_printable(out, e->downtime.v[i].address);
		phx_buf_c(out, " is down for about ");
		duration(out, e->downtime.v[i].ms);
	}
}

void phx_report_estimate(const struct phx_plan *p, struct phx_buf *out)
{
	struct phx_str v[CHAIN_MAX];
	uint32_t n;

	if (!p->estimate || !p->actions.n)
		return;
	phx_buf_c(out, "About ");
	duration(out, p->estimate->makespan_ms);
	n = chain(p, v);
	if (n > 1) {
		phx_buf_c(out, "; longest chain: ");
		for (uint32_t i = 0; i < n && i < CHAIN_MAX; i++) {
			if (i)
				phx_buf_c(out, " → ");
			phx_buf_printable(out, v[i]);
		}
		if (n > CHAIN_MAX)
			phx_buf_printf(out, " and %u more", n - CHAIN_MAX);
	}
	downtimes(p->estimate, out);
	phx_buf_ch(out, '.');
}

/* --- capacity --- */

static void amount(struct phx_buf *out, const struct phx_capacity_row *r, uint64_t n)
{
	struct phx_buf text = {0};

	if (r->kind == PHX_CAP_CORES)
		phx_buf_u64(&text, n);
	else
		phx_buf_printf(&text, "%.1f GiB", (double)n / (double)((uint64_t)1 << 30));
	phx_buf_fill(out, ' ', text.len < 13 ? 13 - text.len : 0);
	phx_buf_str(out, phx_buf_view(&text));
	phx_buf_done(&text);
}

void phx_report_capacity(const struct phx_plan *p, struct phx_buf *out)
{
	if (!p->capacity || !p->capacity->rows.n)
		return;
	phx_buf_c(out, "Promised to guests              before        after     there is\n");
	for (uint32_t i = 0; i < p->capacity->rows.n; i++) {
		const struct phx_capacity_row *r = &p->capacity->rows.v[i];
		size_t start = out->len, width;

		phx_buf_c(out, "  ");
		phx_buf_printable(out, r->node);
		phx_buf_ch(out, ' ');
		if (r->kind == PHX_CAP_STORAGE)
			phx_buf_printable(out, r->storage);
		else
			phx_buf_c(out, r->kind == PHX_CAP_MEMORY ? "memory" : "processors");
		width = out->len - start;
		phx_buf_fill(out, ' ', width < 25 ? 25 - width : 1);
		amount(out, r, r->before);
		amount(out, r, r->after);
		amount(out, r, r->physical);
		if (r->over)
			phx_buf_c(out, "  more than the limit");
		phx_buf_ch(out, '\n');
	}
}

/* --- roles --- */

static void grant(struct phx_buf *out, const struct phx_role *r, struct phx_str path, const char *kind,
		  struct phx_str who)
{
	phx_buf_printf(out,
		       "pveum acl modify " PHX_STR_FMT " --%s '" PHX_STR_FMT "' --roles " PHX_STR_FMT "\n",
		       PHX_STR_ARG(path), kind, PHX_STR_ARG(who), PHX_STR_ARG(r->name));
}

void phx_report_roles(const struct phx_roles *roles, struct phx_str identity, struct phx_buf *out)
{
	struct phx_str rest = identity, user = PHX_STR("");
	bool token = phx_str_chr(identity, '!') >= 0;

	if (!phx_str_cut(&rest, '!', &user))
		user = identity;
	phx_buf_c(out, "# What this configuration needs, and no more. On a node, as root:\n\n");
	for (uint32_t i = 0; i < roles->v.n; i++) {
		const struct phx_role *r = &roles->v.v[i];

		phx_buf_printf(out, "pveum role add " PHX_STR_FMT " --privs '", PHX_STR_ARG(r->name));
		for (uint32_t k = 0; k < r->privileges.n; k++) {
			if (k)
				phx_buf_ch(out, ' ');
			phx_buf_str(out, r->privileges.v[k]);
		}
		phx_buf_c(out, "'\n");
	}
	phx_buf_ch(out, '\n');
	for (uint32_t i = 0; i < roles->v.n; i++)
		for (uint32_t k = 0; k < roles->v.v[i].paths.n; k++) {
			grant(out, &roles->v.v[i], roles->v.v[i].paths.v[k], "users", user);
			if (token)
				grant(out, &roles->v.v[i], roles->v.v[i].paths.v[k], "tokens", identity);
		}
	phx_buf_c(out, "\n# `pveum role modify` where a role is there already. Moving guests between nodes "
		       "takes VM.Migrate as "
		       "well.\n");
	if (token)
		phx_buf_c(out, "# A token with privilege separation has what both it and its user have: so "
			       "each line "
			       "stands twice.\n");
	if (roles->root)
		phx_buf_c(out, "# Some of it only root@pam itself may do, whatever a role says.\n");
}
