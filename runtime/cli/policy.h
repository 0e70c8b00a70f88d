/* Policies on the command line: which are meant, what they look at, and what their findings do. */
#pragma once

#include "cli/cli.h"
#include "sema/sema.h"

/* --policy and --policy-dir: the files of policies that are read beside the configuration. False with cli->err: there is no such
 * policy, or a directory that cannot be read or holds none. */
PHX_MUST_USE bool phx_cli_policy_files(struct phx_cli *cli, struct phx_sema_options *o);

/* Evaluates the policies of the loaded configuration, over `plan` too unless it is NULL: the result is in
 * cli->policy_report, and in the plan; what they found is in the bag. */
void phx_cli_policies(struct phx_cli *cli, struct phx_plan *plan);

/* policy_values.c: what policies see of the graph (address → struct phx_object *), and of a plan (a list). */
void phx_policy_facts(const struct phx_graph *g, const struct phx_plan *plan, struct phx_arena *a,
		      struct phx_map *out);
struct phx_value phx_policy_changes(const struct phx_plan *plan, struct phx_arena *a);
