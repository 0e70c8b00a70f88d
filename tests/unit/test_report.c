#include "plan_lab.h"
#include "report/report.h"

uint32_t phx_report_columns(struct phx_str s); /* report/report_priv.h */

static void a_plan_reads_as_a_reviewer_wants_it(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; on_boot = "
		     "true }\n"
		     "vm old { id = 102; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB }\n");
	lab_converge(&l);
	lab_edit(&l, "# the new one\n"
		     "vm web { id = 101; cores = 4; memory = 2GiB; storage = \"ssd\"; disk = 12GiB; on_boot "
		     "= false }\n"
		     "vm next { id = 103; cores = 1; memory = 1GiB; storage = \"ssd\"; disk = 4GiB; agent { "
		     "enabled = true }; file \"/etc/motd\" { content = \"x\" } }\n");
	phx_vec_push(&l.w.arena, &l.how.allow_destroy, PHX_STR("vm.old"));
	assert_string_equal(
		lab_text(&l, lab_good_plan(&l)),
		"Stack lab on cluster pve\n"
		"\n"
		"~ vm.web  101 on pve  test.phx:2\n"
		"    update\n"
		"    ! RESTART: the guest is restarted for this\n"
		"      cores           2 → 4         test.phx:2\n"
		"                      RESTART: Proxmox cannot change cores like this while the guest runs\n"
		"      on_boot         true → false  test.phx:2\n"
		"      disk.root.size  8GiB → 12GiB  test.phx:2\n"
		"\n"
		"+ vm.next  103 on pve  test.phx:3\n"
		"    create\n"
		"      agent.enabled   true\n"
		"      cores           1\n"
		"      memory          1GiB\n"
		"      options.scsihw  virtio-scsi-single\n"
		"      disk.root       4GiB on ssd\n"
		"      · inside, by the guest agent: file /etc/motd\n"
		"\n"
		"- vm.old  102 on pve\n"
		"    delete: it left the configuration\n"
		"    ! DATA LOSS\n"
		"      ! ssd:102/vm-102-scsi0.raw, 4GiB, is destroyed\n"
		"\n"
		"! DATA LOSS: vm.old\n"
		"! RESTART: vm.web\n"
		"Plan: 1 to create, 1 to update (1 restart), 0 to replace, 1 to delete; 13 actions.\n");
	lab_close(&l);
}

static void nothing_to_do_is_one_line(void **state)
{
	struct lab l = {0};

	(void)state;
	lab_open(&l, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n");
	lab_converge(&l);
	assert_string_equal(lab_text(&l, lab_good_plan(&l)),
			    "Stack lab on cluster pve\n\nNo changes. 1 resource is as declared.\n");
	lab_close(&l);
}

static const char *many(struct lab *l, int cores)
{
	struct phx_buf b = {0};
	const char *kept;

	for (int i = 0; i < 6; i++)
		phx_buf_printf(&b,
			       "vm w%d { id = %d; cores = %d; memory = 1GiB; storage = \"ssd\"; disk = "
			       "4GiB\n network { ip = 10.0.0.%d/24 } }\n",
			       i, 101 + i, i == 5 ? 1 : cores, 10 + i);
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&b)).ptr;
	phx_buf_done(&b);
	return kept;
}

static void equal_changes_are_told_once(void **state)
{
	struct lab l = {0};
	const char *text;

	(void)state;
	lab_open(&l, "");
	lab_edit(&l, many(&l, 1));
	text = lab_text(&l, lab_good_plan(&l));
	assert_non_null(strstr(text, "+ 6 vms  on pve, each:\n"));
	assert_non_null(strstr(text, "      vm.w3  104  vmbr0, 10.0.0.13/24  test.phx:7\n"));
	assert_null(strstr(strstr(text, "memory") + 1, "memory"));
	lab_converge(&l);
	lab_edit(&l, many(&l, 2));
	text = lab_text(&l, lab_good_plan(&l));
	assert_non_null(strstr(
		text, "~ 5 vms  on pve, each:\n    update\n    ! RESTART: the guest is restarted for this\n"
		      "      cores  1 → 2"));
	assert_non_null(strstr(text, "(5 restarts)"));
	lab_close(&l);
}

static const char *shown(struct lab *l, const struct phx_plan *p, struct phx_report_options o)
{
	struct phx_buf out = {0};
	const char *kept;

	phx_report_plan_text(p, &o, &out);
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&out)).ptr;
	phx_buf_done(&out);
	return kept;
}

static void a_summary_of_a_thousand_guests_is_one_screen(void **state)
{
	struct lab l = {0};
	struct phx_buf b = {0};
	const char *text;
	uint32_t lines = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		phx_buf_clear(&b);
		for (int i = 0; i < 1000; i++)
			phx_buf_printf(
				&b,
				"vm w%d { id = %d; cores = %d; memory = 1GiB; storage = \"ssd\"; disk = 4GiB "
				"}\n",
				i, 101 + i, i < 900 && round ? 2 : 1);
		if (!round) {
			lab_open(&l, phx_str_dup(&l.w.arena, phx_buf_view(&b)).ptr);
			lab_converge(&l);
		} else {
			lab_edit(&l, phx_str_dup(&l.w.arena, phx_buf_view(&b)).ptr);
		}
	}
	text = shown(&l, lab_good_plan(&l), (struct phx_report_options){.summary = true, .width = 80});
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_non_null(strstr(text, "~ update   900 vms: cores 1 → 2  RESTART\n"));
	assert_non_null(strstr(text, "and 888 more\n"));
	assert_true(lines <= 24);
	phx_buf_done(&b);
	lab_close(&l);
}

static void long_values_are_wrapped_and_nothing_is_cut_off(void **state)
{
	struct lab l = {0};
	const char *text, *at;
	char notes[301];

	(void)state;
	for (int i = 0; i < 300; i++)
		notes[i] = (char)(i % 7 == 6 ? ' ' : 'a' + i % 26);
	notes[300] = '\0';
	lab_open(&l, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; notes = "
		     "\"x\" }\n");
	lab_converge(&l);
	lab_edit(&l, phx_str_printf(&l.w.arena,
				    "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; "
				    "disk = 8GiB; notes = \"%s\" }\n",
				    notes)
			     .ptr);
	text = shown(&l, lab_good_plan(&l), (struct phx_report_options){.width = 60});
	for (const char *line = text; !phx_str_starts(phx_str_c(line), "Plan:");
	     line = strchr(line, '\n') + 1)
		assert_true(phx_report_columns((struct phx_str){line, (size_t)(strchr(line, '\n') - line)}) <=
			    60);
	at = text;
	for (char *word = notes, *end; *word; word = end + (*end != '\0')) {
		end = word + strcspn(word, " ");
		at = strstr(at, phx_str_dup(&l.w.arena, (struct phx_str){word, (size_t)(end - word)}).ptr);
		assert_non_null(at);
	}
	lab_close(&l);
}

/* Whatever a plan holds, a comment stays within its bounds and says what it left out. */
static void a_comment_of_any_plan_stays_within_its_bounds(void **state)
{
	static const size_t most[] = {8000, 12000, 65000};
	struct lab l = {0};
	struct phx_buf b = {0};

	(void)state;
	for (int i = 0; i < 400; i++)
		phx_buf_printf(&b,
			       "vm a-name-that-is-rather-long-for-a-guest-%d { id = %d; cores = %d; memory = "
			       "%dMiB; storage = "
			       "\"ssd\"; disk = 4GiB }\n",
			       i, 101 + i, i % 4 + 1, 512 + i);
	lab_open(&l, phx_str_dup(&l.w.arena, phx_buf_view(&b)).ptr);
	for (size_t i = 0; i < PHX_COUNTOF(most); i++) {
		struct phx_report_options o = {.max_bytes = most[i]};
		struct phx_buf out = {0};

		phx_report_plan_markdown(lab_good_plan(&l), &o, &out);
		assert_true(out.len <= most[i]);
		assert_true(out.len > most[i] / 2);
		phx_buf_ch(&out, '\0');
		assert_non_null(strstr(out.ptr, "**Shortened to fit.** Left out: "));
		phx_buf_done(&out);
	}
	phx_buf_done(&b);
	lab_close(&l);
}

static void what_comes_from_outside_cannot_drive_the_terminal(void **state)
{
	struct lab l = {0};
	const char *text;

	(void)state;
	lab_open(&l, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB; notes = "
		     "\"mine\" }\n");
	lab_converge(&l);
	lab_put(&l, l.s->guests.v[0], PHX_STR("description"),
		phx_str_printf(&l.w.arena, "\033[2Jboo\nline\n%s", lab_value(&l, 101, "description")));
	lab_settle(&l);
	text = lab_text(&l, lab_good_plan(&l));
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "\\x1b[2Jboo ⏎ line"));
	lab_close(&l);
}

static void verbose_lists_every_call(void **state)
{
	struct lab l = {0};
	struct phx_report_options o = {.verbose = true, .width = 100};
	struct phx_buf out = {0};

	(void)state;
	lab_open(&l, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n");
	phx_report_plan_text(lab_good_plan(&l), &o, &out);
	phx_buf_ch(&out, '\0');
	assert_non_null(strstr(
		out.ptr,
		"  a2 vm.web: create vm 101  after a1\n      POST /nodes/pve/qemu\n        vmid = 101\n"));
	assert_non_null(strstr(out.ptr, "        scsi0 = ssd:8\n"));
	phx_buf_done(&out);
	lab_close(&l);
}

static void colour_marks_and_changes_no_word(void **state)
{
	struct lab l = {0};
	struct phx_report_options o = {.colour = true, .width = 100};
	struct phx_buf out = {0}, bare = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"ssd\"; disk = 8GiB }\n");
	p = lab_good_plan(&l);
	phx_report_plan_text(p, &o, &out);
	assert_true(phx_str_find(phx_buf_view(&out), PHX_STR("\033[32m+ vm.web\033[0m")) >= 0);
	for (size_t i = 0; i < out.len; i++) {
		if (out.ptr[i] == '\033')
			while (out.ptr[i] != 'm')
				i++;
		else
			phx_buf_ch(&bare, out.ptr[i]);
	}
	assert_str(phx_buf_view(&bare), lab_text(&l, p));
	phx_buf_done(&bare);
	phx_buf_done(&out);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_reads_as_a_reviewer_wants_it),
		cmocka_unit_test(nothing_to_do_is_one_line),
		cmocka_unit_test(a_summary_of_a_thousand_guests_is_one_screen),
		cmocka_unit_test(long_values_are_wrapped_and_nothing_is_cut_off),
		cmocka_unit_test(a_comment_of_any_plan_stays_within_its_bounds),
		cmocka_unit_test(equal_changes_are_told_once),
		cmocka_unit_test(what_comes_from_outside_cannot_drive_the_terminal),
		cmocka_unit_test(verbose_lists_every_call),
		cmocka_unit_test(colour_marks_and_changes_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
