/* One meaning, one spelling: comparison of option values as they are written, sent and read back (OBSERVED.md, "Reading
 * config back"). Values that do not parse are compared as they stand. */
#pragma once

#include "model/propstring.h"

/* Appends the canonical spelling: booleans 0/1, numbers without leading zeros, sizes in bytes, MACs upper case, tags as
 * a sorted set, property strings as `key=value` sorted by key without those at their default, notes without trailing
 * blanks. Two values of one meaning give the same bytes; canonical text is not meant for sending. A value that is empty
 * or one space (how Proxmox reads back an option set to nothing, recording 103) gives nothing. */
void phx_option_canonical(const struct phx_option *o, struct phx_str value, struct phx_buf *out);

/* Same meaning? An absent value (empty slice) equals one that is empty, and one at the option's default. What Proxmox
 * fills in counts only when both sides say it: a volume that asks for allocation (`local:4`, `local:cloudinit`) equals
 * any of that storage, a generated MAC any, `size` (140, 141) and the keys that vanish (`import-from`, `format`) none. So the form
 * that was sent equals the form that is read back (065 → 066, 390 → 391). Not transitive. */
PHX_MUST_USE bool phx_option_equal(const struct phx_option *o, struct phx_str a, struct phx_str b);

/* Lays the declared value over the live one and appends what is to be sent. Keys that `desired` does not give keep
 * their live value; so do a volume that `desired` asks to allocate (`local:4`), a size (resizing is a call of its own)
 * and a MAC it does not name. A key given with an empty value (`tag=`) is taken away. Options that are no property
 * strings are simply replaced. Returns whether anything declared differs from `live`; when not, `out` got the live
 * value. With an empty `live` everything is sent as desired. */
PHX_MUST_USE bool phx_option_patch(const struct phx_option *o, struct phx_str live, struct phx_str desired,
				   struct phx_buf *out);

/* What it does to a running guest when `live` becomes `now` (either may be empty: an option added or taken away), key by
 * key for devices: a bridge changes at once, a NIC's model needs `network` in the guest's hotplug option, a disk's cache
 * mode a restart. *out_class (may be NULL) is the hot-plug class for PHX_IMPACT_HOTPLUG. Nothing that differs: LIVE. */
enum phx_impact phx_option_change_impact(const struct phx_option *o, struct phx_str live, struct phx_str now,
					 struct phx_str *out_class);

/* The text that Proxmox gives back from GET …/config after `sent` was stored (drives and NICs printed anew, tags of an
 * update sorted, …); nothing when the option is then absent. For a volume to be allocated, and for a MAC, the caller
 * puts in the made one first (propstring.h). `kind` is VM or CONTAINER; `create`: by the create call, which stores the
 * tags of a VM as given (066). For the simulator. */
void phx_option_stored(enum phx_option_kind kind, const struct phx_option *o, struct phx_str sent,
		       bool create, struct phx_buf *out);

/* Sizes as Proxmox writes them: "32G", "528K", "1.5T", plain bytes. False when it is none. */
PHX_MUST_USE bool phx_disk_size_parse(struct phx_str text, uint64_t *out_bytes);
/* The largest unit that divides it: 34359738368 → "32G", 0 → "0T" (397). */
void phx_disk_size_print(uint64_t bytes, struct phx_buf *out);
/* All spellings: 1 on yes true, 0 off no false (PVE::JSONSchema::parse_boolean). */
PHX_MUST_USE bool phx_boolean_parse(struct phx_str text, bool *out);
