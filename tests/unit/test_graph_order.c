/* The order of creation, cycles, permutations, and the drawings. */
#include "model_text.h"

#define VM(name, id, rest) "vm " name " { id = " id "; storage = \"st\"; disk = 1GiB; " rest " }\n"

static char *order(struct world *w)
{
	struct phx_buf text = {0};

	if (!w->graph)
		assert_true(is_clean(w));
	for (uint32_t i = 0; i < w->graph->resources.n; i++) {
		assert_int_equal(w->graph->resources.v[i]->index, i);
		phx_buf_printf(&text, "%s" PHX_STR_FMT, i ? " " : "",
			       PHX_STR_ARG(w->graph->resources.v[i]->name));
	}
	return text.ptr;
}

static void assert_order(const char *text, const char *expected)
{
	struct world w = {0};
	char *got;

	world_build(&w, text);
	got = order(&w);
	assert_string_equal(got, expected);
	free(got);
	world_close(&w);
}

static void what_is_needed_comes_first_then_the_smallest_id(void **state)
{
	(void)state;
	assert_order(VM("c", "103", "") VM("a", "101", "") VM("b", "102", ""), "a b c");
	assert_order(VM("c", "103", "") VM("a", "101", "depends_on = [vm.c]") VM("b", "102", ""), "b c a");
	assert_order(VM("z", "101", "") "pool p {} image i { volume = \"l:import/x.qcow2\" } cluster k {}",
		     "k i p z");
	assert_order("ids 500 600 vm b { storage = \"st\"; disk = 1GiB } vm a { storage = \"st\"; disk = "
		     "1GiB }" VM("z", "900", ""),
		     "z a b");
	/* The lab's chain across kinds. */
	assert_order(
		VM("v1002", "1002", "depends_on = [vm.v1001]") VM(
			"v1001", "1001",
			"depends_on = [container.c102]") "container c901 { id = 901; template = true; "
							 "ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = "
							 "\"st:4\"; depends_on = [vm.v1002] }\n"
							 "container c102 { id = 102; ostemplate = "
							 "\"local:vztmpl/a.tar.gz\"; rootfs = \"st:4\"; "
							 "depends_on = [container.c103] }\n"
							 "container c103 { id = 103; ostemplate = "
							 "\"local:vztmpl/a.tar.gz\"; rootfs = \"st:4\" }\n"
							 "container c910 { id = 910; clone = "
							 "container.c901 }\n",
		"c103 c102 v1001 v1002 c901 c910");
}

static const struct phx_edge *edge(struct world *w, const char *from, const char *why)
{
	const struct phx_guest *g = guest(w, from);

	for (uint32_t i = 0; i < g->r.needs.n; i++) {
		if (phx_str_eqc(g->r.needs.v[i].why, why))
			return &g->r.needs.v[i];
	}
	return NULL;
}

static void edges_say_what_they_wait_for_and_why(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w,
		    "pool p {} image i { volume = \"l:import/x.qcow2\" }\n"
		    "vm t { id = 900; template = true; image = image.i; storage = \"st\" }\n"
		    "vm a { id = 101; clone = vm.t; pool = pool.p; depends_on = [vm.b, vm.b, pool.p] }\n" VM(
			    "b", "102", ""));
	assert_true(is_clean(&w));
	assert_int_equal(edge(&w, "vm.t", "image")->kind, PHX_EDGE_CREATE);
	assert_int_equal(edge(&w, "vm.a", "clone")->kind, PHX_EDGE_CREATE);
	assert_int_equal(edge(&w, "vm.a", "pool")->kind, PHX_EDGE_CREATE);
	assert_int_equal(edge(&w, "vm.a", "depends_on")->kind,
			 PHX_EDGE_CREATE); /* the pool: it sorts first */
	assert_int_equal(guest(&w, "vm.a")->r.needs.n, 4);
	assert_str(guest(&w, "vm.a")->r.needs.v[2].to->address, "vm.b");
	assert_int_equal(guest(&w, "vm.a")->r.needs.v[2].kind, PHX_EDGE_READY);
	world_close(&w);
}

static void a_cycle_is_told_as_the_way_round(void **state)
{
	struct world w = {0};
	const struct phx_diag *d;

	(void)state;
	world_build(&w, VM("c", "103", "depends_on = [vm.a]") VM("a", "101", "depends_on = [vm.b]") VM(
				"b", "102", "depends_on = [vm.c]") VM("free", "104", "depends_on = [vm.a]"));
	assert_null(w.graph);
	assert_int_equal(w.bag.errors, 1);
	d = diag(&w, "PHX0409");
	assert_str(d->message, "references in a circle: vm.a → vm.b → vm.c → vm.a");
	assert_int_equal(d->labels.n, 3);
	assert_str(d->labels.v[0].text, "`vm.a` needs `vm.b` (depends_on)");
	assert_str(under(&w, d->labels.v[2].span), "vm.a");
	world_close(&w);
}

static void each_circle_is_told_once_and_by_its_shortest_way(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, VM("a", "101", "depends_on = [vm.b, vm.c]") VM("b", "102", "depends_on = [vm.c]") VM(
				"c", "103", "depends_on = [vm.a]") VM("self", "104", "depends_on = [vm.self]")
				VM("x", "105", "depends_on = [vm.y]") VM("y", "106", "depends_on = [vm.x]"));
	assert_null(w.graph);
	assert_int_equal(w.bag.errors, 3);
	assert_str(w.bag.diags.v[0]->message, "references in a circle: vm.a → vm.c → vm.a");
	assert_str(w.bag.diags.v[1]->message, "references in a circle: vm.self → vm.self");
	assert_str(w.bag.diags.v[2]->message, "references in a circle: vm.x → vm.y → vm.x");
	world_close(&w);
}

static void clones_in_a_circle_are_a_cycle_too(void **state)
{
	struct world w = {0};
	const struct phx_diag *d;

	(void)state;
	world_build(
		&w,
		"vm a { id = 101; template = true; clone = vm.b } vm b { id = 102; template = true; clone = "
		"vm.a } vm c { id = 103; clone = vm.a } vm d { id = 104; template = true; clone = vm.d }");
	assert_null(w.graph);
	assert_int_equal(w.bag.errors, 2);
	d = diag(&w, "PHX0409");
	assert_str(d->message, "references in a circle: vm.a → vm.b → vm.a");
	assert_str(d->labels.v[0].text, "`vm.a` needs `vm.b` (clone)");
	world_close(&w);
}

static void a_long_chain_needs_no_deep_stack(void **state)
{
	struct phx_buf text = {0};
	struct world w = {0}, loop = {0};

	(void)state;
	phx_buf_c(&text, "vm v0 { id = 100; storage = \"st\"; disk = 1GiB; template = true }\n");
	for (unsigned i = 1; i < 5000; i++)
		phx_buf_printf(&text, "vm v%u { id = %u; clone = vm.v%u; template = true }\n", i, 100 + i,
			       i - 1);
	world_build(&w, text.ptr);
	assert_true(is_clean(&w));
	assert_str(w.graph->resources.v[4999]->name, "v4999");
	world_close(&w);
	phx_buf_clear(&text);
	for (unsigned i = 0; i < 5000; i++)
		phx_buf_printf(&text, "vm v%u { id = %u; clone = vm.v%u; template = true }\n", i, 100 + i,
			       (i + 1) % 5000);
	world_build(&loop, text.ptr);
	assert_null(loop.graph);
	assert_non_null(diag(&loop, "PHX0409"));
	world_close(&loop);
	phx_buf_done(&text);
}

/* --- permutations --- */

static const char lab[] =
	"cluster home { node = \"pve\" } defaults vm { storage = \"st\"; bridge = \"vmbr1\"; cores = 2 } "
	"defaults container { storage = \"st\" }\n"
	"pool p { comment = \"x\" } image i { url = \"http://x/a.img\" }\n"
	"vm t { id = 900; template = true; image = image.i; disk = 8GiB; network { ip = dhcp } user u { "
	"ssh_keys = [\"ssh-rsa AAAA\"] } }\n"
	"vm a { id = 102; clone = vm.t; tags = [\"b\", \"a\"]; pool = pool.p; disk x { size = 1GiB } disk y "
	"{ size = 2GiB } network n1 {} network n2 {} network { ip = 10.0.0.2/24; gw = 10.0.0.1 }\n"
	"  options { vga = std; tablet = false; acpi = true } depends_on = [vm.b, container.c] file \"/b\" { "
	"content = \"1\" } file \"/a\" { content = \"2\"; mode = 0644 } snapshot s1 {} snapshot s2 {} agent "
	"{ enabled = true }\n"
	"  firewall { policy_in = drop; policy_out = accept; rule in accept { proto = tcp; port = 22 } rule "
	"in drop { } } }\n"
	"vm b { id = 101; disk = 1GiB; startup { order = 1 } on_boot = true }\n"
	"container k { id = 901; template = true; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = \"st:4\"; "
	"mount \"/q\" { size = 1GiB } mount \"/p\" { size = 1GiB } }\n"
	"container c { id = 103; clone = container.k; mount \"/z\" { size = 1GiB } mount \"/y\" { size = "
	"1GiB } nfs \"/m\" { source = \"h:/m\" } nfs \"/l\" { source = \"h:/l\" } health { command = "
	"\"true\" } }\n";

static void any_permutation_gives_the_same_graph_byte_for_byte(void **state)
{
	struct world first = {0};
	struct phx_buf a = {0}, dot = {0}, mermaid = {0};

	(void)state;
	world_build(&first, lab);
	assert_true(is_clean(&first));
	phx_graph_json(first.graph, NULL, &a);
	phx_graph_dot(first.graph, &dot);
	phx_graph_mermaid(first.graph, &mermaid);
	for (uint32_t seed = 1; seed <= 25; seed++) {
		struct world w = {.options = first.options};
		struct phx_buf b = {0};

		world_read(&w, lab);
		world_shuffle(&w, seed);
		world_graph(&w);
		assert_true(is_clean(&w));
		phx_graph_json(w.graph, NULL, &b);
		assert_string_equal(a.ptr, b.ptr);
		phx_buf_clear(&b);
		phx_graph_dot(w.graph, &b);
		assert_string_equal(dot.ptr, b.ptr);
		phx_buf_clear(&b);
		phx_graph_mermaid(w.graph, &b);
		assert_string_equal(mermaid.ptr, b.ptr);
		phx_buf_done(&b);
		world_close(&w);
	}
	phx_buf_done(&a);
	phx_buf_done(&dot);
	phx_buf_done(&mermaid);
	world_close(&first);
}

/* --- drawings --- */

static bool has(const struct phx_buf *b, const char *what)
{
	if (phx_str_find(phx_buf_view(b), phx_str_c(what)) >= 0)
		return true;
	print_error("no %s in:\n%s\n", what, b->ptr);
	return false;
}

static void drawings_show_kinds_order_and_reasons(void **state)
{
	struct world w = {0};
	struct phx_buf out = {0};

	(void)state;
	world_build(&w, lab);
	phx_graph_dot(w.graph, &out);
	assert_true(has(&out, "digraph phx {"));
	assert_true(has(&out, "\"vm.t\" [label=\"5. vm.t\\ntemplate 900\", shape=folder"));
	assert_true(has(&out, "\"vm.a\" -> \"vm.t\" [label=\"clone\", style=solid];"));
	assert_true(has(&out, "\"vm.a\" -> \"vm.b\" [label=\"depends_on\", style=dashed];"));
	assert_true(has(&out, "shape=cylinder"));
	/* The only cluster would be an arrow from everywhere. */
	assert_int_equal(phx_str_find(phx_buf_view(&out), PHX_STR("cluster.home")), -1);
	phx_buf_clear(&out);
	phx_graph_mermaid(w.graph, &out);
	assert_true(has(&out, "flowchart LR"));
	assert_true(has(&out, "[[\"5. vm.t<br/>template 900\"]]"));
	assert_true(has(&out, "-.->|depends_on|"));
	phx_buf_clear(&out);
	phx_graph_json(w.graph, NULL, &out);
	assert_true(has(&out, "\"format\": \"phx-graph/1\""));
	assert_true(has(&out, "\"why\": \"clone\""));
	phx_buf_done(&out);
	world_close(&w);
}

static void names_cannot_break_out_of_a_drawing(void **state)
{
	struct world w = {0};
	struct phx_buf out = {0};

	(void)state;
	world_build(&w,
		    "vm \"a\\\"]; evil [x=\\\\\" { id = 100; name = \"a\"; storage = \"st\"; disk = 1GiB }");
	assert_true(is_clean(&w));
	phx_graph_dot(w.graph, &out);
	assert_true(has(&out, "\"vm.a\\\"]; evil [x=\\\\\" [label="));
	phx_buf_clear(&out);
	phx_graph_mermaid(w.graph, &out);
	assert_true(has(&out, "vm.a#34;]; evil [x=#92;<br/>"));
	phx_buf_done(&out);
	world_close(&w);
}

static void an_empty_configuration_is_a_graph(void **state)
{
	struct world w = {0};
	struct phx_buf out = {0};

	(void)state;
	world_build(&w, "");
	assert_true(is_clean(&w));
	phx_graph_json(w.graph, NULL, &out);
	phx_graph_dot(w.graph, &out);
	phx_graph_mermaid(w.graph, &out);
	assert_true(has(&out, "\"resources\": []"));
	phx_buf_done(&out);
	world_close(&w);
}

static void all_mistakes_are_told_together(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, VM("a", "101", "cores = 0; network { ip = 10.0.0.5/24; gw = 10.1.0.1 }")
				VM("b", "101", "depends_on = [vm.c]") VM("c", "103", "depends_on = [vm.b]")
					VM("d", "104", "network { ip = 10.0.0.5/24 }; options { foo = 1 }"));
	assert_null(w.graph);
	assert_non_null(diag(&w, "PHX0402"));
	assert_non_null(diag(&w, "PHX0404"));
	assert_non_null(diag(&w, "PHX0405"));
	assert_non_null(diag(&w, "PHX0409"));
	assert_non_null(diag(&w, "PHX0422"));
	assert_non_null(diag(&w, "PHX0316"));
	assert_int_equal(w.bag.errors, 6);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_needed_comes_first_then_the_smallest_id),
		cmocka_unit_test(edges_say_what_they_wait_for_and_why),
		cmocka_unit_test(a_cycle_is_told_as_the_way_round),
		cmocka_unit_test(each_circle_is_told_once_and_by_its_shortest_way),
		cmocka_unit_test(clones_in_a_circle_are_a_cycle_too),
		cmocka_unit_test(a_long_chain_needs_no_deep_stack),
		cmocka_unit_test(any_permutation_gives_the_same_graph_byte_for_byte),
		cmocka_unit_test(drawings_show_kinds_order_and_reasons),
		cmocka_unit_test(names_cannot_break_out_of_a_drawing),
		cmocka_unit_test(an_empty_configuration_is_a_graph),
		cmocka_unit_test(all_mistakes_are_told_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
