#include "model/normalise.h"
#include "model/normalise_priv.h"

/* Hot-plug rules: vmconfig_hotplug_pending and what it calls, by the impacts that the tables give. */

static bool names_cpu_or_memory(struct phx_str features)
{
	return phx_str_find(features, PHX_STR("cpu")) >= 0 || phx_str_find(features, PHX_STR("memory")) >= 0;
}

/* Of an option as a whole. */
static enum phx_impact whole(const struct phx_option *o, struct phx_str live, struct phx_str now)
{
	if (phx_str_eqc(o->hotplug_class, "new"))
		return phx_value_is_empty(live) ? PHX_IMPACT_LIVE : PHX_IMPACT_RESTART;
	/* Hot-plug of processors and memory is itself not hot-pluggable, nor is the balloon device. */
	if (phx_str_eqc(o->format, "pve-hotplug-features") &&
	    (names_cpu_or_memory(live) || names_cpu_or_memory(now)))
		return PHX_IMPACT_RESTART;
	if (phx_str_eqc(o->name, "balloon") && phx_str_eqc(live, "0") != phx_str_eqc(now, "0"))
		return PHX_IMPACT_RESTART;
	return o->impact;
}

static bool is_cdrom(const struct phx_option *o, const struct phx_propstring *p)
{
	const struct phx_option *media = phx_option_key(o, PHX_STR("media"));
	return media && phx_str_eqc(phx_propstring_of(p, media), "cdrom");
}

static enum phx_impact of_keys(const struct phx_option *o, const struct phx_propstring *live,
			       const struct phx_propstring *now)
{
	enum phx_impact worst = PHX_IMPACT_LIVE;
	/* Another medium in the same drive. */
	bool changes_medium = is_cdrom(o, live) && is_cdrom(o, now);
	for (uint32_t k = 0; k < o->nkeys; k++) {
		const struct phx_option *key = &o->keys[k];
		struct phx_str a = phx_propstring_of(live, key), b = phx_propstring_of(now, key);
		if (key->alias.len > 0 || (!a.ptr && !b.ptr) || phx_canonical_same(key, a, b))
			continue;
		enum phx_impact impact = key->flags & PHX_OPTION_OWN_IMPACT ? key->impact : o->impact;
		if (changes_medium && key->canon == PHX_CANON_VOLUME)
			impact = PHX_IMPACT_LIVE;
		if (impact > worst)
			worst = impact;
	}
	return worst;
}

enum phx_impact phx_option_change_impact(const struct phx_option *o, struct phx_str live, struct phx_str now,
					 struct phx_str *out_class)
{
	struct phx_propstring old, wanted;
	enum phx_impact impact;
	if (phx_option_equal(o, live, now))
		impact = PHX_IMPACT_LIVE;
	else if (o->keys && !phx_value_is_empty(live) && !phx_value_is_empty(now) &&
		 !phx_str_eqc(o->hotplug_class, "new") && phx_canonical_parse(o, live, &old) &&
		 phx_canonical_parse(o, now, &wanted))
		impact = of_keys(o, &old, &wanted);
	else
		impact = whole(o, live, now);
	if (out_class)
		*out_class = impact == PHX_IMPACT_HOTPLUG ? o->hotplug_class : (struct phx_str){0};
	return impact;
}
