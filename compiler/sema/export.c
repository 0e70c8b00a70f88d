/* Values that outlive the run: copied into the memory of the result, secrets remembered. */
#include "sema/sema_priv.h"

void phx_keep_secret(struct phx_sema *s, struct phx_str text)
{
	bool is_new;

	phx_map_put(&s->tmp, &s->known_secrets, text, &is_new);
	if (is_new)
		phx_secrets_add(s->secrets, text);
}

static struct phx_object export_object(struct phx_sema *s, const struct phx_object *o, bool secret)
{
	struct phx_object copy = {.v = PHX_NEW_N(s->out, struct phx_member, o->n), .n = o->n};
	struct phx_value *values = PHX_NEW_N(s->out, struct phx_value, o->n);

	for (uint32_t i = 0; i < o->n; i++) {
		values[i] = *o->v[i].value;
		values[i].flags |= secret ? PHX_VF_SECRET : 0;
		phx_export(s, &values[i]);
		copy.v[i].key = phx_keep_str(s, o->v[i].key, o->v[i].span);
		copy.v[i].value = &values[i];
		copy.v[i].span = o->v[i].span;
	}
	return copy;
}

static void export_list(struct phx_sema *s, struct phx_value *v)
{
	struct phx_value *copy = PHX_NEW_N(s->out, struct phx_value, v->list.n);

	for (uint32_t i = 0; i < v->list.n; i++) {
		copy[i] = v->list.v[i];
		copy[i].flags |= v->flags & PHX_VF_SECRET;
		phx_export(s, &copy[i]);
	}
	v->list.v = copy;
}

static void export_ip(struct phx_sema *s, struct phx_value *v)
{
	struct phx_ip *copy = PHX_NEW(s->out, struct phx_ip);

	*copy = *v->ip;
	if (v->kind == PHX_V_IP)
		copy->prefix = 0; /* where it was taken from matters to arithmetic only */
	v->ip = copy;
}

void phx_export(struct phx_sema *s, struct phx_value *v)
{
	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_STRING:
		v->s = phx_keep_str(s, v->s, v->span);
		if (v->flags & PHX_VF_SECRET)
			phx_keep_secret(s, v->s);
		return;
	case PHX_V_IP:
	case PHX_V_CIDR:
		export_ip(s, v);
		return;
	case PHX_V_LIST:
		export_list(s, v);
		return;
	case PHX_V_MAP: {
		struct phx_object *copy = PHX_NEW(s->out, struct phx_object);

		*copy = export_object(s, v->map, v->flags & PHX_VF_SECRET);
		v->map = copy;
		return;
	}
	case PHX_V_CALL: {
		struct phx_ref *copy = PHX_NEW(s->out, struct phx_ref);

		*copy = *v->ref;
		copy->args = export_object(s, &v->ref->args, v->flags & PHX_VF_SECRET);
		v->ref = copy;
		return;
	}
	case PHX_V_NULL:
	case PHX_V_BOOL:
	case PHX_V_INT:
	case PHX_V_FLOAT:
	case PHX_V_SIZE:
	case PHX_V_DURATION:
	case PHX_V_MAC:
	case PHX_V_REF:
	case PHX_V_KIND_COUNT:
		return;
	}
}
