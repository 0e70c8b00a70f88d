/* Devices of the host: hostpci and gpu, usb, dev. */
#include <string.h>

#include "model/graph_priv.h"

/* A family whose members are handed out by index: the fixed ones first, then the free ones in order. */
struct family {
	struct phx_lower *l;
	const struct phx_option *option;
	const char *name;
};

static struct phx_str slot_name(struct phx_gb *b, const char *family, uint64_t index)
{
	return phx_str_printf(b->arena, "%s%llu", family, (unsigned long long)index);
}

static bool free_slot(struct family *f, struct phx_str *out, struct phx_span span)
{
	for (uint32_t i = 0; i < f->option->count; i++) {
		struct phx_str key = slot_name(f->l->b, f->name, f->option->first + i);

		if (phx_lower_find(f->l->b, key))
			continue;
		*out = key;
		return true;
	}
	phx_diag_add(f->l->b->bag, PHX0432, span, "a %s has %u `%s` at most",
		     phx_kind_name(f->l->node->decl->kind), f->option->count, f->name);
	return false;
}

/* Slot of a block: `slot`, else its label when that is one; empty: any free one. False: reported. */
static bool block_slot(struct family *f, const struct phx_eff_block *blk, struct phx_str *out)
{
	const struct phx_value *slot = phx_eff_get(blk, "slot");
	struct phx_str name = slot ? slot->s : blk->label;
	const struct phx_setting *taken;
	struct phx_diag *d;
	bool is_slot = phx_option_find(f->l->b->guest_table[f->l->g->is_vm], name, NULL) == f->option;

	*out = PHX_STR("");
	if (!is_slot && slot) {
		d = phx_diag_add(f->l->b->bag, PHX0431, slot->span,
				 "there is no slot `" PHX_STR_FMT "` for `%s`", PHX_STR_ARG(name), f->name);
		phx_diag_note(f->l->b->bag, d, "the slots are %s%u to %s%u", f->name, f->option->first,
			      f->name, f->option->first + f->option->count - 1u);
		return false;
	}
	if (!is_slot)
		return true;
	taken = phx_lower_find(f->l->b, name);
	if (taken) {
		phx_slot_taken(f->l->b, name, slot ? slot->span : blk->span, taken->span);
		return false;
	}
	*out = name;
	return true;
}

static void add_text(struct family *f, struct phx_str key, struct phx_str text, struct phx_str path,
		     struct phx_span span, uint8_t origin)
{
	if (phx_lower_check(f->l->b, f->option, key, text, path, span, true))
		phx_lower_add(f->l->b, key, f->option, text, path, span, origin);
}

/* A list (or a single one) of texts, each a device in the next free slot. */
static void each_text(struct family *f, const struct phx_eff_attr *ea,
		      struct phx_str (*form)(struct family *f, const struct phx_value *v))
{
	const struct phx_value *v = ea->a ? &ea->a->value : NULL;
	uint32_t n = phx_known(v) ? v->kind == PHX_V_LIST ? v->list.n : 1 : 0;

	for (uint32_t i = 0; f->option && i < n; i++) {
		const struct phx_value *one = v->kind == PHX_V_LIST ? &v->list.v[i] : v;
		struct phx_str key, text;

		if (!phx_known(one))
			continue;
		text = form(f, one);
		if (text.len > 0 && free_slot(f, &key, one->span))
			add_text(f, key, text, phx_str_c(ea->spec->name), one->span, ea->origin);
	}
}

static struct phx_str plain(struct family *f, const struct phx_value *v)
{
	return phx_gb_text(f->l->b, v);
}

static bool is_pci_address(struct phx_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.' || c == ';'))
			return false;
	}
	return phx_str_chr(s, ':') >= 0;
}

/* `gpu = "01:00"` passes that device through, `gpu = "rtx"` the resource mapping of that name; on a q35 machine as
 * PCI Express, which graphics cards are made for. */
static struct phx_str gpu(struct family *f, const struct phx_value *v)
{
	const struct phx_setting *machine = phx_lower_find(f->l->b, PHX_STR("machine"));
	bool q35 = machine && phx_str_find(machine->value, PHX_STR("q35")) >= 0;

	return phx_str_printf(f->l->b->arena, "%s" PHX_STR_FMT "%s",
			      is_pci_address(v->s) ? "" : "mapping=", PHX_STR_ARG(v->s),
			      q35 ? ",pcie=1" : "");
}

static void hostpci_block(struct family *f, const struct phx_eff_block *blk)
{
	static const char *const attrs[] = {"device",  "mapping", "pcie", "rombar",
					    "romfile", "primary", "mdev"};
	static const char *const keys[] = {"host", "mapping", "pcie", "rombar", "romfile", "x-vga", "mdev"};
	struct phx_gb *b = f->l->b;
	struct phx_prop_set set = {.option = f->option, .key = PHX_STR("hostpci")};
	struct phx_buf text = {0};
	struct phx_str key;

	for (size_t i = 0; i < PHX_COUNTOF(attrs); i++)
		phx_props_attr(b, &set, phx_eff_attr(blk, attrs[i]), phx_str_c(keys[i]),
			       phx_str_printf(b->arena, "hostpci.%s", attrs[i]).ptr);
	if (!set.any || !block_slot(f, blk, &key) || (key.len == 0 && !free_slot(f, &key, blk->span)))
		return;
	phx_propstring_print(f->option, &set.props, &text);
	add_text(f, key, phx_str_dup(b->arena, phx_buf_view(&text)), PHX_STR("hostpci"), blk->span,
		 set.origin);
	phx_buf_done(&text);
}

static struct phx_str octal_text(struct phx_gb *b, const struct phx_value *v, const char *path)
{
	if (!(v->flags & PHX_VF_OCTAL) && v->i != 0) {
		struct phx_diag *d = phx_diag_add(b->bag, PHX0322, v->span, "`%s` is octal: write `0%lld`",
						  path, (long long)v->i);

		phx_diag_fix(b->bag, d, v->span, phx_str_printf(b->bag->arena, "0%lld", (long long)v->i),
			     false);
		return PHX_STR("");
	}
	return phx_str_printf(b->arena, "%04llo", (unsigned long long)v->i);
}

static void device_block(struct family *f, const struct phx_eff_block *blk)
{
	static const char *const attrs[] = {"uid", "gid", "deny_write"};
	static const char *const keys[] = {"uid", "gid", "deny-write"};
	struct phx_gb *b = f->l->b;
	struct phx_prop_set set = {.option = f->option, .key = PHX_STR("dev")};
	const struct phx_value *mode = phx_eff_get(blk, "mode");
	struct phx_buf text = {0};
	struct phx_str key, octal;

	if (!phx_props_add(b, &set, PHX_STR("path"), blk->label, PHX_STR("device"), blk->span, blk->origin))
		return;
	for (size_t i = 0; i < PHX_COUNTOF(attrs); i++)
		phx_props_attr(b, &set, phx_eff_attr(blk, attrs[i]), phx_str_c(keys[i]),
			       phx_str_printf(b->arena, "device.%s", attrs[i]).ptr);
	octal = mode && mode->kind == PHX_V_INT ? octal_text(b, mode, "device.mode") : PHX_STR("");
	if (octal.len > 0)
		phx_props_add(b, &set, PHX_STR("mode"), octal, PHX_STR("device.mode"), mode->span,
			      blk->origin);
	if (!block_slot(f, blk, &key) || (key.len == 0 && !free_slot(f, &key, blk->span)))
		return;
	phx_propstring_print(f->option, &set.props, &text);
	add_text(f, key, phx_str_dup(b->arena, phx_buf_view(&text)), PHX_STR("device"), blk->span,
		 set.origin);
	phx_buf_done(&text);
}

static bool is_fixed(const struct family *f, const struct phx_eff_block *blk)
{
	return phx_eff_get(blk, "slot") ||
	       phx_option_find(f->l->b->guest_table[f->l->g->is_vm], blk->label, NULL) == f->option;
}

/* Blocks in the order of their labels, those with a fixed slot first: the order of the source never counts. */
static void each_block(struct family *f, void (*lower)(struct family *f, const struct phx_eff_block *blk))
{
	PHX_VEC(const struct phx_eff_block *) sorted = {0};

	for (uint32_t i = 0; i < f->l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = f->l->eff->blocks.v[i];
		uint32_t at;

		if (strcmp(blk->spec->name, f->l->g->is_vm ? "hostpci" : "device") != 0)
			continue;
		phx_vec_push(f->l->b->scratch, &sorted, blk);
		for (at = sorted.n - 1; at > 0; at--) {
			bool fixed = is_fixed(f, blk), before = is_fixed(f, sorted.v[at - 1]);

			if (before > fixed ||
			    (before == fixed && phx_str_natcmp(sorted.v[at - 1]->label, blk->label) <= 0))
				break;
			sorted.v[at] = sorted.v[at - 1];
		}
		sorted.v[at] = blk;
	}
	for (uint32_t i = 0; f->option && i < sorted.n; i++)
		lower(f, sorted.v[i]);
}

/* What a container needs of the NVIDIA driver beside its cards (PVE makes cgroup rule and node of each `devN`). */
static const char *const nvidia[] = {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools",
				     "/dev/nvidia-modeset"};

static void node(struct family *f, struct phx_str path, struct phx_span span, uint8_t origin)
{
	struct phx_str key;

	if (free_slot(f, &key, span))
		add_text(f, key, phx_str_printf(f->l->b->arena, PHX_STR_FMT ",mode=0666", PHX_STR_ARG(path)),
			 PHX_STR("gpu"), span, origin);
}

/* `gpu = [0, 1]`: cards by their number. */
static void container_gpu(struct family *f)
{
	const struct phx_eff_attr *ea = &f->l->eff->at[PHX_GA_GPU];
	const struct phx_value *v = ea->a ? &ea->a->value : NULL;
	uint32_t n = phx_known(v) ? v->kind == PHX_V_LIST ? v->list.n : 1 : 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct phx_value *one = v->kind == PHX_V_LIST ? &v->list.v[i] : v;
		struct phx_str text = phx_gb_text(f->l->b, one);
		uint64_t card;

		if (!phx_known(one))
			continue;
		if (!phx_parse_u64(text, &card) || card > 63) {
			phx_diag_note(f->l->b->bag,
				      phx_diag_add(f->l->b->bag, PHX0422, one->span,
						   "`" PHX_STR_FMT "` is no number of a card",
						   PHX_STR_ARG(text)),
				      "`gpu = [0, 1]` passes the NVIDIA cards /dev/nvidia0 and /dev/nvidia1 "
				      "through; "
				      "other devices are `device = \"/dev/…\"`");
			return;
		}
		node(f, phx_str_printf(f->l->b->arena, "/dev/nvidia%llu", (unsigned long long)card),
		     one->span, ea->origin);
	}
	for (size_t i = 0; n && i < PHX_COUNTOF(nvidia); i++)
		node(f, phx_str_c(nvidia[i]), v->span, ea->origin);
}

/* A clone comes with its source's devices: those that it does not declare go. */
static void not_of_source(struct family *f)
{
	const struct phx_guest *source = f->l->g->source;

	for (uint32_t i = 0; source && i < source->settings.n; i++) {
		const struct phx_setting *s = &source->settings.v[i];

		if (s->option == f->option && !s->unset && !phx_lower_find(f->l->b, s->key))
			phx_lower_add(f->l->b, s->key, s->option, PHX_STR(""), s->path,
				      f->l->node->decl->span, PHX_FROM_SELF)
				->unset = true;
	}
}

void phx_lower_devices(struct phx_lower *l)
{
	struct family pci = {.l = l, .name = "hostpci"}, usb = {.l = l, .name = "usb"},
		      dev = {.l = l, .name = "dev"};

	if (!l->b->guest_table[l->g->is_vm])
		return;
	if (!l->g->is_vm) {
		dev.option = phx_gb_option(l, "dev0");
		each_block(&dev, device_block);
		each_text(&dev, &l->eff->at[PHX_GA_DEVICE], plain);
		if (dev.option) {
			container_gpu(&dev);
			not_of_source(&dev);
		}
		return;
	}
	pci.option = phx_gb_option(l, "hostpci0");
	usb.option = phx_gb_option(l, "usb0");
	each_block(&pci, hostpci_block);
	each_text(&pci, &l->eff->at[PHX_GA_GPU], gpu);
	each_text(&pci, &l->eff->at[PHX_GA_HOSTPCI], plain);
	each_text(&usb, &l->eff->at[PHX_GA_USB], plain);
}
