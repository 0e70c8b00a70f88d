#include "sim_test.h"

#include "backend/sim/body.h"

struct parsed {
	struct phx_sim_request r;
	struct phx_sim_params params;
};

static void parse(struct parsed *p, const char *content_type, const char *query, const char *body, bool good)
{
	*p = (struct parsed){.r = {.content_type = content_type}};
	phx_buf_c(&p->r.query, query);
	phx_buf_c(&p->r.body, body);
	assert_int_equal(phx_sim_body_params(&p->r, &p->params), good);
}

static void done(struct parsed *p)
{
	phx_buf_done(&p->r.query);
	phx_buf_done(&p->r.body);
	phx_buf_done(&p->r.text);
	phx_buf_done(&p->r.reason);
	phx_arena_done(&p->r.arena);
}

static const struct phx_given *param(struct parsed *p, const char *name)
{
	for (uint32_t i = 0; i < p->params.v.n; i++)
		if (phx_str_eqc(p->params.v.v[i].name, name))
			return &p->params.v.v[i];
	return NULL;
}

static void is(struct parsed *p, const char *name, const char *value)
{
	const struct phx_given *one = param(p, name);

	assert_non_null(one);
	assert_int_equal(one->shape, PHX_PARAM_TEXT);
	assert_string_equal(one->text.ptr, value);
}

/* Recordings 064, 807, 876, 881, 885, 888. */
static void forms_are_split_as_proxmox_splits_them(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "application/x-www-form-urlencoded",
	      "description=fromquery&x=", "name=a+b%2Bc;scsi0=local:1,format=qcow2&bad=%ff%fe", true);
	is(&p, "description", "fromquery");
	is(&p, "x", "");
	is(&p, "name", "a b+c");
	is(&p, "scsi0", "local:1,format");
	is(&p, "bad", "\xef\xbf\xbd\xef\xbf\xbd");
	assert_int_equal(p.params.v.n, 5);
	done(&p);
}

static void a_repeated_name_is_a_list(void **state)
{
	struct parsed p;
	const struct phx_given *one;

	(void)state;
	parse(&p, NULL, "", "command=sh&command=-c&command=echo+%26", true);
	one = param(&p, "command");
	assert_int_equal(one->shape, PHX_PARAM_LIST);
	assert_int_equal(one->nitems, 3);
	assert_string_equal(one->items[2].ptr, "echo &");
	done(&p);
}

static void json_bodies_keep_their_shapes(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "application/json; charset=utf-8", "",
	      "{\"vmid\":103,\"onboot\":true,\"kvm\":false,\"list\":[\"a\",1],\"none\":null,\"deep\":{\"a\":"
	      "1},\"f\":1.5}",
	      true);
	is(&p, "vmid", "103");
	is(&p, "onboot", "1");
	is(&p, "kvm", "0");
	assert_int_equal(param(&p, "list")->nitems, 2);
	assert_int_equal(param(&p, "none")->shape, PHX_PARAM_NULL);
	assert_int_equal(param(&p, "deep")->shape, PHX_PARAM_HASH);
	done(&p);
}

static void a_body_that_is_no_json_is_a_500(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "application/json", "", "{\"vmid\":105,", false);
	assert_int_equal(p.r.status, 500);
	assert_true(phx_str_starts(phx_buf_view(&p.r.text), "'\"' expected, at character offset 12"));
	done(&p);
}

/* The parser sees the body in pieces of every size. */
static void multipart_bodies_may_be_cut_anywhere(void **state)
{
	static const char body[] =
		"--B\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\niso\r\n"
		"--B\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"lab.iso\"\r\n"
		"Content-Type: application/octet-stream\r\n\r\na\r\n--C\r\nb\r\n--B--\r\n";

	(void)state;
	for (size_t step = 1; step < sizeof(body); step++) {
		struct phx_sim_request r = {.content_type = "multipart/form-data; boundary=B"};
		struct phx_sim_multipart *m = phx_sim_multipart_new(&r);

		for (size_t at = 0; at < sizeof(body) - 1; at += step) {
			size_t n = sizeof(body) - 1 - at;

			phx_sim_multipart_feed(m, body + at, n < step ? n : step);
		}
		phx_sim_multipart_end(m);
		assert_string_equal(r.query.ptr, "content=iso");
		assert_true(r.upload.given);
		assert_string_equal(r.upload.filename.ptr, "lab.iso");
		assert_int_equal(r.upload.size, 9);
		assert_string_equal(r.upload.sha256,
				    "d0961111f341adc4c9f9fb34b4a22893b3e670c7c38f0d0ab4a646d12f45ccad");
		phx_sim_multipart_free(m);
		phx_buf_done(&r.query);
		phx_buf_done(&r.upload.filename);
		phx_buf_done(&r.upload.head);
		phx_arena_done(&r.arena);
	}
}

static void a_multipart_body_cut_short_brings_no_file(void **state)
{
	static const char body[] =
		"--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.iso\"\r\n\r\nabc";
	struct phx_sim_request r = {.content_type = "multipart/form-data; boundary=\"B\""};
	struct phx_sim_multipart *m = phx_sim_multipart_new(&r);

	(void)state;
	phx_sim_multipart_feed(m, body, sizeof(body) - 1);
	phx_sim_multipart_end(m);
	assert_false(r.upload.given);
	phx_sim_multipart_free(m);
	phx_buf_done(&r.query);
	phx_buf_done(&r.upload.filename);
	phx_buf_done(&r.upload.head);
	phx_arena_done(&r.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_split_as_proxmox_splits_them),
		cmocka_unit_test(a_repeated_name_is_a_list),
		cmocka_unit_test(json_bodies_keep_their_shapes),
		cmocka_unit_test(a_body_that_is_no_json_is_a_500),
		cmocka_unit_test(multipart_bodies_may_be_cut_anywhere),
		cmocka_unit_test(a_multipart_body_cut_short_brings_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
