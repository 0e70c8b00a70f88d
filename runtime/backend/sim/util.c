/* Small helpers on JSON documents and text, and the simulator's random numbers. */
#include "backend/sim/sim_priv.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/sha.h>

#include "model/normalise.h"

const char *phx_sim_fmt(struct phx_arena *a, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *out;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		PHX_BUG("unprintable format %s", fmt);
	out = PHX_NEW_N(a, char, (size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf(out, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return out;
}

const char *phx_sim_s(const json_t *obj, const char *key)
{
	return json_string_value(json_object_get(obj, key));
}

const char *phx_sim_so(const json_t *obj, const char *key, const char *otherwise)
{
	const char *v = phx_sim_s(obj, key);

	return v != NULL ? v : otherwise;
}

void phx_sim_set(json_t *obj, const char *key, const char *text)
{
	if (text == NULL)
		json_object_del(obj, key);
	else
		json_object_set_new(obj, key, json_string_nocheck(text));
}

void phx_sim_set_int(json_t *obj, const char *key, int64_t n)
{
	json_object_set_new(obj, key, json_integer(n));
}

bool phx_sim_truth(const json_t *value)
{
	if (json_is_string(value))
		return strcmp(json_string_value(value), "1") == 0;
	if (json_is_integer(value))
		return json_integer_value(value) != 0;
	return json_is_true(value);
}

const char *phx_sim_sha1(struct phx_arena *a, const void *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[SHA_DIGEST_LENGTH];
	char *out = PHX_NEW_N(a, char, 2 * SHA_DIGEST_LENGTH + 1);

	SHA1(bytes, n, sum);
	for (size_t i = 0; i < sizeof(sum); i++) {
		out[2 * i] = hex[sum[i] >> 4];
		out[2 * i + 1] = hex[sum[i] & 15];
	}
	return out;
}

bool phx_sim_starts(const char *s, const char *prefix)
{
	return s != NULL && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool phx_sim_ends(const char *s, const char *suffix)
{
	size_t n = s != NULL ? strlen(s) : 0, m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

bool phx_sim_regex(const char *pattern, const char *text)
{
	regex_t re;
	bool hit;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	hit = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return hit;
}

/* splitmix64: one counter is all its state. */
uint64_t phx_sim_random(struct phx_sim *s)
{
	uint64_t z = (uint64_t)phx_sim_meta_count(s, "random", 1) * 0x9e3779b97f4a7c15u;

	z ^= (uint64_t)phx_sim_meta_int(s, "seed", 1) * 0xd1342543de82ef95u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static const char *uuid_text(struct phx_arena *a, uint64_t hi, uint64_t lo)
{
	hi = (hi & ~(uint64_t)0xf000) | 0x4000;
	lo = (lo & ~((uint64_t)3 << 62)) | ((uint64_t)2 << 62);
	return phx_sim_fmt(a, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(hi >> 32),
			   (unsigned)(hi >> 16) & 0xffffu, (unsigned)hi & 0xffffu, (unsigned)(lo >> 48),
			   (unsigned long long)(lo & 0xffffffffffffu));
}

const char *phx_sim_random_uuid(struct phx_sim *s, struct phx_arena *a)
{
	uint64_t hi = phx_sim_random(s);

	return uuid_text(a, hi, phx_sim_random(s));
}

const char *phx_sim_random_mac(struct phx_sim *s, struct phx_arena *a)
{
	uint64_t r = phx_sim_random(s);

	return phx_sim_fmt(a, "BC:24:11:%02X:%02X:%02X", (unsigned)(r & 0xff), (unsigned)(r >> 8) & 0xffu,
			   (unsigned)(r >> 16) & 0xffu);
}

const char *phx_sim_random_secret(struct phx_arena *a)
{
	uint64_t r[2];

	if (getrandom(r, sizeof(r), 0) != (ssize_t)sizeof(r))
		PHX_BUG("the system gives no random numbers");
	return uuid_text(a, r[0], r[1]);
}

int64_t phx_sim_number(struct phx_str text, int64_t otherwise)
{
	int64_t n;

	return phx_parse_i64(text, &n) ? n : otherwise;
}

uint64_t phx_sim_bytes(struct phx_str text, uint64_t otherwise)
{
	uint64_t n;

	return phx_disk_size_parse(text, &n) ? n : otherwise;
}
