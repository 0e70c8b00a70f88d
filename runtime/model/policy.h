/* What policies found: made by compiler/sema, shown by report/, decided on by cli/. Plain data in an arena. */
#pragma once

#include "base/source.h"

/* One assertion of a policy that does not hold. */
struct phx_policy_finding {
	struct phx_str message;  /* the assertion's own, or what holds for all of them; never a secret */
	struct phx_str address;  /* of the resource it is about; empty: of none in particular */
	struct phx_span offends; /* where that resource or attribute is declared; nowhere: it is not */
	struct phx_span check;   /* the assertion */
};

struct phx_policy_result {
	struct phx_str name;
	struct phx_span span; /* of the head: `policy no-quiet-destroy` */
	bool deny;            /* severity: what it finds refuses the plan, and does not only warn */
	bool passed;          /* nothing was found, and nothing in it failed to evaluate */
	bool partial; /* some of its checks hang on what is not known here: changes, the environment, parameters */
	PHX_VEC(struct phx_policy_finding) findings; /* in the order of the checks */
};

/* In the order of the sources. */
struct phx_policy_report {
	PHX_VEC(struct phx_policy_result) v;
	bool denied; /* a finding refuses the plan */
	bool broken; /* one could not be evaluated: that is an error of its own, and refuses it too */
};
