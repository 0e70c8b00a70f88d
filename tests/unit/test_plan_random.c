/* Properties that hold for every plan: carried out, nothing is left to do; killed between any two actions, the next plan ends
 * at the same; the order of the source does not matter. On configurations made by chance, from fixed seeds. */
#include <dirent.h>

#include "base/json.h"
#include "base/sys.h"
#include "plan_chance.h"

/* `least` makes every disk at least so much larger: an edit that only grows. */
static const char *configuration(struct lab *l, uint64_t seed, uint32_t least)
{
	struct chance c = {.state = seed * 2 + 1};
	const char *kept;

	phx_buf_c(&c.text,
		  "pool p { comment = \"x\" }\nimage n { url = \"https://x.org/n.qcow2\"; storage = "
		  "\"local\" }\n"
		  "vm t { id = 9000; template = true; image = image.n; storage = \"ssd\"; disk = 8GiB; "
		  "memory = 1GiB; cores = 1\n"
		  "  network { ip = dhcp } }\n"
		  "container ct { id = 900; template = true; ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs "
		  "= \"ssd:8\"\n"
		  "  unprivileged = true; memory = 256MiB; cores = 1; network { ip = 10.9.9.9/24 } }\n");
	for (uint32_t i = 0; i < 4; i++)
		chance_vm(&c, 101 + i, i % 2, least);
	for (uint32_t i = 0; i < 3; i++)
		chance_container(&c, 201 + i, i % 2, least);
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&c.text)).ptr;
	phx_buf_done(&c.text);
	return kept;
}

static void open_random(struct lab *l, uint64_t seed)
{
	lab_open(l, "");
	lab_edit(l, configuration(l, seed, 0));
	lab_volume(l, "local:vztmpl/d.tar.zst", "vztmpl");
}

static void whatever_is_built_needs_nothing_more(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct lab l = {0};

		open_random(&l, seed);
		lab_converge(&l);
		lab_close(&l);
	}
}

/* From any configuration to any other one of the same guests; detached disks stay, so disks only grow on the way. */
static void whatever_is_edited_is_reached(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct lab l = {0};

		open_random(&l, seed);
		lab_converge(&l);
		lab_edit(&l, configuration(&l, seed + 1000, 3));
		for (uint32_t i = 0; i < l.s->guests.n;
		     i++) /* a power state that nobody declared may be any */
			if (seed % 3 == 0 && !l.s->guests.v[i]->is_template)
				l.s->guests.v[i]->running = !l.s->guests.v[i]->running;
		lab_converge(&l);
		lab_close(&l);
	}
}

static void killed_at_any_point_of_an_edit_the_next_plan_goes_on(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		uint32_t n = 2;

		for (uint32_t k = 1; k < n; k++) {
			struct lab l = {0};
			struct phx_plan *p;

			open_random(&l, seed);
			lab_converge(&l);
			lab_edit(&l, configuration(&l, seed + 500, 3));
			p = lab_good_plan(&l);
			n = p->actions.n;
			lab_apply(&l, p, k < n ? k : n);
			lab_unlock(&l);
			lab_converge(&l);
			lab_close(&l);
		}
	}
}

static void the_order_of_the_source_changes_no_byte(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct lab l = {0};
		const char *first;

		open_random(&l, seed);
		first = lab_json(&l, lab_good_plan(&l), true);
		for (uint32_t i = 1; i < 5; i++) {
			world_shuffle(&l.w, (uint32_t)(seed * 10 + i));
			world_graph(&l.w);
			assert_string_equal(lab_json(&l, lab_good_plan(&l), true), first);
		}
		lab_close(&l);
	}
}

/* --- configurations of the genuine server --- */

static bool is_recorded_config(const json_t *doc)
{
	struct phx_str path = phx_json_str(doc, "path");

	return phx_str_eqc(phx_json_str(doc, "method"), "GET") && phx_json_int(doc, "status", 0) == 200 &&
	       phx_str_ends(path, "/config") &&
	       json_is_object(phx_json_get(phx_json_get(doc, "response"), "data")) &&
	       (phx_str_find(path, PHX_STR("/qemu/")) > 0 || phx_str_find(path, PHX_STR("/lxc/")) > 0) &&
	       phx_str_find(path, PHX_STR("/snapshot/")) < 0;
}

/* A declaration that says every option as the server gives it back. */
static void declare(struct lab *l, struct phx_guest *g, const struct phx_live_guest *live)
{
	struct phx_err err = {0};
	const struct phx_option_table *t =
		phx_options_table(l->w.options, g->is_vm ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER, &err);

	g->settings.n = g->volumes.n = g->nics.n = 0;
	for (uint32_t i = 0; i < live->config.n; i++) {
		struct phx_kv kv = live->config.v[i];
		const struct phx_option *o = phx_option_find(t, kv.key, NULL);
		ptrdiff_t comma = phx_str_chr(kv.value, ',');

		if (!o || phx_str_eqc(kv.key, "description") || phx_str_eqc(kv.key, "tags") ||
		    phx_str_eqc(kv.key, "name") || phx_str_eqc(kv.key, "hostname") ||
		    phx_str_eqc(kv.key, "cipassword") || phx_str_eqc(kv.key, "template"))
			continue;
		if (o->flags & PHX_OPTION_DISK) {
			phx_vec_push(&l->w.arena, &g->volumes,
				     ((struct phx_volume){
					     .label = kv.key,
					     .slot = kv.key,
					     .slot_fixed = true,
					     .source = PHX_VOL_EXISTING,
					     .volume = comma < 0 ? kv.value
								 : phx_str_slice(kv.value, 0, (size_t)comma),
					     .props = comma < 0 ? PHX_STR("")
								: phx_str_from(kv.value, (size_t)comma + 1),
					     .path = kv.key}));
			continue;
		}
		phx_vec_push(&l->w.arena, &g->settings,
			     ((struct phx_setting){
				     .key = kv.key, .option = o, .value = kv.value, .path = kv.key}));
	}
}

static void planned_as_it_is(struct lab *l, const json_t *data, bool is_vm, const char *file)
{
	struct phx_guest *g = l->w.graph->guests.v[is_vm ? 0 : 1];
	struct phx_live_guest *live;
	struct phx_buf text = {0};
	struct phx_plan *p;
	const char *key;
	json_t *value;

	l->s->guests.n = 0;
	live = lab_live(l, g->id, is_vm, false, "");
	json_object_foreach((json_t *)(uintptr_t)data, key,
			    value) if (strcmp(key, "lock") != 0 && phx_json_text(value, &text))
	{
		lab_put(l, live, phx_str_c(key), phx_buf_view(&text));
		phx_buf_clear(&text);
	}
	phx_buf_done(&text);
	lab_settle(l);
	g->host_name = live->name;
	g->is_template = live->is_template;
	declare(l, g, live);
	phx_vec_push(&l->w.arena, &l->how.adopt, g->r.address);
	p = lab_good_plan(l); /* the mark, and nothing else */
	l->how.adopt.n = 0;
	for (uint32_t i = 0; i < lab_change(p, is_vm ? "vm.v" : "container.c")->notes.n; i++)
		fail_msg("%s: %.*s", file, (int)lab_change(p, is_vm ? "vm.v" : "container.c")->notes.v[i].len,
			 lab_change(p, is_vm ? "vm.v" : "container.c")->notes.v[i].ptr);
	lab_apply(l, p, p->actions.n);
	p = lab_good_plan(l);
	if (!phx_plan_is_empty(p) && lab_change(p, is_vm ? "vm.v" : "container.c"))
		fail_msg("%s gives a second plan:\n%s", file, lab_text(l, p));
}

static void what_the_server_gives_back_is_no_difference(void **state)
{
	const char *shared = getenv("PHX_TEST_SHARED");
	struct phx_err err = {0};
	struct dirent *e;
	uint32_t n = 0;
	char dir[4096];
	DIR *d;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/pve/exchanges", shared ? shared : "");
	d = opendir(dir);
	if (!d) {
		print_message("skipped: no recordings at %s\n", dir);
		skip();
	}
	while ((e = readdir(d))) {
		struct phx_buf text = {0};
		struct lab l = {0};
		char path[5000];
		json_t *doc;

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (!strstr(e->d_name, ".json") || !phx_read_file(path, &text, &err))
			continue;
		doc = phx_json_parse(phx_buf_view(&text), path, &err);
		if (doc && is_recorded_config(doc)) {
			lab_open(&l, "vm v { id = 500; cores = 1; memory = 512MiB; storage = \"ssd\"; disk = "
				     "1GiB }\n"
				     "container c { id = 501; ostemplate = \"local:vztmpl/d.tar.zst\"; "
				     "rootfs = \"ssd:1\"; memory = 256MiB }\n");
			lab_volume(&l, "local:vztmpl/d.tar.zst", "vztmpl");
			planned_as_it_is(&l, phx_json_get(phx_json_get(doc, "response"), "data"),
					 phx_str_find(phx_json_str(doc, "path"), PHX_STR("/qemu/")) > 0,
					 e->d_name);
			lab_close(&l);
			n++;
		}
		json_decref(doc);
		phx_buf_done(&text);
	}
	closedir(d);
	phx_err_done(&err);
	assert_true(n > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_is_built_needs_nothing_more),
		cmocka_unit_test(whatever_is_edited_is_reached),
		cmocka_unit_test(killed_at_any_point_of_an_edit_the_next_plan_goes_on),
		cmocka_unit_test(the_order_of_the_source_changes_no_byte),
		cmocka_unit_test(what_the_server_gives_back_is_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
