/* Policies: what they are bound to, and what they find, without any command around them. */
#include "sema_text.h"

struct policy_run {
	struct sema_run sema;
	struct phx_policies *policies;
	struct phx_policy_report report;
};

static void start(struct policy_run *r, const char *text)
{
	*r = (struct policy_run){.sema.options.out_policies = &r->policies};
	sema_run_text(&r->sema, text);
}

static void evaluate(struct policy_run *r, const struct phx_policy_input *input)
{
	phx_policies_evaluate(r->policies, input, &r->sema.arena, &r->report);
}

static void stop(struct policy_run *r)
{
	phx_policies_done(r->policies);
	sema_run_done(&r->sema);
}

static struct phx_member member_of(struct phx_arena *a, const char *key, struct phx_value v)
{
	struct phx_value *copy = PHX_NEW(a, struct phx_value);

	*copy = v;
	return (struct phx_member){.key = phx_str_c(key), .value = copy};
}

static struct phx_value text(const char *s)
{
	return phx_value_str(phx_str_c(s), (struct phx_span){0});
}

/* A list of one change: delete of vm.gone, for which an object stands. */
static struct phx_value one_change(struct phx_arena *a)
{
	struct phx_object *guest = PHX_NEW(a, struct phx_object), *change = PHX_NEW(a, struct phx_object);
	struct phx_value *list = PHX_NEW(a, struct phx_value);

	guest->v = PHX_NEW_N(a, struct phx_member, 1);
	guest->v[guest->n++] = member_of(a, "name", text("gone"));
	change->v = PHX_NEW_N(a, struct phx_member, 3);
	change->v[change->n++] = member_of(a, "address", text("vm.gone"));
	change->v[change->n++] = member_of(a, "action", text("delete"));
	change->v[change->n++] = member_of(a, "guest", (struct phx_value){.kind = PHX_V_MAP, .map = guest});
	*list = (struct phx_value){.kind = PHX_V_MAP, .map = change};
	return (struct phx_value){.kind = PHX_V_LIST, .list = {list, 1}};
}

static void without_policies_nothing_is_kept(void **state)
{
	struct policy_run r;

	(void)state;
	start(&r, "let x = 3\nassert x == 3");
	assert_null(r.policies);
	stop(&r);
}

static void a_finding_names_its_guest_and_its_place(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct policy_run r;

	(void)state;
	start(&r, "vm a { id = 101; memory = 1GiB }\nvm b { id = 102; memory = 9GiB }\n"
		  "policy p { for g in guests() { assert g.memory < 8GiB, \"${g.name}: ${g.memory}\" } }");
	evaluate(&r, &nothing);
	assert_true(r.report.denied);
	assert_false(r.report.broken);
	assert_int_equal(r.report.v.n, 1);
	assert_false(r.report.v.v[0].passed);
	assert_int_equal(r.report.v.v[0].findings.n, 1);
	assert_true(phx_str_eqc(r.report.v.v[0].findings.v[0].message, "b: 9GiB"));
	assert_true(phx_str_eqc(r.report.v.v[0].findings.v[0].address, "vm.b"));
	assert_int_equal(phx_source_pos(&r.sema.sources, r.report.v.v[0].findings.v[0].offends).line, 2);
	assert_int_equal(phx_source_pos(&r.sema.sources, r.report.v.v[0].findings.v[0].check).line, 3);
	stop(&r);
}

static void without_a_plan_checks_of_changes_are_left_out(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct policy_run r;

	(void)state;
	start(&r, "policy p {\n assert length(changes()) == 17\n"
		  " for c in changes() { assert false }\n assert 1 == 1\n}");
	evaluate(&r, &nothing);
	assert_true(r.report.v.v[0].passed);
	assert_true(r.report.v.v[0].partial);
	assert_false(r.report.denied);
	assert_string_equal(sema_codes(&r.sema), "");
	stop(&r);
}

static void an_object_that_stands_for_a_guest_has_null_for_what_is_not_known(void **state)
{
	struct phx_policy_input input = {0};
	struct phx_value changes;
	struct policy_run r;

	(void)state;
	start(&r, "policy p {\n severity = warn\n for c in changes() {\n"
		  "  assert c.guest.name == \"gone\"\n  assert c.guest.memory == null\n"
		  "  assert c.guest.network.bridge == null\n  assert c.guest.networks[\"net1\"].ip == null\n"
		  "  assert c.action != delete, \"${c.address}: ${c.action}\"\n }\n}");
	changes = one_change(&r.sema.arena);
	input.changes = &changes;
	evaluate(&r, &input);
	assert_string_equal(sema_codes(&r.sema), "0651");
	assert_string_equal(sema_report(&r.sema),
			    "policy `p` warns: vm.gone: delete\nmain.phx:8:10 this is false\n"
			    "note: it is about `vm.gone` (delete)\nnote: `c.action` is \"delete\"");
	assert_false(r.report.denied);
	stop(&r);
}

static void facts_of_guests_are_read_where_they_are_known(void **state)
{
	struct phx_object fact = {0};
	struct phx_policy_input input = {0};
	struct phx_map facts = {0};
	struct policy_run r;

	(void)state;
	start(&r, "vm a { memory = 1GiB }\nstack \"s\" { ids = 100..200 }\n"
		  "policy p { for g in guests() { assert !g.has_password, \"${g.id}\" } }");
	fact.v = PHX_NEW_N(&r.sema.arena, struct phx_member, 2);
	fact.v[fact.n++] =
		member_of(&r.sema.arena, "has_password", phx_value_bool(true, (struct phx_span){0}));
	fact.v[fact.n++] = member_of(&r.sema.arena, "id", phx_value_int(100, (struct phx_span){0}));
	phx_map_put(&r.sema.arena, &facts, PHX_STR("vm.a"), NULL)->ptr = &fact;
	input.facts = &facts;
	evaluate(&r, &input);
	assert_int_equal(r.report.v.v[0].findings.n, 1);
	assert_true(phx_str_eqc(r.report.v.v[0].findings.v[0].message, "100"));
	stop(&r);
}

static void guests_of_another_front_end_are_seen(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct phx_config other = {0};
	struct phx_decl *d;
	struct policy_run r;

	(void)state;
	start(&r, "vm a { id = 101 }\npolicy p { assert length(guests()) == 1, "
		  "join(\",\", [g.address for g in guests()]) }");
	evaluate(&r, &nothing);
	assert_true(r.report.v.v[0].passed);
	d = phx_decl_new(&r.sema.arena, PHX_KIND_VM, PHX_STR("json"), (struct phx_span){0});
	phx_vec_push(&r.sema.arena, &other.decls, d);
	phx_policies_adopt(r.policies, &other);
	evaluate(&r, &nothing);
	assert_int_equal(r.report.v.v[0].findings.n, 1);
	assert_true(phx_str_eqc(r.report.v.v[0].findings.v[0].message, "vm.a,vm.json"));
	assert_int_equal(r.report.v.v[0].findings.v[0].address.len, 0);
	stop(&r);
}

static void findings_of_one_policy_do_not_hide_those_of_another(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct policy_run r;

	(void)state;
	start(&r, "policy many { severity = warn; for i in 1..1100 { assert i < 0, \"${i}\" } }\n"
		  "policy one { assert 1 == 2 }");
	evaluate(&r, &nothing);
	assert_int_equal(r.report.v.v[0].findings.n, 1000);
	assert_int_equal(r.report.v.v[1].findings.n, 1);
	assert_true(r.report.denied);
	stop(&r);
}

static void guests_of_both_kinds_share_words_and_defaults(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct policy_run r;

	(void)state;
	start(&r, "vm a { id = 101; network { ip = dhcp } }\ncontainer c { id = 102 }\n"
		  "policy p { for g in guests() {\n assert g.network.ip == dhcp, g.address\n"
		  " assert g.kind == \"vm\" || !g.nesting\n} }");
	evaluate(&r, &nothing);
	assert_string_equal(sema_codes(&r.sema), "0650");
	assert_true(phx_str_eqc(r.report.v.v[0].findings.v[0].message, "container.c"));
	stop(&r);
}

static void one_that_cannot_be_evaluated_has_not_passed(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct policy_run r;

	(void)state;
	start(&r, "vm a { id = 101 }\n"
		  "policy p { for g in guests() { assert g.tags[7] == \"x\" } }\npolicy q { assert true }");
	evaluate(&r, &nothing);
	assert_false(r.report.v.v[0].passed);
	assert_true(r.report.v.v[1].passed);
	assert_true(r.report.broken);
	assert_false(r.report.denied);
	assert_string_equal(sema_codes(&r.sema), "0207");
	stop(&r);
}

static void a_warning_that_is_denied_refuses(void **state)
{
	const struct phx_policy_input nothing = {0};
	struct policy_run r;

	(void)state;
	start(&r, "policy p { severity = warn; assert false }");
	assert_true(phx_diag_level(&r.sema.bag, PHX_STR("policy-warning"), true));
	evaluate(&r, &nothing);
	assert_true(r.report.denied);
	assert_false(r.report.broken);
	stop(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_policies_nothing_is_kept),
		cmocka_unit_test(a_finding_names_its_guest_and_its_place),
		cmocka_unit_test(without_a_plan_checks_of_changes_are_left_out),
		cmocka_unit_test(an_object_that_stands_for_a_guest_has_null_for_what_is_not_known),
		cmocka_unit_test(facts_of_guests_are_read_where_they_are_known),
		cmocka_unit_test(guests_of_another_front_end_are_seen),
		cmocka_unit_test(findings_of_one_policy_do_not_hide_those_of_another),
		cmocka_unit_test(guests_of_both_kinds_share_words_and_defaults),
		cmocka_unit_test(one_that_cannot_be_evaluated_has_not_passed),
		cmocka_unit_test(a_warning_that_is_denied_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
