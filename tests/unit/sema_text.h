/* Configurations as text in, what they say as text out: for the tests of compiler/sema. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sema/sema.h"

struct sema_file {
	const char *path, *text;
};

/* One evaluation. Zero-initialised, with `options` set as wanted, is ready. */
struct sema_run {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_secrets secrets;
	struct phx_sema_options options;
	struct phx_config *config;
	struct phx_buf text, codes;
};

/* NAME=VALUE pairs that env() sees; NULL-terminated. */
const char *sema_env(void *pairs, const char *name);

void sema_run_files(struct sema_run *r, const struct sema_file *files, uint32_t n);
void sema_run_text(struct sema_run *r, const char *text);
void sema_run_done(struct sema_run *r);

/* "0202 0301": the codes reported, in order of their places; "" when there are none. Valid until the next such call. */
const char *sema_codes(struct sema_run *r);
/* Message of the first diagnostic, with its labels, notes and helps, one a line. */
const char *sema_report(struct sema_run *r);
/* Outputs, defaults and declarations sorted by their names, the same for equal configurations. */
const char *sema_dump(struct sema_run *r);
/* The value of an output, as phx_value_show prints it; "(none)" when there is no such output. */
const char *sema_output(struct sema_run *r, const char *name);
/* The value of an attribute: "vm.web", "network.ip". */
const char *sema_attr(struct sema_run *r, const char *address, const char *path);

/* One row of a table of expressions: its canonical text, or "!" and codes. */
struct sema_case {
	const char *expr, *expected;
};
/* Evaluates each as an output of its own, behind `prelude`. */
void sema_check_cases(const char *prelude, const struct sema_case *cases, size_t n);
#define SEMA_CASES(prelude, cases) sema_check_cases((prelude), (cases), sizeof(cases) / sizeof((cases)[0]))

/* The codes and nothing else of a text. */
void sema_expect_codes(const char *text, const char *codes);
void sema_expect_output(const char *text, const char *name, const char *expected);
