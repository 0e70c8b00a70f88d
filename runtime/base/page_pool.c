#include "base/page_pool.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { REGION = 2 * 1024 * 1024 }; /* a huge page on x86-64, and on arm64 with pages of 4 KiB */

struct free_page {
	struct free_page *next;
};

static struct {
	pthread_mutex_t lock;
	struct free_page *given; /* not zeroed */
	char *next, *end;        /* the newest region's part that was never used */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A region at a multiple of its size, else no huge page fits. */
static char *region_new(void)
{
	char *map = mmap(NULL, (size_t)2 * REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0),
	     *at;
	size_t before, behind;

	if (map == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)map % REGION;
	behind = REGION - before;
	at = map + before;
	if (before)
		munmap(map, before);
	munmap(at + REGION, behind);
	(void)madvise(at, REGION, MADV_HUGEPAGE); /* refused where the kernel has none: small ones do */
	return at;
}

static void *cut(void)
{
	char *page;

	if (pool.next == pool.end) {
		page = region_new();
		if (!page)
			return NULL;
		pool.next = page;
		pool.end = page + REGION;
	}
	page = pool.next;
	pool.next += PHX_POOL_PAGE;
	return page;
}

void *phx_pool_take(void)
{
	struct free_page *used;
	void *page = NULL;

	pthread_mutex_lock(&pool.lock);
	used = pool.given;
	if (used)
		pool.given = used->next;
	else
		page = cut();
	pthread_mutex_unlock(&pool.lock);
	return used ? memset(used, 0, PHX_POOL_PAGE) : page;
}

void phx_pool_give(void *page)
{
	struct free_page *given = page;

	pthread_mutex_lock(&pool.lock);
	given->next = pool.given;
	pool.given = given;
	pthread_mutex_unlock(&pool.lock);
}
