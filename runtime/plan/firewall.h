/* A guest's firewall as the planner handles it. */
#pragma once

#include "plan/plan_priv.h"

struct plan_rules {
	const struct phx_fw_rule **v;
	uint32_t n, cap;
};

struct plan_firewall {
	struct plan_rules live, want;
	struct plan_entries options; /* to be set or deleted */
	struct phx_str options_digest,
		rules_digest; /* as observed; each used by the first call of its kind */
	bool guard;           /* calls carry a digest: the guest was there before this plan */
};

/* Same meaning, whatever the spelling; where they come from does not count. */
bool plan_rule_equal(const struct phx_fw_rule *a, const struct phx_fw_rule *b);
struct phx_str plan_rule_text(struct plan *p,
			      const struct phx_fw_rule *r); /* "in ACCEPT tcp 80,443 from 10.0.0.0/24" */
void plan_rules_declared(struct plan *p, const struct phx_firewall *fw, struct plan_rules *out);
void plan_rules_live(struct plan *p, const struct phx_live_guest *live, struct plan_rules *out);
/* The calls. */
void plan_firewall_rules(struct plan *p, struct plan_item *it, struct plan_firewall *f);
void plan_firewall_options(struct plan *p, struct plan_item *it, struct plan_firewall *f);
