/* Features that phx brings along: they need no `feature` block. */
#pragma once

#include "base/str.h"

/* Sorted by name. */
const struct phx_str *phx_feature_builtins(uint32_t *out_n);
bool phx_feature_is_builtin(struct phx_str name);
