#include "base/secret.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum {
	FORM_MIN = 4,
	HEAD_MAX = 32,
	START_BITS = 4096,
	WORD_MAX = 32, /* what is longer is no ordinary word */
	GRAM_SIZE = 4,
	GRAM_BITS = 1 << 20,
	BASE64_PIECE_MIN = 8,
	SHA256_SIZE = 32,
	READ_SIZE = 64 * 1024,
};

static uint32_t start_of(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return (word * UINT32_C(0x9E3779B1)) >> 7 & (START_BITS - 1);
}

static bool known(const struct phx_secrets *s, struct phx_str form)
{
	const struct phx_map_entry *head = phx_map_find(&s->heads, phx_str_slice(form, 0, HEAD_MAX));

	for (uint64_t i = head ? head->num : 0; i; i = s->next.v[i - 1]) {
		if (phx_str_eq(s->values.v[i - 1], form))
			return true;
	}
	return false;
}

static void add_form(struct phx_secrets *s, struct phx_str form)
{
	struct phx_map_entry *head;
	uint32_t *at, first, start;

	if (form.len < FORM_MIN || known(s, form))
		return;
	if (!s->starts)
		s->starts = PHX_NEW_N(s->arena, uint64_t, START_BITS / 64);
	form = phx_str_dup(s->arena, form);
	start = start_of(form.ptr);
	s->starts[start / 64] |= UINT64_C(1) << start % 64;
	s->lengths |= UINT64_C(1) << (form.len < HEAD_MAX ? form.len : HEAD_MAX);
	phx_vec_push(s->arena, &s->values, form);
	phx_vec_push(s->arena, &s->next, 0);
	head = phx_map_put(s->arena, &s->heads, phx_str_slice(form, 0, HEAD_MAX), NULL);
	first = (uint32_t)head->num;
	at = &first;
	while (*at && s->values.v[*at - 1].len > form.len)
		at = &s->next.v[*at - 1];
	s->next.v[s->next.n - 1] = *at;
	*at = s->values.n;
	head->num = first;
}

/* Inside a longer text that is encoded as a whole, a secret has one of three base64 forms, by where it starts; its
 * first and last digits mix with its neighbours and are left out. */
static void add_base64_pieces(struct phx_secrets *s, struct phx_str value)
{
	for (size_t shift = 0; shift < 3; shift++) {
		struct phx_buf plain = {0}, coded = {0};
		size_t first = shift ? shift + 1 : 0, last;

		phx_buf_fill(&plain, 0, shift);
		phx_buf_str(&plain, value);
		phx_buf_base64(&coded, phx_buf_view(&plain));
		last = plain.len * 8 / 6;
		if (last >= first + BASE64_PIECE_MIN)
			add_form(s, phx_str_slice(phx_buf_view(&coded), first, last - first));
		phx_buf_done(&plain);
		phx_buf_done(&coded);
	}
}

/* --- ordinary words --- */

static bool contains(const struct phx_str *v, uint32_t n, struct phx_str value)
{
	for (uint32_t i = 0; i < n; i++)
		if (phx_str_eq(v[i], value))
			return true;
	return false;
}

static bool is_word(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return false;
	}
	return s.len >= GRAM_SIZE && s.len <= WORD_MAX;
}

static uint32_t gram_of(const char *at)
{
	uint32_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return bytes * UINT32_C(0x9E3779B1) >> 12 & (GRAM_BITS - 1);
}

/* Nearly every secret has 4 bytes that stand nowhere: the texts are searched for the others only. */
static bool is_ordinary(const struct phx_secrets *s, struct phx_str value)
{
	if (!s->grams || !is_word(value))
		return false;
	for (size_t i = 0; i + GRAM_SIZE <= value.len; i++) {
		uint32_t gram = gram_of(value.ptr + i);

		if (!(s->grams[gram / 64] >> gram % 64 & 1))
			return false;
	}
	for (uint32_t i = 0; i < s->public.n; i++)
		if (phx_str_find(s->public.v[i], value) >= 0)
			return true;
	return false;
}

bool phx_secrets_is_weak(const struct phx_secrets *s, struct phx_str value)
{
	return contains(s->weak.v, s->weak.n, value);
}

static void forget_forms(struct phx_secrets *s)
{
	s->values.n = s->next.n = 0;
	s->heads = (struct phx_map){0};
	s->lengths = 0;
	s->starts = NULL;
}

/* Adding them again sorts them anew. */
static void sort_again(struct phx_secrets *s)
{
	struct phx_secrets old = *s;

	forget_forms(s);
	memset(&s->plain, 0, sizeof(s->plain));
	for (uint32_t i = 0; i < old.plain.n; i++)
		phx_secrets_add(s, old.plain.v[i]);
}

void phx_secrets_ordinary(struct phx_secrets *s, struct phx_str text)
{
	bool found = false;

	if (!s->grams)
		s->grams = PHX_NEW_N(s->arena, uint64_t, GRAM_BITS / 64);
	for (size_t i = 0; i + GRAM_SIZE <= text.len; i++) {
		uint32_t gram = gram_of(text.ptr + i);

		s->grams[gram / 64] |= UINT64_C(1) << gram % 64;
	}
	phx_vec_push(s->arena, &s->public, text);
	for (uint32_t i = 0; i < s->plain.n && !found; i++)
		found = is_ordinary(s, s->plain.v[i]);
	if (found)
		sort_again(s);
}

/* --- forms --- */

void phx_secrets_add(struct phx_secrets *s, struct phx_str value)
{
	struct phx_buf once = {0}, form = {0};

	if (value.len < FORM_MIN || known(s, value) || phx_secrets_is_weak(s, value))
		return;
	value = phx_str_dup(s->arena, value);
	if (is_ordinary(s, value)) {
		phx_vec_push(s->arena, &s->weak, value);
		return;
	}
	phx_vec_push(s->arena, &s->plain, value);
	add_form(s, value);
	phx_buf_percent(&once, value);
	add_form(s, phx_buf_view(&once));
	phx_buf_percent(&form, phx_buf_view(&once)); /* Proxmox wants SSH keys encoded twice */
	add_form(s, phx_buf_view(&form));
	phx_buf_clear(&form);
	phx_buf_base64(&form, value);
	add_form(s, phx_buf_view(&form));
	add_base64_pieces(s, value);
	phx_buf_clear(&form);
	phx_buf_json_string(&form, value);
	add_form(s, phx_str_slice(phx_buf_view(&form), 1, form.len - 2));
	phx_buf_done(&once);
	phx_buf_done(&form);
}

/* Length of the longest secret with a head of this length at the start of `text`, or 0. */
static size_t secret_with_head(const struct phx_secrets *s, struct phx_str text, size_t head_len)
{
	const struct phx_map_entry *head = phx_map_find(&s->heads, phx_str_slice(text, 0, head_len));

	for (uint64_t i = head ? head->num : 0; i; i = s->next.v[i - 1]) {
		struct phx_str form = s->values.v[i - 1];

		if (form.len <= text.len && memcmp(text.ptr, form.ptr, form.len) == 0)
			return form.len;
	}
	return 0;
}

/* Length of the longest secret at the start of `text`, or 0. */
static size_t secret_at(const struct phx_secrets *s, struct phx_str text)
{
	uint32_t start;

	if (text.len < FORM_MIN)
		return 0;
	start = start_of(text.ptr);
	if (!(s->starts[start / 64] >> start % 64 & 1))
		return 0;
	for (size_t head_len = HEAD_MAX; head_len >= FORM_MIN; head_len--) {
		size_t n = 0;

		if (s->lengths >> head_len & 1 && head_len <= text.len)
			n = secret_with_head(s, text, head_len);
		if (n)
			return n;
	}
	return 0;
}

bool phx_secrets_find(const struct phx_secrets *s, struct phx_str text, size_t *out_at, size_t *out_len)
{
	size_t first = text.len, end = text.len;

	for (size_t at = 0; s && s->values.n && at < end; at++) {
		size_t n = secret_at(s, phx_str_from(text, at));

		if (!n)
			continue;
		if (first == text.len) {
			first = at;
			end = at + n;
		}
		/* One that overlaps it is hidden with it: half a secret is too much. */
		if (at + n > end)
			end = at + n;
	}
	*out_at = first;
	*out_len = end - first;
	return first < text.len;
}

void phx_secrets_mask(const struct phx_secrets *s, struct phx_str text, struct phx_buf *out)
{
	size_t at, len;

	while (phx_secrets_find(s, text, &at, &len)) {
		phx_buf_add(out, text.ptr, at);
		phx_buf_c(out, PHX_MASKED);
		text = phx_str_from(text, at + len);
	}
	phx_buf_str(out, text);
}

static void to_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[i * 2] = digits[bytes[i] >> 4];
		out[i * 2 + 1] = digits[bytes[i] & 15];
	}
	out[n * 2] = 0;
}

static struct phx_str sha256(struct phx_arena *a, struct phx_str bytes, size_t keep)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	char *hex = phx_arena_alloc(a, keep * 2 + 1, 1);

	if (!EVP_Digest(bytes.ptr ? bytes.ptr : "", bytes.len, sum, NULL, EVP_sha256(), NULL))
		PHX_BUG("libcrypto has no SHA-256");
	to_hex(sum, keep, hex);
	return (struct phx_str){hex, keep * 2};
}

struct phx_str phx_sha256_hex(struct phx_arena *a, struct phx_str bytes)
{
	return sha256(a, bytes, SHA256_SIZE);
}

struct phx_str phx_secret_hash(struct phx_arena *a, struct phx_str salt, struct phx_str value)
{
	struct phx_buf both = {0};
	struct phx_str hex;

	phx_buf_str(&both, salt);
	phx_buf_ch(&both, 0);
	phx_buf_str(&both, value);
	hex = sha256(a, phx_buf_view(&both), SHA256_SIZE / 2);
	explicit_bzero(both.ptr, both.len);
	phx_buf_done(&both);
	return hex;
}

struct phx_str phx_hmac_sha256_hex(struct phx_arena *a, struct phx_str key, struct phx_str bytes)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	char hex[2 * SHA256_SIZE];

	if (key.len > INT_MAX ||
	    !HMAC(EVP_sha256(), key.ptr, (int)key.len, (const unsigned char *)bytes.ptr, bytes.len, sum,
		  &n) ||
	    n != SHA256_SIZE)
		PHX_BUG("no HMAC-SHA256 over %zu bytes", bytes.len);
	for (unsigned i = 0; i < n; i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	return phx_str_dup(a, (struct phx_str){hex, sizeof(hex)});
}

bool phx_same_bytes(struct phx_str a, struct phx_str b)
{
	return a.len == b.len && (!a.len || CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool phx_sha256_file(const char *path, char out_hex[65], struct phx_err *err)
{
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	unsigned char bytes[EVP_MAX_MD_SIZE];
	struct phx_buf piece = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = false;
	ssize_t n;

	if (fd < 0) {
		phx_err_errno(err, errno, "cannot open %s", path);
		goto out;
	}
	if (!sum || !EVP_DigestInit_ex(sum, EVP_sha256(), NULL))
		PHX_BUG("libcrypto has no SHA-256");
	phx_buf_reserve(&piece, READ_SIZE);
	while ((n = read(fd, piece.ptr, READ_SIZE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			phx_err_errno(err, errno, "cannot read %s", path);
			goto out;
		}
		EVP_DigestUpdate(sum, piece.ptr, (size_t)n);
	}
	EVP_DigestFinal_ex(sum, bytes, NULL);
	to_hex(bytes, SHA256_SIZE, out_hex);
	ok = true;
out:
	if (fd >= 0)
		close(fd);
	phx_buf_done(&piece);
	EVP_MD_CTX_free(sum);
	return ok;
}

/* What Proxmox and cloud-init take for a hash and leave alone ($1$, $5$, $6$, $2a$, $2y$ with salt and sum behind). */
bool phx_is_crypt_hash(struct phx_str s)
{
	static const char *const methods[] = {"$1$", "$5$", "$6$", "$2a$", "$2y$"};

	for (size_t i = 0; i < PHX_COUNTOF(methods); i++) {
		struct phx_str rest = s, salt;

		if (!phx_str_starts(s, methods[i]))
			continue;
		rest = phx_str_from(s, strlen(methods[i]));
		return phx_str_cut(&rest, '$', &salt) && salt.len && rest.ptr && rest.len;
	}
	return false;
}

struct phx_str phx_crypt_sha512(struct phx_arena *a, struct phx_str seed, struct phx_str password)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	struct phx_str setting, clear, out;
	const char *hash;

	if (!data)
		phx_out_of_memory();
	setting = phx_str_printf(a, "$6$" PHX_STR_FMT "$", PHX_STR_ARG(sha256(a, seed, 8)));
	clear = phx_str_dup(a, password);
	hash = crypt_r(clear.ptr, setting.ptr, data);
	if (!hash || hash[0] == '*')
		PHX_BUG("libcrypt has no SHA-512");
	out = phx_str_dup(a, phx_str_c(hash));
	explicit_bzero((char *)(uintptr_t)clear.ptr, clear.len);
	explicit_bzero(data, sizeof(*data));
	free(data);
	return out;
}
