#include "base/arena.h"

#include "base/page_pool.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
enum { RED_ZONE = 16 }; /* poisoned bytes behind each allocation */
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
enum { RED_ZONE = 0 };
#endif

enum { PAGE_MIN = 4 * 1024, ALIGN_MAX = 64 };

struct phx_arena_page {
	struct phx_arena_page *older;
	size_t size; /* of the room behind this header */
	_Alignas(max_align_t) char room[];
};

/* The room of a page of the pool. */
enum { PAGE_MAX = PHX_POOL_PAGE - sizeof(struct phx_arena_page) };

#ifdef ARENA_ASAN
static const bool pooled = false; /* what is used after its arena went must be found */
#else
static const bool pooled = true;
#endif

static struct phx_arena_page *page_new(struct phx_arena *a, size_t size)
{
	struct phx_arena_page *page;

	if (size > SIZE_MAX / 2)
		phx_out_of_memory();
	page = pooled && size == PAGE_MAX ? phx_pool_take() : calloc(1, sizeof(*page) + size);
	if (!page)
		phx_out_of_memory();
	page->size = size;
	a->total += sizeof(*page) + size;
	ASAN_POISON_MEMORY_REGION(page->room, size);
	return page;
}

/* Bytes to skip until `at` is aligned. */
static size_t skip_to(const char *at, size_t align)
{
	return -(uintptr_t)at & (align - 1);
}

/* From the newest page; NULL when it has not enough room. */
static char *alloc_here(struct phx_arena *a, size_t size, size_t align)
{
	size_t room = (size_t)(a->end - a->next), skip = skip_to(a->next, align);
	char *at = a->next;

	if (!at || size > room || room - size < skip + RED_ZONE)
		return NULL;
	a->next = at + skip + size + RED_ZONE;
	return at + skip;
}

/* A block of its own for a large request; the newest page stays the one with free room. */
static char *alloc_large(struct phx_arena *a, size_t size, size_t align)
{
	struct phx_arena_page *page;

	if (size > SIZE_MAX / 4)
		phx_out_of_memory();
	page = page_new(a, size + align + RED_ZONE);
	if (a->page) {
		page->older = a->page->older;
		a->page->older = page;
	} else {
		a->page = page;
		a->next = a->end = page->room + page->size;
	}
	return page->room + skip_to(page->room, align);
}

static char *alloc_slow(struct phx_arena *a, size_t size, size_t align)
{
	size_t page_size = a->total < PAGE_MIN ? PAGE_MIN : a->total > PAGE_MAX ? PAGE_MAX : a->total;
	struct phx_arena_page *page;

	if (size > page_size / 4)
		return alloc_large(a, size, align);
	page = page_new(a, page_size);
	page->older = a->page;
	a->page = page;
	a->end = page->room + page_size;
	a->next = page->room;
	return alloc_here(a, size, align);
}

void *phx_arena_alloc(struct phx_arena *a, size_t size, size_t align)
{
	char *at;

	if (align == 0 || align > ALIGN_MAX || (align & (align - 1)))
		PHX_BUG("alignment %zu", align);
	if (size == 0)
		size = 1;
	at = alloc_here(a, size, align);
	if (!at)
		at = alloc_slow(a, size, align);
	ASAN_UNPOISON_MEMORY_REGION(at, size);
	return at;
}

void *phx_arena_alloc_n(struct phx_arena *a, size_t n, size_t size, size_t align)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all))
		phx_out_of_memory();
	return phx_arena_alloc(a, all, align);
}

void phx_arena_done(struct phx_arena *a)
{
	struct phx_arena_page *page = a->page;

	while (page) {
		struct phx_arena_page *older = page->older;

		ASAN_UNPOISON_MEMORY_REGION(page->room, page->size);
		if (pooled && page->size == PAGE_MAX)
			phx_pool_give(page);
		else
			free(page);
		page = older;
	}
	*a = (struct phx_arena){0};
}

void phx_arena_clear(struct phx_arena *a)
{
	struct phx_arena_page *page = a->page;

	if (!page || page->older) {
		phx_arena_done(a);
		return;
	}
	ASAN_UNPOISON_MEMORY_REGION(page->room, page->size);
	memset(page->room, 0, (size_t)(a->next - page->room));
	ASAN_POISON_MEMORY_REGION(page->room, page->size);
	a->next = page->room;
}

/* The newest allocation can grow where it is, if there is room: long arrays then leave no holes. */
static bool grow_in_place(struct phx_arena *a, const char *old, size_t old_size, size_t new_size)
{
	if (RED_ZONE > 0 || !old || old + old_size != a->next ||
	    new_size - old_size > (size_t)(a->end - a->next))
		return false;
	a->next += new_size - old_size;
	return true;
}

void *phx_vec_grow(struct phx_arena *a, void *old, uint32_t n, uint32_t *cap, size_t size)
{
	size_t align = size & -size; /* an object's size is a multiple of its alignment */
	uint32_t first = size >= 64 ? 1 : 4;
	uint32_t new_cap = *cap ? *cap * 2 : first;
	size_t old_size, new_size;
	void *grown;

	if (*cap > UINT32_MAX / 2 || __builtin_mul_overflow((size_t)new_cap, size, &new_size))
		phx_out_of_memory();
	old_size = (size_t)*cap * size;
	*cap = new_cap;
	if (grow_in_place(a, old, old_size, new_size))
		return old;
	grown = phx_arena_alloc(a, new_size, align > ALIGN_MAX ? ALIGN_MAX : align);
	if (n)
		memcpy(grown, old, (size_t)n * size);
	return grown;
}
