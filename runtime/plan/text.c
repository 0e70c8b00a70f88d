#include <string.h>

#include "plan/plan_priv.h"

struct phx_str plan_join(struct phx_arena *a, uint32_t n, const struct phx_str *parts)
{
	size_t len = 0;
	char *text, *at;

	for (uint32_t i = 0; i < n; i++)
		len += parts[i].len;
	text = phx_arena_alloc(a, len + 1, 1);
	at = text;
	for (uint32_t i = 0; i < n; i++) {
		if (parts[i].len)
			memcpy(at, parts[i].ptr, parts[i].len);
		at += parts[i].len;
	}
	return (struct phx_str){text, len};
}

struct phx_str plan_number(struct plan *p, uint64_t n)
{
	return phx_str_u64(p->arena, n);
}

struct phx_str plan_keep(struct plan *p, const struct phx_buf *b)
{
	return b->len ? phx_str_dup(p->arena, phx_buf_view(b)) : PHX_STR("");
}

struct phx_str plan_size_text(struct plan *p, uint64_t bytes)
{
	phx_buf_clear(&p->text);
	phx_size_text(bytes, &p->text);
	return plan_keep(p, &p->text);
}

struct phx_str plan_disk_size(struct plan *p, uint64_t bytes)
{
	phx_buf_clear(&p->text);
	phx_disk_size_print(bytes, &p->text);
	return plan_keep(p, &p->text);
}

const struct phx_option *plan_option(const struct plan *p, bool is_vm, struct phx_str key)
{
	const struct phx_option_table *t = is_vm ? p->vm_options : p->ct_options;

	return t ? phx_option_find(t, key, NULL) : NULL;
}
