#include "base_test.h"

#include "base/json.h"
#include "base/secret.h"

#define S(lit) PHX_STR(lit)

static json_t *parse(const char *text)
{
	struct phx_err err = {0};
	json_t *j = phx_json_parse(phx_str_c(text), "test", &err);

	assert_non_null(j);
	phx_err_done(&err);
	return j;
}

static void assert_refused(struct phx_str text, const char *message)
{
	struct phx_err err = {0};

	assert_null(phx_json_parse(text, "cluster.json", &err));
	assert_int_equal(err.kind, PHX_ERR_DATA);
	assert_string_equal(err.msg.ptr, message);
	phx_err_done(&err);
}

static void malformed_documents_are_refused_with_their_place(void **state)
{
	(void)state;
	assert_refused(S("{\n  \"a\": 1,\n  \"a\": 2}"),
		       "cluster.json: line 3, column 5: duplicate object key near '\"a\"'");
	assert_refused(S("{\"a\": }"), "cluster.json: line 1, column 7: unexpected token near '}'");
	assert_refused(S("{\"a\": 1,\n"),
		       "cluster.json: line 2, column 1: string or '}' expected near end of file");
	assert_refused(S("[1, 2"), "cluster.json: line 1, column 5: ']' expected near end of file");
	assert_refused(S(""), "cluster.json: line 1, column 1: unexpected token near end of file");
	assert_refused((struct phx_str){0},
		       "cluster.json: line 1, column 1: unexpected token near end of file");
	assert_refused(S("{} x"), "cluster.json: line 1, column 4: end of file expected near 'x'");
}

static void messages_about_documents_cannot_steer_the_terminal(void **state)
{
	struct phx_err err = {0};

	(void)state;
	assert_null(phx_json_parse(S("[1, \x1b[31m]"), "x", &err));
	assert_null(strchr(err.msg.ptr, 0x1b));
	assert_null(phx_json_parse(S("[\"\xFF\"]"), "x", &err));
	assert_non_null(strstr(err.msg.ptr, "unable to decode byte 0xff"));
	phx_err_done(&err);
}

static void very_deep_documents_are_refused(void **state)
{
	struct phx_buf text = {0};
	struct phx_err err = {0};
	json_t *j;

	(void)state;
	phx_buf_fill(&text, '[', 100000);
	assert_null(phx_json_parse(phx_buf_view(&text), "deep", &err));
	assert_non_null(strstr(err.msg.ptr, "depth"));
	phx_buf_clear(&text);
	phx_buf_fill(&text, '[', 2000);
	phx_buf_fill(&text, ']', 2000);
	j = phx_json_parse(phx_buf_view(&text), "deep", &err);
	assert_non_null(j);
	phx_buf_clear(&text);
	phx_json_dump(j, 0, &text);
	assert_int_equal(text.len, 4000);
	json_decref(j);
	phx_buf_done(&text);
	phx_err_done(&err);
}

static void dump_is_canonical(void **state)
{
	json_t *j = parse("{\"b\": [1, -2, 0.1, 5.0, 1e300, true, false, null], \"a\": {}, \"B\": [], "
			  "\"\xC3\xA9\": \"\\u0001\\n\"}");
	struct phx_buf out = {0};

	(void)state;
	phx_json_dump(j, 0, &out);
	assert_buf(&out, "{\"B\":[],\"a\":{},\"b\":[1,-2,0.1,5.0,1e+300,true,false,null],\"\xC3\xA9\":"
			 "\"\\u0001\\n\"}");
	json_decref(j);
	j = parse("{\"b\": [1, {}], \"a\": {\"c\": []}}");
	phx_json_dump(j, 2, &out);
	assert_buf(&out, "{\n  \"a\": {\n    \"c\": []\n  },\n  \"b\": [\n    1,\n    {}\n  ]\n}");
	phx_json_dump(NULL, 2, &out);
	assert_buf(&out, "null");
	json_decref(j);
	phx_buf_done(&out);
}

static void members_convert_as_proxmox_sends_them(void **state)
{
	json_t *j = parse(
		"{\"i\": 5, \"s\": \"17\", \"t\": true, \"f\": false, \"r\": 2.5, \"w\": 3.0, \"one\": \"1\","
		" \"yes\": \"on\", \"off\": \"off\", \"text\": \"abc\", \"n\": null, \"big\": 1e30, \"o\": "
		"{}, \"neg\": \"-4\"}");

	(void)state;
	assert_int_equal(phx_json_int(j, "i", 0), 5);
	assert_int_equal(phx_json_int(j, "s", 0), 17);
	assert_int_equal(phx_json_int(j, "neg", 0), -4);
	assert_int_equal(phx_json_int(j, "t", 0), 1);
	assert_int_equal(phx_json_int(j, "w", 0), 3);
	assert_int_equal(phx_json_int(j, "r", -9), -9);
	assert_int_equal(phx_json_int(j, "big", -9), -9);
	assert_int_equal(phx_json_int(j, "text", -9), -9);
	assert_int_equal(phx_json_int(j, "n", -9), -9);
	assert_int_equal(phx_json_int(j, "absent", -9), -9);
	assert_int_equal(phx_json_int(NULL, "absent", -9), -9);
	assert_true(phx_json_num(j, "r", 0) == 2.5);
	assert_true(phx_json_num(j, "s", 0) == 17);
	assert_true(phx_json_num(j, "t", 0) == 1);
	assert_true(phx_json_num(j, "o", 4) == 4);
	assert_true(phx_json_bool(j, "t", false));
	assert_true(phx_json_bool(j, "one", false));
	assert_true(phx_json_bool(j, "yes", false));
	assert_true(phx_json_bool(j, "i", false));
	assert_false(phx_json_bool(j, "off", true));
	assert_false(phx_json_bool(j, "f", true));
	assert_true(phx_json_bool(j, "text", true));
	assert_true(phx_json_bool(j, "absent", true));
	assert_str(phx_json_str(j, "text"), "abc");
	assert_str(phx_json_str(j, "i"), "");
	assert_str(phx_json_str(j, "absent"), "");
	assert_null(phx_json_get(j, "absent"));
	json_decref(j);
}

static void scalars_have_a_text(void **state)
{
	json_t *j = parse("[1, \"x\", true, false, 0.25, null, [], {}]");
	struct phx_buf out = {0};

	(void)state;
	for (size_t i = 0; i < json_array_size(j); i++) {
		assert_int_equal(phx_json_text(json_array_get(j, i), &out), i < 5);
		phx_buf_ch(&out, ';');
	}
	assert_buf(&out, "1;x;1;0;0.25;;;;");
	assert_false(phx_json_text(NULL, &out));
	json_decref(j);
	phx_buf_done(&out);
}

static void write_sample(struct phx_jw *w)
{
	phx_jw_object(w);
	phx_jw_key(w, "empty");
	phx_jw_array(w);
	phx_jw_end_array(w);
	phx_jw_key(w, "list");
	phx_jw_array(w);
	phx_jw_int(w, INT64_MIN);
	phx_jw_int(w, 0);
	phx_jw_double(w, 1.5);
	phx_jw_double(w, 1.0 / 0.0);
	phx_jw_bool(w, true);
	phx_jw_null(w);
	phx_jw_c(w, NULL);
	phx_jw_raw(w, S("{\"raw\":1}"));
	phx_jw_object(w);
	phx_jw_end_object(w);
	phx_jw_end_array(w);
	phx_jw_key_str(w, S("k\"ey"));
	phx_jw_str(w, S("v"));
	phx_jw_end_object(w);
}

static void writer_places_commas_and_lines(void **state)
{
	struct phx_buf out = {0};
	struct phx_jw w;

	(void)state;
	phx_jw_init(&w, &out, 0);
	write_sample(&w);
	assert_buf(&out,
		   "{\"empty\":[],\"list\":[-9223372036854775808,0,1.5,null,true,null,null,{\"raw\":1},{}],"
		   "\"k\\\"ey\":\"v\"}");
	phx_jw_init(&w, &out, 2);
	write_sample(&w);
	assert_buf(
		&out,
		"{\n  \"empty\": [],\n  \"list\": [\n    -9223372036854775808,\n    0,\n    1.5,\n    null,\n"
		"    true,\n    null,\n    null,\n    {\"raw\":1},\n    {}\n  ],\n  \"k\\\"ey\": \"v\"\n}");
	phx_buf_done(&out);
}

static void numbers_read_back_as_they_were(void **state)
{
	static const double values[] = {0.0,
					-0.0,
					0.1,
					1.0 / 3,
					5.0,
					-17.0,
					1e15,
					1e16,
					123456789012345680.0,
					1e-7,
					5e-324,
					1.7976931348623157e308,
					0.30000000000000004,
					1e21,
					100.5};
	struct phx_buf out = {0};
	struct phx_jw w;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(values); i++) {
		phx_buf_clear(&out);
		phx_jw_init(&w, &out, 0);
		phx_jw_double(&w, values[i]);
		assert_true(strtod(out.ptr, NULL) == values[i]);
		assert_non_null(strpbrk(out.ptr, ".e"));
	}
	phx_buf_done(&out);
}

static void write_too_deep(void)
{
	struct phx_buf out = {0};
	struct phx_jw w;

	phx_jw_init(&w, &out, 0);
	for (int i = 0; i < 64; i++)
		phx_jw_array(&w);
}

static void write_unbalanced(void)
{
	struct phx_buf out = {0};
	struct phx_jw w;

	phx_jw_init(&w, &out, 0);
	phx_jw_end_object(&w);
}

static void writer_calls_its_misuse_a_bug(void **state)
{
	(void)state;
	assert_int_equal(exit_status_of(write_too_deep), 70);
	assert_int_equal(exit_status_of(write_unbalanced), 70);
}

static void writer_goes_63_deep(void **state)
{
	struct phx_buf out = {0};
	struct phx_jw w;
	json_t *j;

	(void)state;
	phx_jw_init(&w, &out, 1);
	for (int i = 0; i < 63; i++)
		phx_jw_array(&w);
	phx_jw_int(&w, 1);
	for (int i = 0; i < 63; i++)
		phx_jw_end_array(&w);
	j = parse(out.ptr);
	phx_buf_clear(&out);
	phx_json_dump(j, 0, &out);
	assert_int_equal(out.len, 127);
	json_decref(j);
	phx_buf_done(&out);
}

/* The document stays one, whatever a secret is. */
static void secrets_are_masked_in_texts_only(void **state)
{
	struct phx_arena a = {0};
	struct phx_secrets s = {.arena = &a};
	struct phx_buf out = {0};
	struct phx_jw w;

	(void)state;
	phx_secrets_add(&s, S("1234"));
	phx_secrets_add(&s, S("a\"b\\c"));
	phx_jw_init(&w, &out, 0);
	w.secrets = &s;
	phx_jw_object(&w);
	phx_jw_key(&w, "k1234");
	phx_jw_str(&w, S("x1234y"));
	phx_jw_key(&w, "n");
	phx_jw_int(&w, 12345);
	phx_jw_key(&w, "word");
	phx_jw_c(&w, "w1234");
	phx_jw_key(&w, "sum");
	phx_jw_sum(&w, S("ab1234cd"));
	phx_jw_key(&w, "raw");
	phx_jw_raw(&w, S("{\"1234\": [1234, \"1234\", \"a\\\"b\\\\c\", \"q\\\\\"], \"z\" :1234}"));
	phx_jw_end_object(&w);
	assert_string_equal(
		out.ptr, "{\"k1234\":\"x(secret)y\",\"n\":12345,\"word\":\"w1234\",\"sum\":\"ab1234cd\","
			 "\"raw\":{\"1234\": [1234, \"(secret)\", \"(secret)\", \"q\\\\\"], \"z\" :1234}}");
	phx_buf_done(&out);
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_masked_in_texts_only),
		cmocka_unit_test(malformed_documents_are_refused_with_their_place),
		cmocka_unit_test(messages_about_documents_cannot_steer_the_terminal),
		cmocka_unit_test(very_deep_documents_are_refused),
		cmocka_unit_test(dump_is_canonical),
		cmocka_unit_test(members_convert_as_proxmox_sends_them),
		cmocka_unit_test(scalars_have_a_text),
		cmocka_unit_test(writer_places_commas_and_lines),
		cmocka_unit_test(numbers_read_back_as_they_were),
		cmocka_unit_test(writer_calls_its_misuse_a_bug),
		cmocka_unit_test(writer_goes_63_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
