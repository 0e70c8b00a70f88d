/* From syntax trees to evaluated declarations: names, types, functions, loops and conditions are gone afterwards.
 * The user's mistakes go to the bag; what carries one is marked as poisoned, so that no later stage judges it. */
#pragma once

#include "base/diag.h"
#include "base/secret.h"
#include "model/decl.h"

struct phx_ast_file;
struct phx_options;

/* --set NAME=VALUE */
struct phx_sema_set {
	struct phx_str name, value;
};

struct phx_sema_options {
	const struct phx_sema_set *sets; /* in the order of the command line: the last one of a name wins */
	uint32_t nsets;
	const struct phx_str *
		var_files; /* --var-file: `name = value` lines, or a JSON object by its extension; below --set */
	uint32_t nvar_files;
	bool validate_only; /* unset environment variables and parameters without a value are unknowns of their type */
	/* A cluster's token and password may be missing (unset environment): they are empty then. For plans
	 * that do not reach that cluster (--sim, --offline, --inventory). */
	bool credentials_optional;
	uint64_t max_steps; /* 0: 50 million, enough for 100,000 guests */
	/* NULL: nothing is set. The result is copied. */
	const char *(*env)(void *user, const char *name);
	void *env_user;
	/* The option tables: bare words and defaults of attributes that stand for an option. NULL: any word is taken. */
	struct phx_options *options;
};

/* Reads and evaluates files and directories (of these, the *.phx in byte order of their names). Returns NULL only
 * when a path cannot be read (err); otherwise a configuration, complete as far as the mistakes in the bag allow:
 * look at bag->errors. The result, and nothing else, lives in `arena`; secrets met on the way are added to `secrets`. */
PHX_MUST_USE struct phx_config *phx_sema_load(struct phx_sources *sources, const struct phx_str *paths,
					      uint32_t npaths, const struct phx_sema_options *options,
					      struct phx_arena *arena, struct phx_diag_bag *bag,
					      struct phx_secrets *secrets, struct phx_err *err);

/* As phx_sema_load, from parsed files. Never NULL. The trees may be freed afterwards. */
struct phx_config *phx_sema_evaluate(struct phx_sources *sources, const struct phx_ast_file *const *files,
				     uint32_t nfiles, const struct phx_sema_options *options,
				     struct phx_arena *arena, struct phx_diag_bag *bag,
				     struct phx_secrets *secrets);
