/* The form of a plan file, shared by writer and reader. */
#pragma once

#include "plan/plan.h"

#define PHX_PLAN_FORMAT "phx-plan/1"
/* What stands between the sealed bytes and their checksum. */
#define PHX_PLAN_SEAL ",\n  \"sha256\": \""
