/* Regular expressions as the Proxmox sources write them (a subset of Perl's: groups, (?^:…) and (?^i:…), classes, \d \w \s,
 * repetition, anchors), matched in time linear in the text: values come from outside. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct phx_pattern;

/* Compiles PATTERN to match as Proxmox uses it: m/^PATTERN$/, so of `a|b` only the outer ends are anchored. NULL with err
 * when it uses what is not known here or is too large. */
PHX_MUST_USE const struct phx_pattern *phx_pattern_compile(struct phx_arena *arena, struct phx_str pattern,
							   struct phx_err *err);
PHX_MUST_USE bool phx_pattern_match(const struct phx_pattern *p, struct phx_str text);
