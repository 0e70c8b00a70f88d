/* The large pages of arenas, shared by all of the process: cut from regions that the system is asked to back with huge pages, and
 * kept for the next arena when one goes. (With small ones, a plan of 10,000 guests spends a fifth of its time in page faults.) */
#pragma once

#include <stddef.h>

enum { PHX_POOL_PAGE = 512 * 1024 }; /* bytes of a page */

/* Zeroed, aligned for any object; from any thread. NULL: out of memory. */
void *phx_pool_take(void);
/* Gives a page back. The pool never returns memory to the system: what it has is the peak of what was in use at once. */
void phx_pool_give(void *page);
