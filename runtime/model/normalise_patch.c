#include "model/normalise_priv.h"

/* Laying a declared value over the live one, and what Proxmox keeps of what it was sent. */

/* May the live value of `key` stay, whatever `desired` says? */
static bool keeps_live(const struct phx_option *key, struct phx_str live, struct phx_str desired,
		       bool has_volume)
{
	if (key->canon == PHX_CANON_VOLUME)
		return phx_volume_answers(desired, live);
	if (key->flags & (PHX_OPTION_TRANSIENT | PHX_OPTION_INFORMATIVE))
		return has_volume;
	return (key->flags & PHX_OPTION_GENERATED) && desired.len == 0;
}

static void remove_key(struct phx_propstring *p, const struct phx_option *key)
{
	struct phx_prop *prop = phx_propstring_find(p, key);
	if (prop)
		*prop = p->props[--p->n];
}

/* Lays one declared key over `merged`; true when it differs. */
static bool lay_over(struct phx_propstring *merged, const struct phx_prop *desired, bool has_volume)
{
	struct phx_str live = phx_propstring_of(merged, desired->key);
	if (keeps_live(desired->key, live, desired->value, has_volume))
		return false;
	if (phx_canonical_same(desired->key, live, desired->value))
		return false;
	if (desired->value.len == 0)
		remove_key(merged, desired->key);
	else if (!phx_propstring_put(merged, desired->key, desired->value))
		PHX_BUG("more than %d keys in a property string", PHX_PROPS_MAX);
	return true;
}

/* A volume other than the live one: what described the old one goes. */
static bool replaces_volume(const struct phx_option *o, const struct phx_propstring *live,
			    const struct phx_propstring *desired)
{
	if (!o->default_key || o->default_key->canon != PHX_CANON_VOLUME)
		return false;
	struct phx_str old = phx_propstring_of(live, o->default_key);
	struct phx_str now = phx_propstring_of(desired, o->default_key);
	return old.len > 0 && now.len > 0 && !phx_str_eq(old, now) && !phx_volume_answers(now, old);
}

static void drop_size(struct phx_propstring *p)
{
	for (uint32_t i = 0; i < p->n;) {
		if (p->props[i].key->flags & PHX_OPTION_INFORMATIVE)
			p->props[i] = p->props[--p->n];
		else
			i++;
	}
}

static bool patch_props(const struct phx_option *o, const struct phx_propstring *live,
			const struct phx_propstring *desired, struct phx_str live_text, struct phx_buf *out)
{
	struct phx_propstring merged = *live;
	bool differs = false;
	bool replaces = replaces_volume(o, live, desired);
	bool has_volume = o->default_key && phx_propstring_of(live, o->default_key).len > 0 && !replaces;
	if (replaces)
		drop_size(&merged);
	for (uint32_t i = 0; i < desired->n; i++)
		differs |= lay_over(&merged, &desired->props[i], has_volume);
	if (differs)
		phx_propstring_print(o, &merged, out);
	else
		phx_buf_str(out, live_text);
	return differs;
}

bool phx_option_patch(const struct phx_option *o, struct phx_str live, struct phx_str desired,
		      struct phx_buf *out)
{
	struct phx_propstring old, wanted;
	bool empty = phx_value_is_empty(live);
	if (o->keys && !empty && !phx_value_is_empty(desired) && phx_canonical_parse(o, live, &old) &&
	    phx_canonical_parse(o, desired, &wanted))
		return patch_props(o, &old, &wanted, live, out);
	bool same = phx_option_equal(o, live, desired);
	phx_buf_str(out, same ? live : desired);
	return !same;
}

static struct phx_str without_last_lines(struct phx_str s)
{
	while (s.len > 0 &&
	       (s.ptr[s.len - 1] == ' ' || (s.ptr[s.len - 1] >= '\t' && s.ptr[s.len - 1] <= '\r')))
		s.len--;
	return s;
}

static void stored_props(enum phx_option_kind kind, const struct phx_option *o, struct phx_str sent,
			 struct phx_buf *out)
{
	struct phx_propstring p;
	if (!phx_canonical_parse(o, sent, &p)) {
		phx_buf_str(out, sent);
		return;
	}
	for (uint32_t i = 0; i < p.n;) {
		if (p.props[i].key->flags & PHX_OPTION_TRANSIENT)
			p.props[i] = p.props[--p.n];
		else
			i++;
	}
	for (uint32_t k = 0; k < o->nkeys && kind == PHX_OPTIONS_CONTAINER; k++) {
		const struct phx_option *key = &o->keys[k];
		/* A container's NIC gets its `type` (391). */
		if ((key->flags & PHX_OPTION_GENERATED) && key->has_default &&
		    !phx_propstring_find(&p, key) && !phx_propstring_put(&p, key, key->defaults))
			PHX_BUG("more than %d keys in a property string", PHX_PROPS_MAX);
	}
	phx_propstring_print(o, &p, out);
}

static void stored_list(struct phx_str sent, struct phx_buf *out)
{
	size_t start = out->len;
	phx_canonical_scalar(&(struct phx_option){.canon = PHX_CANON_LIST}, sent, out);
	for (size_t i = start; i < out->len; i++) {
		if (out->ptr[i] == ';')
			out->ptr[i] = ' ';
	}
}

void phx_option_stored(enum phx_option_kind kind, const struct phx_option *o, struct phx_str sent,
		       bool create, struct phx_buf *out)
{
	bool container = kind == PHX_OPTIONS_CONTAINER;
	if (o->canon == PHX_CANON_NOTES) {
		struct phx_str text = without_last_lines(sent);
		phx_buf_str(out, text);
		if (container && text.len > 0)
			phx_buf_ch(out, '\n'); /* 391, 453 */
	} else if (phx_value_is_empty(sent)) {
		phx_buf_ch(out, ' '); /* 102 */
	} else if (o->keys && (o->flags & PHX_OPTION_REPRINTED)) {
		stored_props(kind, o, sent, out);
	} else if (o->canon == PHX_CANON_TAGS && (container || !create)) {
		phx_canonical_set(sent, true, ';', out); /* 101, 391 */
	} else if (container && o->canon == PHX_CANON_LIST) {
		stored_list(sent, out);
	} else if (o->type == PHX_TYPE_INTEGER || o->type == PHX_TYPE_BOOLEAN) {
		phx_canonical_scalar(o, sent, out);
	} else {
		phx_buf_str(out, sent);
	}
}
