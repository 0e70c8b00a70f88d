/* Whatever became of a cluster behind phx's back: a plan that is not refused is sound, its estimate is possible, and carried out
 * it leaves nothing to do. */
#include "plan/preflight.h"
#include "plan_chance.h"

enum { SEEDS = 500 };

static const char *few_guests(struct lab *l, uint64_t seed, uint32_t least)
{
	struct chance c = {.state = seed * 2 + 1};
	const char *kept;

	phx_buf_c(&c.text,
		  "pool p { comment = \"x\" }\nimage n { url = \"https://x.org/n.qcow2\"; storage = "
		  "\"local\" }\n"
		  "vm t { id = 9000; template = true; image = image.n; storage = \"ssd\"; disk = 8GiB; "
		  "memory = 1GiB; cores = 1\n"
		  "  network { ip = dhcp } }\n");
	chance_vm(&c, 101, false, least);
	chance_vm(&c, 102, true, least);
	chance_container(&c, 201, false, least);
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&c.text)).ptr;
	phx_buf_done(&c.text);
	return kept;
}

static void set(struct lab *l, struct phx_live_guest *g, const char *key, const char *value)
{
	if (phx_live_value(g, phx_str_c(key)).len)
		lab_put(l, g, phx_str_c(key), phx_str_c(value));
}

/* One thing that a hand, a script or a crash does to a guest. */
static void disturb(struct chance *c, struct lab *l, struct phx_live_guest *g)
{
	switch (chance_roll(c, 10)) {
	case 0:
		set(l, g, "memory", "777");
		break;
	case 1:
		set(l, g, "cores", "7");
		break;
	case 2:
		g->running = !g->running && !g->is_template;
		g->status = g->running ? PHX_STR("running") : PHX_STR("stopped");
		break;
	case 3:
		lab_put(l, g, PHX_STR("tags"), PHX_STR("somebody"));
		break;
	case 4:
		lab_put(l, g, PHX_STR("description"), PHX_STR("")); /* the marker is gone, the tag is not */
		break;
	case 5:
		set(l, g, "net1", "");
		break;
	case 6:
		set(l, g, "onboot", "0");
		break;
	case 7:
		set(l, g, "nameserver", "9.9.9.9");
		break;
	case 8:
		if (g->fw_rules.n)
			g->fw_rules.n--;
		break;
	case 9:
		set(l, g, "swap", "999");
		break;
	}
}

static void remove_guest(struct lab *l, uint32_t at)
{
	for (uint32_t i = at; i + 1 < l->s->guests.n; i++)
		l->s->guests.v[i] = l->s->guests.v[i + 1];
	l->s->guests.n--;
	lab_settle(l);
}

static const struct phx_live_guest *some_state(struct chance *c, struct lab *l)
{
	const struct phx_live_guest *foreign =
		lab_live(l, 5000, true, chance_roll(c, 2) != 0,
			 "name: theirs\nmemory: 512\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr0\n");

	for (uint32_t n = 1 + chance_roll(c, 4); n > 0; n--) {
		struct phx_live_guest *g = l->s->guests.v[chance_roll(c, l->s->guests.n)];

		if (g->id != 5000)
			disturb(c, l, g);
	}
	lab_settle(l);
	/* Never the template: what was cloned from it would have lost its disks. */
	if (chance_roll(c, 5) == 0)
		for (uint32_t i = 0; i < l->s->guests.n; i++)
			if (l->s->guests.v[i]->id == 201) {
				remove_guest(l, i);
				break;
			}
	return foreign;
}

static bool locks_clash(const struct phx_action *a, const struct phx_action *b)
{
	for (uint32_t i = 0; i < a->locks.n; i++)
		for (uint32_t k = 0; k < b->locks.n; k++)
			if (phx_str_eq(a->locks.v[i].name, b->locks.v[k].name) &&
			    (a->locks.v[i].exclusive || b->locks.v[k].exclusive))
				return true;
	return false;
}

/* What the estimate says of the order is what the locks and needs allow. */
static void estimate_is_possible(const struct phx_plan *p)
{
	const struct phx_estimate *e = p->estimate;
	uint64_t end = 0;

	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *a = p->actions.v[i];

		end = e->start_ms[i] + e->ms[i] > end ? e->start_ms[i] + e->ms[i] : end;
		for (uint32_t k = 0; k < a->needs.n; k++)
			assert_true(e->start_ms[i] >=
				    e->start_ms[a->needs.v[k] - 1] + e->ms[a->needs.v[k] - 1]);
		for (uint32_t k = 0; k < i; k++)
			if (locks_clash(a, p->actions.v[k]))
				assert_true(e->start_ms[i] >= e->start_ms[k] + e->ms[k] ||
					    e->start_ms[k] >= e->start_ms[i] + e->ms[i]);
	}
	assert_int_equal(e->makespan_ms, end);
	assert_true(e->critical.n > 0);
	for (uint32_t i = 1; i < e->critical.n; i++) {
		uint32_t before = e->critical.v[i - 1] - 1, after = e->critical.v[i] - 1;

		assert_int_equal(e->start_ms[after], e->start_ms[before] + e->ms[before]);
	}
	assert_int_equal(e->start_ms[e->critical.v[0] - 1], 0);
}

static void plan_is_sound(const struct phx_plan *p)
{
	bool made[10000] = {false};

	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *a = p->actions.v[i];
		bool digest = (a->later & PHX_LATER_DIGEST) != 0;

		assert_int_equal(a->id, i + 1);
		assert_true(a->guest_id != 5000); /* somebody else's */
		for (uint32_t k = 0; k < a->params.v.n; k++)
			digest = digest || phx_str_eqc(a->params.v.v[k].name, "digest");
		if (a->op == PHX_OP_CREATE || a->op == PHX_OP_CLONE)
			made[a->guest_id] = true;
		/* Nobody else's change is overwritten. */
		if (a->op == PHX_OP_CONFIG)
			assert_true(digest || made[a->guest_id]);
	}
}

static void whatever_became_of_the_cluster_is_mended(void **state)
{
	uint32_t refused = 0, busy = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct chance c = {.state = seed};
		struct phx_preflight_options o = {0};
		const struct phx_live_guest *foreign;
		struct phx_str before;
		struct lab l = {0};
		struct phx_plan *p;

		lab_open(&l, "");
		lab_edit(&l, few_guests(&l, seed, 0));
		lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
		lab_converge(&l);
		foreign = some_state(&c, &l);
		before = foreign->digest;
		if (chance_roll(&c, 2))
			lab_edit(&l, few_guests(&l, seed + 2000, 3));
		p = lab_plan(&l);
		if (!p) {
			refused++;
			lab_close(&l);
			continue;
		}
		busy += p->actions.n > 0;
		plan_is_sound(p);
		assert_true(phx_preflight(p, &o));
		if (p->actions.n)
			estimate_is_possible(p);
		lab_apply(&l, p, p->actions.n);
		p = lab_good_plan(&l);
		if (!phx_plan_is_empty(p))
			fail_msg("seed %llu: something is left to do:\n%s", (unsigned long long)seed,
				 lab_text(&l, p));
		assert_true(phx_str_eq(lab_guest(&l, 5000)->digest, before));
		lab_close(&l);
	}
	/* Most states can be mended, and most of them have to be. */
	assert_true(refused < SEEDS / 10);
	assert_true(busy > SEEDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_became_of_the_cluster_is_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
