/* What templates of cloud-init data are, for lowering and rendering. */
#pragma once

#include "base/str.h"

/* The MIME type of data that is no cloud-config and cannot be merged (a script, an include list, …); NULL: a cloud-config. */
const char *phx_ci_part_type(struct phx_str text);
