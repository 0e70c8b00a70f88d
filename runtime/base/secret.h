/* The values that must never be printed. Everything that leaves the process as text goes through phx_secrets_mask. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

/* Set `arena`, leave the rest zero. */
struct phx_secrets {
	struct phx_arena *arena;
	PHX_VEC(struct phx_str) plain;  /* every secret itself, but for weak ones */
	PHX_VEC(struct phx_str) weak;   /* those that cannot be hidden: see phx_secrets_ordinary */
	PHX_VEC(struct phx_str) public; /* the texts given to that */
	uint64_t *grams;                /* bit per hash of 4 bytes that occur in them */
	PHX_VEC(struct phx_str) values; /* every form of every secret but the weak ones */
	PHX_VEC(uint32_t) next;         /* the next shorter value with the same head, as index + 1 */
	/* First bytes of values (all of them, or HEAD_MAX) → index + 1 of the longest. */
	struct phx_map heads;
	uint64_t lengths; /* bit per length of a head that occurs */
	uint64_t *starts; /* bit per hash of first 4 bytes that occurs: most text is passed over by it */
};

/* Remembers a secret (and its percent-encoded, base64 and JSON-escaped forms). Under 4 bytes it is not masked in
 * free text (it would mask everything); typed secrets never get that far. */
void phx_secrets_add(struct phx_secrets *s, struct phx_str value);
/* Text that everybody may read: what phx itself says, names and plain values of the configuration. A secret that is an ordinary
 * word of it, or part of one, is weak: masked wherever that stands, it would be told by the gaps, and what phx says would not
 * be readable. It is not masked in free text, before or after this call. `text` must outlive `s`. */
void phx_secrets_ordinary(struct phx_secrets *s, struct phx_str text);
PHX_MUST_USE bool phx_secrets_is_weak(const struct phx_secrets *s, struct phx_str value);
/* The first stretch of `text` that one secret covers, or several that overlap. False: there is none. */
PHX_MUST_USE bool phx_secrets_find(const struct phx_secrets *s, struct phx_str text, size_t *out_at,
				   size_t *out_len);
#define PHX_MASKED "(secret)"
/* Appends `text` with every such stretch replaced by PHX_MASKED. */
void phx_secrets_mask(const struct phx_secrets *s, struct phx_str text, struct phx_buf *out);
/* Hex of the first 16 bytes of SHA-256(salt || 0 || value): how a write-only value is compared without being kept. */
struct phx_str phx_secret_hash(struct phx_arena *a, struct phx_str salt, struct phx_str value);
/* 64 hex digits. */
struct phx_str phx_sha256_hex(struct phx_arena *a, struct phx_str bytes);
/* A password as /etc/shadow has it (crypt, SHA-512). The salt comes from `seed`: the same every time. */
struct phx_str phx_crypt_sha512(struct phx_arena *a, struct phx_str seed, struct phx_str password);
/* Is it such a hash already? As Proxmox tells it: $1$, $5$, $6$, $2a$, $2y$. */
bool phx_is_crypt_hash(struct phx_str s);
/* 64 hex digits of HMAC-SHA256. */
struct phx_str phx_hmac_sha256_hex(struct phx_arena *a, struct phx_str key, struct phx_str bytes);
/* Compares in a time that tells nothing of where they differ. */
bool phx_same_bytes(struct phx_str a, struct phx_str b);
PHX_MUST_USE bool phx_sha256_file(const char *path, char out_hex[65], struct phx_err *err);
