/* Canonical spellings: normalise.c, used by normalise_patch.c and normalise_stored.c. */
#pragma once

#include "model/normalise.h"
#include "model/propstring_priv.h"

/* Of one value that is no property string; nothing is taken for a default here. */
void phx_canonical_scalar(const struct phx_option *o, struct phx_str value, struct phx_buf *out);
/* As phx_propstring_scan for comparison: the volume decides what Proxmox adds (cloud-init and empty drives are
 * cdrom). False when the text is no property string of that format. */
bool phx_canonical_parse(const struct phx_option *o, struct phx_str text, struct phx_propstring *out);
/* Same meaning of one key? Absence stands for the default. */
bool phx_canonical_same(const struct phx_option *key, struct phx_str a, struct phx_str b);
/* `STORE:SIZE`, `STORE:cloudinit`: asks for a new volume. */
bool phx_volume_asks(struct phx_str volume);
/* `live` is a volume that asking for `asked` gives: of the same storage, and of the same sort. */
bool phx_volume_answers(struct phx_str asked, struct phx_str live);
/* A value that says nothing: empty, or one blank (how Proxmox gives back an option set to nothing). */
bool phx_value_is_empty(struct phx_str value);
/* Sorted, without repetitions, lower case when `lower`, with `sep` between. Elements are separated as Proxmox's lists. */
void phx_canonical_set(struct phx_str value, bool lower, char sep, struct phx_buf *out);
