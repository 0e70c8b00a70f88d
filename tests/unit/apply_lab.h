/* Runs of plans against fake_pve: a lab of one plan, one fake cluster, and what was heard of the run. */
#pragma once

#include "base_test.h"

#include "apply/apply.h"
#include "fake_pve.h"

/* An answer that the cluster gives instead of its own: to requests of `method` whose "path?a=b&c=d" holds `on`, when `skip` have
 * passed, to `times` of them (0: all). With `kind` or `status` an error of these, else `json`. Nothing is done then. */
struct lab_answer {
	enum phx_method method;
	const char *on;
	uint32_t skip, times;
	enum phx_err_kind kind;
	int status; /* the kind is then as the text says */
	const char *text, *json;
	uint32_t seen; /* so many came */
};

#define LAB_ANSWERS 128

struct lab {
	struct phx_arena arena;
	struct fake_pve pve;
	struct phx_plan plan;
	struct phx_apply_options o;
	struct phx_apply_result *result;
	struct phx_listener listener;
	struct phx_secrets secrets;
	volatile sig_atomic_t interrupts;
	struct phx_buf heard; /* all texts of events */
	/* the fault */
	enum fake_fault what;
	uint32_t at, times;
	const char *on, *text;
	uint32_t interrupt_at; /* event START number that raises it */
	uint32_t starts, ticks;
	uint32_t interrupt_by;
	const char *interrupt_on; /* … or an event whose text holds this */
	struct lab_answer answers[LAB_ANSWERS];
	uint32_t nanswers;
};

struct lab *lab_new(void);
void lab_free(struct lab *l);
/* The cluster as it was at first; the plan stays. */
void lab_renew(struct lab *l);
int lab_set_up(void **state);
int lab_tear_down(void **state);

/* A guest from 1000 on is a VM, below it a container. */
struct phx_action *lab_add(struct lab *l, enum phx_action_op op, enum phx_action_type type, uint64_t id,
			   const char *summary);
/* A body of its own, to be filled. */
struct phx_action_body *lab_body(struct lab *l, struct phx_action *a);
struct phx_action *lab_call(struct lab *l, enum phx_action_op op, uint64_t id, enum phx_method m,
			    const char *path, bool task);
void lab_with(struct lab *l, struct phx_action *a, const char *name, const char *value);
/* "a=b&c=d" */
void lab_params(struct lab *l, struct phx_action *a, const char *text);
void lab_need(struct lab *l, struct phx_action *a, uint32_t id);
/* Takes the stack's lock, and … gives it back after everything else. */
void lab_lock(struct lab *l);
void lab_unlock(struct lab *l);
/* A template is cloned n times; each clone is configured, started, waited for and marked. Lock first, unlock last. */
void lab_plan_clones(struct lab *l, uint32_t n);
void lab_answer(struct lab *l, struct lab_answer a);
/* The answer to a GET; LAB_GONE: there is no such thing. */
#define LAB_GONE "it does not exist"
struct lab_answer lab_said(const char *on, const char *what, uint32_t times);
/* A task's name, and the path that it is looked at by. */
struct phx_str lab_upid(struct lab *l, unsigned number, const char *type, unsigned id);
const char *lab_task(struct lab *l, struct phx_str upid, const char *what);

void lab_run(struct lab *l);
const struct phx_action_result *lab_result(struct lab *l, enum phx_action_op op); /* of the first such */
void lab_print(struct lab *l);                                                    /* when a test fails */
void lab_assert_all_done(struct lab *l, uint32_t clones);
/* Each call that was done, once, and no other. */
void lab_assert_calls_are_the_plans(struct lab *l);
/* The result's message, hint and log, "" when there is none. */
const char *lab_message(const struct phx_action_result *r);
const char *lab_hint(const struct phx_action_result *r);
const char *lab_log(const struct phx_action_result *r);

#define lab_text(l, ...) phx_str_printf(&(l)->arena, __VA_ARGS__).ptr
#define assert_says(text, part)                                                                              \
	do {                                                                                                 \
		const char *said_ = (text);                                                                  \
		if (!said_ || !strstr(said_, (part)))                                                        \
			fail_msg("no \"%s\" in: %s", (part), said_ ? said_ : "nothing");                     \
	} while (0)
