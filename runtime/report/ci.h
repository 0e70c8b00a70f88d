/* What a run found, in the forms that the machines of others read: SARIF 2.1.0 (code scanning, editors) and JUnit XML (test
 * pages of CI servers). Rendered into a buffer; the caller writes it out. */
#pragma once

#include "plan/plan.h"

struct phx_ci {
	const struct phx_diag_bag *bag;
	const struct phx_config *config; /* NULL: nothing could be read */
	const struct phx_policy_report *policies;
	const struct phx_plan *plan;       /* NULL: `validate`, or it came to none */
	bool planned;                      /* policies had changes to look at */
	const struct phx_secrets *secrets; /* masked value by value; may be NULL */
};

/* Rules are the codes of diagnostics (with their explanations), `policy/NAME`, and `impact/…` of a plan: data loss is an
 * error, a restart a warning. Places are those of the declarations; fingerprints do not depend on line numbers. */
void phx_report_sarif(const struct phx_ci *ci, struct phx_buf *out);
/* One test case a guest, one a policy, one for what belongs to no guest. Errors and refusing policies are failures;
 * warnings are output of their case. Text that XML cannot hold is written as \xNN. */
void phx_report_junit(const struct phx_ci *ci, struct phx_buf *out);
