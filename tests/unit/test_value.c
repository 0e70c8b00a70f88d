/* Values: their texts, what reads back, equality, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/schema.h"
#include "model/value.h"

static const struct phx_span nowhere;

static void sizes_read_back(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
		const char *canonical;
	} cases[] = {
		{"4KiB", 4096, "4KiB"},
		{"512MiB", 512ULL << 20, "512MiB"},
		{"1024MiB", 1ULL << 30, "1GiB"},
		{"8GiB", 8ULL << 30, "8GiB"},
		{"2TiB", 2ULL << 40, "2TiB"},
		{"1_024KiB", 1 << 20, "1MiB"},
		{"0GiB", 0, "0KiB"},
		{"341B", 341, "341B"},
		{"16777215TiB", 16777215ULL << 40, "16777215TiB"},
	};
	static const char *const bad[] = {"",      "8",     "8GB",         "GiB",
					  "8 GiB", "-8GiB", "8gib",        "1.5GiB",
					  "_1GiB", "1_GiB", "16777216TiB", "99999999999999999999KiB",
					  "8GiB "};
	struct phx_buf out = {0};
	uint64_t bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(phx_size_parse(phx_str_c(cases[i].text), &bytes));
		assert_true(bytes == cases[i].bytes);
		phx_buf_clear(&out);
		phx_size_text(bytes, &out);
		assert_string_equal(out.ptr, cases[i].canonical);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(phx_size_parse(phx_str_c(bad[i]), &bytes));
	phx_buf_done(&out);
}

static void durations_read_back(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
		const char *canonical;
	} cases[] = {
		{"500ms", 500, "500ms"}, {"1000ms", 1000, "1s"},  {"90s", 90000, "90s"}, {"60s", 60000, "1m"},
		{"120m", 7200000, "2h"}, {"24h", 86400000, "1d"}, {"0s", 0, "0s"},
	};
	static const char *const bad[] = {"", "5", "5x", "s", "-5s", "1.5s", "106751991168d", "5S"};
	struct phx_buf out = {0};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(phx_duration_parse(phx_str_c(cases[i].text), &ms));
		assert_true(ms == cases[i].ms);
		phx_buf_clear(&out);
		phx_duration_text(ms, &out);
		assert_string_equal(out.ptr, cases[i].canonical);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(phx_duration_parse(phx_str_c(bad[i]), &ms));
	phx_buf_done(&out);
}

static void addresses_read_back(void **state)
{
	static const char *const good[] = {"10.0.0.1", "255.255.255.255",       "0.0.0.0", "::", "fd00::10",
					   "fe80::1",  "2001:db8::ff00:42:8329"};
	static const char *const bad[] = {"",
					  "10.0.0",
					  "10.0.0.256",
					  "10.0.0.01",
					  "10.0.0.1.2",
					  "fd00::10::1",
					  "fd00",
					  " 10.0.0.1",
					  "10.0.0.1 ",
					  "1:2:3:4:5:6:7:8:9",
					  "10.0.0.1/24",
					  "gd00::1",
					  "00000000000000000000000000000000000000000000000000"};
	static const char *const bad_cidr[] = {"10.0.0.1",     "10.0.0.1/",  "10.0.0.1/33", "10.0.0.1/-1",
					       "10.0.0.1/024", "fd00::/129", "/24",         "10.0.0.1/24/8"};
	struct phx_buf out = {0};
	struct phx_ip ip;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(phx_ip_parse(phx_str_c(good[i]), &ip));
		phx_buf_clear(&out);
		phx_ip_text(&ip, false, &out);
		assert_string_equal(out.ptr, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(phx_ip_parse(phx_str_c(bad[i]), &ip));
	for (size_t i = 0; i < sizeof(bad_cidr) / sizeof(bad_cidr[0]); i++)
		assert_false(phx_cidr_parse(phx_str_c(bad_cidr[i]), &ip));
	assert_true(phx_cidr_parse(PHX_STR("10.0.0.5/24"), &ip));
	phx_buf_clear(&out);
	phx_ip_text(&ip, true, &out);
	assert_string_equal(out.ptr, "10.0.0.5/24"); /* the host part is kept */
	phx_buf_done(&out);
}

static void networks_hold_their_addresses(void **state)
{
	static const struct {
		const char *net, *ip;
		bool inside;
	} cases[] = {
		{"10.0.0.0/24", "10.0.0.255", true},   {"10.0.0.0/24", "10.0.1.0", false},
		{"10.0.0.77/25", "10.0.0.1", true},    {"10.0.0.77/25", "10.0.0.128", false},
		{"0.0.0.0/0", "1.2.3.4", true},        {"10.0.0.1/32", "10.0.0.1", true},
		{"10.0.0.1/32", "10.0.0.2", false},    {"fd00::/64", "fd00::1", true},
		{"fd00::/64", "fd00:0:0:1::1", false}, {"fd00::/64", "10.0.0.1", false},
		{"::/0", "10.0.0.1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phx_ip net, ip;

		assert_true(phx_cidr_parse(phx_str_c(cases[i].net), &net));
		assert_true(phx_ip_parse(phx_str_c(cases[i].ip), &ip));
		assert_int_equal(phx_ip_same_net(&net, &ip), cases[i].inside);
	}
}

static void macs_read_back_in_capitals(void **state)
{
	static const char *const bad[] = {"",
					  "52:54:00:AA:BB",
					  "52:54:00:AA:BB:CC:DD",
					  "52-54-00-AA-BB-CC",
					  "52:54:00:AA:BB:CG",
					  "525400AABBCC"};
	struct phx_buf out = {0};
	uint8_t mac[6];

	(void)state;
	assert_true(phx_mac_parse(PHX_STR("52:54:00:aa:Bb:0c"), mac));
	phx_mac_text(mac, &out);
	assert_string_equal(out.ptr, "52:54:00:AA:BB:0C");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(phx_mac_parse(phx_str_c(bad[i]), mac));
	phx_buf_done(&out);
}

static struct phx_value list(struct phx_value *v, uint32_t n)
{
	return (struct phx_value){.kind = PHX_V_LIST, .list = {v, n}};
}

static void equality_ignores_places_and_the_order_of_keys(void **state)
{
	struct phx_value one = phx_value_int(1, (struct phx_span){1, 2, 3}), uno = phx_value_int(1, nowhere),
			 two = phx_value_int(2, nowhere);
	struct phx_member ab[] = {{.key = PHX_STR("a"), .value = &one}, {.key = PHX_STR("b"), .value = &two}};
	struct phx_member ba[] = {{.key = PHX_STR("b"), .value = &two}, {.key = PHX_STR("a"), .value = &uno}};
	struct phx_object x = {ab, 2}, y = {ba, 2}, z = {ab, 1};
	struct phx_value mx = {.kind = PHX_V_MAP, .map = &x}, my = {.kind = PHX_V_MAP, .map = &y},
			 mz = {.kind = PHX_V_MAP, .map = &z};
	struct phx_value empty = {.kind = PHX_V_MAP};
	struct phx_value l1 = list(&one, 1), l2 = list(&uno, 1), l3 = list(&two, 1);
	struct phx_value unknown = phx_value_unknown(PHX_V_INT, nowhere), octal = one;

	(void)state;
	octal.flags = PHX_VF_OCTAL;
	assert_true(phx_value_equal(&one, &uno));
	assert_true(phx_value_equal(&one, &octal));
	assert_false(phx_value_equal(&one, &two));
	assert_true(phx_value_equal(&mx, &my));
	assert_false(phx_value_equal(&mx, &mz));
	assert_false(phx_value_equal(&mx, &empty));
	assert_true(phx_value_equal(&empty, &empty));
	assert_true(phx_value_equal(&l1, &l2));
	assert_false(phx_value_equal(&l1, &l3));
	assert_false(phx_value_equal(&one, &unknown));
	assert_true(phx_value_equal(&unknown, &unknown));
}

static void secrets_and_unknowns_are_found_inside(void **state)
{
	struct phx_value secret = phx_value_str(PHX_STR("s"), nowhere), plain = phx_value_int(1, nowhere);
	struct phx_value inner[2], outer, unknown = phx_value_unknown(PHX_V_LIST, nowhere),
					  poison = phx_value_poison(nowhere);
	struct phx_buf out = {0};

	(void)state;
	secret.flags = PHX_VF_SECRET;
	inner[0] = plain;
	inner[1] = secret;
	outer = list(inner, 2);
	assert_true(phx_value_is_secret(&outer));
	assert_false(phx_value_is_secret(&plain));
	assert_true(phx_value_is_known(&outer));
	phx_value_show(&outer, &out);
	assert_string_equal(out.ptr, "[1, (secret)]");
	phx_buf_clear(&out);
	phx_value_json(&outer, &out);
	assert_string_equal(out.ptr, "[1,\"(secret)\"]");
	inner[1] = unknown;
	assert_false(phx_value_is_known(&outer));
	assert_false(phx_value_is_known(&unknown));
	assert_false(phx_value_is_known(&poison));
	phx_buf_clear(&out);
	phx_value_show(&outer, &out);
	assert_string_equal(out.ptr, "[1, (unknown)]");
	phx_buf_done(&out);
}

static void what_is_shown_is_the_language(void **state)
{
	struct phx_value word = phx_value_str(PHX_STR("dhcp"), nowhere),
			 text = phx_value_str(PHX_STR("a\"\\\n\t${x}$\x01"), nowhere);
	struct phx_value octal = phx_value_int(0644, nowhere), null = {.kind = PHX_V_NULL},
			 f = {.kind = PHX_V_FLOAT, .f = 0.1};
	struct phx_ref ref = {.kind = PHX_KIND_VM, .name = PHX_STR("web")},
		       by_id = {.kind = PHX_KIND_CONTAINER, .id = 900};
	struct phx_member arg = {.key = PHX_STR("a b"), .value = &octal};
	struct phx_ref call_ref = {.kind = PHX_KIND_FEATURE, .name = PHX_STR("docker"), .args = {&arg, 1}};
	struct phx_value r = {.kind = PHX_V_REF, .ref = &ref}, i = {.kind = PHX_V_REF, .ref = &by_id};
	struct phx_value call = {.kind = PHX_V_CALL, .ref = &call_ref};
	const struct {
		struct phx_value *v;
		const char *show, *json;
	} cases[] = {
		{&word, "dhcp", "\"dhcp\""},
		{&text, "\"a\\\"\\\\\\n\\t\\${x}$\\u{1}\"", NULL},
		{&octal, "0644", "420"},
		{&null, "null", "null"},
		{&f, "0.1", "0.1"},
		{&r, "vm.web", "\"vm.web\""},
		{&i, "container with id 900", "\"container with id 900\""},
		{&call, "feature.docker(\"a b\" = 0644)", "{\"feature\":\"docker\",\"args\":{\"a b\":420}}"},
	};
	struct phx_buf out = {0};

	(void)state;
	word.flags = PHX_VF_WORD;
	octal.flags = PHX_VF_OCTAL;
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		phx_buf_clear(&out);
		phx_value_show(cases[k].v, &out);
		assert_string_equal(out.ptr, cases[k].show);
		if (!cases[k].json)
			continue;
		phx_buf_clear(&out);
		phx_value_json(cases[k].v, &out);
		assert_string_equal(out.ptr, cases[k].json);
	}
	phx_buf_clear(&out);
	assert_false(phx_value_text(&null, &out));
	assert_false(phx_value_text(&r, &out));
	assert_true(phx_value_text(&word, &out));
	assert_string_equal(out.ptr, "dhcp");
	phx_buf_done(&out);
}

static void floats_print_the_fewest_digits_that_read_back(void **state)
{
	static const struct {
		double f;
		const char *text;
	} cases[] = {{0.1, "0.1"},    {2, "2.0"},
		     {1e21, "1e+21"}, {0.1 + 0.2, "0.30000000000000004"},
		     {-1.5, "-1.5"},  {1.0 / 3, "0.3333333333333333"}};
	struct phx_buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phx_value v = {.kind = PHX_V_FLOAT, .f = cases[i].f};

		phx_buf_clear(&out);
		assert_true(phx_value_text(&v, &out));
		assert_string_equal(out.ptr, cases[i].text);
	}
	phx_buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_read_back),
		cmocka_unit_test(durations_read_back),
		cmocka_unit_test(addresses_read_back),
		cmocka_unit_test(networks_hold_their_addresses),
		cmocka_unit_test(macs_read_back_in_capitals),
		cmocka_unit_test(equality_ignores_places_and_the_order_of_keys),
		cmocka_unit_test(secrets_and_unknowns_are_found_inside),
		cmocka_unit_test(what_is_shown_is_the_language),
		cmocka_unit_test(floats_print_the_fewest_digits_that_read_back),
	};

	return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
