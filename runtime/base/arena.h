/* Arena allocation by lifetime: everything in an arena goes when the arena does. Nothing inside one
 * may own a malloc, FILE, json_t or CURL. */
#pragma once

#include "base/base.h"

struct phx_arena_page;

/* Zero-initialised is ready to use. */
struct phx_arena {
	struct phx_arena_page *page; /* newest first */
	char *next, *end;            /* free room in the newest page */
	size_t total;                /* bytes taken from the system */
};

/* Returns zeroed memory; never NULL (out of memory ends the process). `align` is a power of two up to 64. */
void *phx_arena_alloc(struct phx_arena *a, size_t size, size_t align);
/* As phx_arena_alloc for n objects; an overflowing product ends the process. */
void *phx_arena_alloc_n(struct phx_arena *a, size_t n, size_t size, size_t align);
/* Frees everything; `a` is then as zero-initialised. */
void phx_arena_done(struct phx_arena *a);
/* The same, but the memory of a small arena is kept for its next use. */
void phx_arena_clear(struct phx_arena *a);

#define PHX_NEW(a, T)      ((T *)phx_arena_alloc((a), sizeof(T), _Alignof(T)))
#define PHX_NEW_N(a, T, n) ((T *)phx_arena_alloc_n((a), (n), sizeof(T), _Alignof(T)))

/* A growing array in an arena: `PHX_VEC(T) xs;`, zero-initialised, then phx_vec_push(arena, &xs, value). */
#define PHX_VEC(T)                                                                                           \
	struct {                                                                                             \
		T *v;                                                                                        \
		uint32_t n, cap;                                                                             \
	}
#define phx_vec_push(a, vec, value)                                                                          \
	((vec)->n == (vec)->cap                                                                              \
		 ? ((vec)->v = phx_vec_grow((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)),        \
		    (void)0)                                                                                 \
		 : (void)0,                                                                                  \
	 (void)((vec)->v[(vec)->n++] = (value)))
void *phx_vec_grow(struct phx_arena *a, void *old, uint32_t n, uint32_t *cap, size_t size);
