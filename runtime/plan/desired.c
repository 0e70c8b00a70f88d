/* The graph's wishes in Proxmox's text form: property strings, tags, notes and marker. */
#include <string.h>

#include "plan/plan_priv.h"

static void key_str(struct phx_buf *b, const char *key, struct phx_str value)
{
	if (!value.len)
		return;
	if (b->len)
		phx_buf_ch(b, ',');
	phx_buf_c(b, key);
	phx_buf_ch(b, '=');
	phx_buf_str(b, value);
}

static void key_number(struct phx_buf *b, const char *key, uint64_t n)
{
	if (!n)
		return;
	if (b->len)
		phx_buf_ch(b, ',');
	phx_buf_printf(b, "%s=%llu", key, (unsigned long long)n);
}

static void key_ip(struct phx_buf *b, const char *key, const struct phx_ip *ip, bool with_prefix)
{
	if (!ip->family)
		return;
	if (b->len)
		phx_buf_ch(b, ',');
	phx_buf_c(b, key);
	phx_buf_ch(b, '=');
	phx_ip_text(ip, with_prefix, b);
}

/* Addresses as ipconfigN and a container's netN spell them. */
void plan_nic_addresses(const struct phx_nic *nic, struct phx_buf *b)
{
	if (nic->has_ip && nic->dhcp)
		key_str(b, "ip", PHX_STR("dhcp"));
	else if (nic->has_ip)
		key_ip(b, "ip", &nic->ip, true);
	key_ip(b, "gw", &nic->gw, false);
	if (nic->has_ip6 && nic->dhcp6)
		key_str(b, "ip6", PHX_STR("dhcp"));
	else if (nic->has_ip6 && nic->auto6)
		key_str(b, "ip6", PHX_STR("auto"));
	else if (nic->has_ip6)
		key_ip(b, "ip6", &nic->ip6, true);
	key_ip(b, "gw6", &nic->gw6, false);
}

uint32_t plan_nic_index(const struct plan_item *it, const struct phx_nic *nic)
{
	return it->nic_index ? it->nic_index[nic - it->guest->nics.v] : nic->index;
}

/* From the slot that it really has: what was attached later must not get the MAC of what was there before. */
static void mac_text(const struct plan *p, const struct plan_item *it, const struct phx_nic *nic,
		     struct phx_buf *out)
{
	uint32_t index = plan_nic_index(it, nic);
	uint8_t mac[6];

	/* The graph cannot derive it for a guest whose id is settled here. */
	if (!nic->mac_declared && (!it->guest->id || index != nic->index))
		phx_mac_derive(p->g->stack, it->id, index, mac);
	else
		memcpy(mac, nic->mac, sizeof(mac));
	phx_mac_text(mac, out);
}

/* A name that only counts the cards goes with the slot. */
static void name_text(const struct plan_item *it, const struct phx_nic *nic, struct phx_buf *out)
{
	uint32_t index = plan_nic_index(it, nic);
	uint64_t counted;

	if (nic->name.len && !(index != nic->index && phx_str_starts(nic->name, "eth") &&
			       phx_parse_u64(phx_str_from(nic->name, 3), &counted) && counted == nic->index))
		key_str(out, "name", nic->name);
	else
		phx_buf_printf(out, "name=eth%u", index);
}

static void nic_common(const struct plan_item *it, const struct phx_nic *nic, enum plan_nic_form form,
		       struct phx_buf *out)
{
	if (nic->firewall)
		key_number(out, "firewall", 1);
	else if (form == PLAN_NIC_DECLARED && it->guest->firewall.declared)
		key_str(out, "firewall", PHX_STR("0"));
	key_number(out, "mtu", nic->mtu);
	key_str(out, "rate", nic->rate);
	key_number(out, "tag", nic->vlan);
	if (nic->props.len) {
		if (out->len)
			phx_buf_ch(out, ',');
		phx_buf_str(out, nic->props);
	}
}

void plan_nic_text(struct plan *p, const struct plan_item *it, const struct phx_nic *nic,
		   enum plan_nic_form form, struct phx_buf *out)
{
	struct phx_str model = nic->model.len || form == PLAN_NIC_DECLARED ? nic->model : PHX_STR("virtio");
	bool with_mac = form == PLAN_NIC_WHOLE || nic->mac_declared;

	phx_buf_clear(out);
	if (it->is_vm) {
		if (form == PLAN_NIC_WHOLE) {
			phx_buf_str(out, model);
			phx_buf_ch(out, '=');
			mac_text(p, it, nic, out);
		} else {
			key_str(out, "model", model);
			if (with_mac) {
				phx_buf_c(out, out->len ? ",macaddr=" : "macaddr=");
				mac_text(p, it, nic, out);
			}
		}
		key_str(out, "bridge", nic->bridge);
		nic_common(it, nic, form, out);
		return;
	}
	if (nic->name.len || form == PLAN_NIC_WHOLE)
		name_text(it, nic, out);
	key_str(out, "bridge", nic->bridge);
	if (with_mac) {
		phx_buf_c(out, out->len ? ",hwaddr=" : "hwaddr=");
		mac_text(p, it, nic, out);
	}
	plan_nic_addresses(nic, out);
	nic_common(it, nic, form, out);
}

struct phx_str plan_image_volume(struct plan *p, const struct phx_image *image)
{
	if (image->volume.len)
		return image->volume;
	return plan_text(p, image->storage, PHX_STR(":"), image->content, PHX_STR("/"), image->filename);
}

/* New volumes are asked for in GiB; Proxmox takes fractions (`local:0.5`). */
static void gib_text(struct phx_buf *out, uint64_t bytes)
{
	const uint64_t gib = 1ull << 30;
	uint64_t rest = bytes % gib;

	phx_buf_u64(out, bytes / gib);
	if (!rest)
		return;
	phx_buf_ch(out, '.');
	/* KiB are the smallest unit that Proxmox allocates, and 1/2^20 has 20 decimals; the loop ends at the exact value. */
	for (int i = 0; rest && i < 20; i++) {
		rest *= 10;
		phx_buf_ch(out, (char)('0' + rest / gib));
		rest %= gib;
	}
}

static bool storage_of(struct plan *p, const struct plan_item *it, const struct phx_volume *v,
		       struct phx_str *out)
{
	struct phx_diag *d;

	*out = v->storage.len ? v->storage : it->guest->storage;
	if (out->len)
		return true;
	d = phx_diag_add(p->bag, PHX0429, v->span,
			 "no storage is said for `" PHX_STR_FMT "` of `" PHX_STR_FMT "`",
			 PHX_STR_ARG(v->path), PHX_STR_ARG(it->address));
	phx_diag_help(p->bag, d, "say `storage = \"…\"` in the guest, in the disk, or in `defaults %s`",
		      phx_kind_name(it->resource->kind));
	return false;
}

static bool has_key(struct phx_str props, const char *key)
{
	struct phx_str rest = props, piece;
	size_t n = strlen(key);

	while (phx_str_cut(&rest, ',', &piece))
		if (piece.len > n && piece.ptr[n] == '=' && memcmp(piece.ptr, key, n) == 0)
			return true;
	return false;
}

static bool is_firmware(struct phx_str slot)
{
	return phx_str_starts(slot, "efidisk") || phx_str_starts(slot, "tpmstate");
}

/* The volume part, before the properties. */
static bool volume_head(struct plan *p, const struct plan_item *it, const struct phx_volume *v,
			struct phx_buf *out)
{
	struct phx_str storage = PHX_STR("");
	uint64_t size = v->size;

	switch ((enum phx_volume_source)v->source) {
	case PHX_VOL_EXISTING:
	case PHX_VOL_HOST_PATH:
		phx_buf_str(out, v->volume);
		return true;
	case PHX_VOL_CDROM:
		phx_buf_str(out, v->volume.len ? v->volume : PHX_STR("none"));
		return true;
	case PHX_VOL_INHERITED:
		phx_buf_ch(out, PHX_PLAN_VOLUME);
		return true;
	case PHX_VOL_CLOUDINIT:
		if (!storage_of(p, it, v, &storage))
			return false;
		phx_buf_str(out, storage);
		phx_buf_c(out, ":cloudinit");
		return true;
	case PHX_VOL_IMPORT:
		if (!storage_of(p, it, v, &storage))
			return false;
		phx_buf_str(out, storage);
		phx_buf_c(out, ":0,import-from=");
		phx_buf_str(out, v->volume.len ? v->volume : plan_image_volume(p, it->guest->image));
		return true;
	case PHX_VOL_OSTEMPLATE:
		if (!size)
			size = 4ull << 30; /* what Proxmox makes when it is told nothing (385) */
		break;
	case PHX_VOL_EMPTY:
		if (!size && is_firmware(v->slot))
			size = 1ull << 30; /* any number will do: Proxmox knows their size (065) */
		break;
	}
	if (!storage_of(p, it, v, &storage))
		return false;
	phx_buf_str(out, storage);
	phx_buf_ch(out, ':');
	gib_text(out, size);
	return true;
}

bool plan_volume_text(struct plan *p, const struct plan_item *it, const struct phx_volume *v,
		      struct phx_buf *out)
{
	phx_buf_clear(out);
	if (!volume_head(p, it, v, out))
		return false;
	if (v->source == PHX_VOL_CDROM && !has_key(v->props, "media"))
		phx_buf_c(out, ",media=cdrom");
	if (!it->is_vm && v->label.len && v->label.ptr[0] == '/' && !has_key(v->props, "mp")) {
		phx_buf_c(out, ",mp=");
		phx_buf_str(out, v->label);
	}
	if (v->props.len) {
		phx_buf_ch(out, ',');
		phx_buf_str(out, v->props);
	}
	return true;
}

static int by_text(const void *a, const void *b)
{
	return phx_str_cmp(*(const struct phx_str *)a, *(const struct phx_str *)b);
}

/* Proxmox's own order and separator, so that what is read back is what was sent (100, 391). */
struct phx_str plan_tags_join(struct plan *p, struct phx_str *tags, uint32_t n)
{
	qsort(tags, n, sizeof(*tags), by_text);
	phx_buf_clear(&p->text);
	for (uint32_t i = 0; i < n; i++) {
		if (i && phx_str_eq(tags[i], tags[i - 1]))
			continue;
		if (p->text.len)
			phx_buf_ch(&p->text, ';');
		phx_buf_str(&p->text, tags[i]);
	}
	return plan_keep(p, &p->text);
}

struct phx_str plan_tags(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;
	struct phx_str *tags;

	if (!g->tags.n)
		return p->own_tag;
	tags = PHX_NEW_N(p->arena, struct phx_str, g->tags.n + 1);
	memcpy(tags, g->tags.v, g->tags.n * sizeof(*tags));
	tags[g->tags.n] = p->own_tag;
	return plan_tags_join(p, tags, g->tags.n + 1);
}

struct phx_str plan_taken_from(const struct plan *p, const struct phx_live_guest *live)
{
	bool other = live->has_marker && !phx_str_eq(live->marker.stack, p->g->stack);

	return other && live->marker.id == live->id ? live->marker.stack : PHX_STR("");
}

struct phx_str plan_tags_kept(struct plan *p, const struct phx_live_guest *live)
{
	struct phx_str text = phx_live_value(live, PHX_STR("tags")), from = plan_taken_from(p, live);
	struct phx_str *tags = PHX_NEW_N(p->arena, struct phx_str, text.len + 2);
	struct phx_str gone = from.len ? phx_marker_tag(p->arena, from) : PHX_STR("");
	uint32_t n = 0;
	size_t at = 0;

	for (size_t i = 0; i <= text.len; i++) {
		struct phx_str tag = phx_str_slice(text, at, i - at);

		if (i < text.len && text.ptr[i] != ',' && text.ptr[i] != ';' && text.ptr[i] != ' ')
			continue;
		if (tag.len && !phx_str_eq(tag, gone))
			tags[n++] = tag;
		at = i + 1;
	}
	tags[n++] = p->own_tag;
	return plan_tags_join(p, tags, n);
}
