/* From syntax trees to evaluated declarations: names, types, functions, loops and conditions are gone afterwards.
 * The user's mistakes go to the bag; what carries one is marked as poisoned, so that no later stage judges it. */
#pragma once

#include "base/diag.h"
#include "base/secret.h"
#include "model/decl.h"
#include "model/policy.h"

struct phx_ast_file;
struct phx_options;

/* --set NAME=VALUE */
struct phx_sema_set {
	struct phx_str name, value;
};

/* A file that may hold policies only. */
struct phx_policy_file {
	struct phx_str path;
	struct phx_str shown; /* what places in it are called; empty: its path */
};

/* The policies of a configuration, ready to be evaluated; they own what their evaluation needs. */
struct phx_policies;

struct phx_sema_options {
	const struct phx_sema_set *sets; /* in the order of the command line: the last one of a name wins */
	uint32_t nsets;
	const struct phx_str *
		var_files; /* --var-file: `name = value` lines, or a JSON object by its extension; below --set */
	uint32_t nvar_files;
	bool validate_only; /* unset environment variables and parameters without a value are unknowns of their type */
	/* A cluster's token, password and fingerprint may be missing (unset environment): they are empty then. For plans
	 * that do not reach that cluster (--sim, --offline, --inventory). */
	bool credentials_optional;
	uint64_t max_steps; /* 0: 50 million, enough for 100,000 guests */
	/* NULL: nothing is set. The result is copied. */
	const char *(*env)(void *user, const char *name);
	void *env_user;
	/* The option tables: bare words and defaults of attributes that stand for an option. NULL: any word is taken. */
	struct phx_options *options;
	const struct phx_policy_file *policy_files; /* read beside the configuration, by phx_sema_load */
	uint32_t npolicy_files;
	uint32_t npolicy_trees; /* phx_sema_evaluate: how many of the files, the last ones, are such */
	/* Where the policies are put, NULL when there are none; the caller ends them with phx_policies_done. NULL: they are
	 * checked for mistakes and forgotten. */
	struct phx_policies **out_policies;
};

/* Reads and evaluates files and directories (of these, the *.phx in byte order of their names). Returns NULL only
 * when a path cannot be read (err); otherwise a configuration, complete as far as the mistakes in the bag allow:
 * look at bag->errors. The result, and nothing else, lives in `arena`; secrets met on the way are added to `secrets`. */
PHX_MUST_USE struct phx_config *phx_sema_load(struct phx_sources *sources, const struct phx_str *paths,
					      uint32_t npaths, const struct phx_sema_options *options,
					      struct phx_arena *arena, struct phx_diag_bag *bag,
					      struct phx_secrets *secrets, struct phx_err *err);

/* As phx_sema_load, from parsed files. Never NULL. The trees may be freed afterwards, unless there are policies: these need
 * them until their end. */
struct phx_config *phx_sema_evaluate(struct phx_sources *sources, const struct phx_ast_file *const *files,
				     uint32_t nfiles, const struct phx_sema_options *options,
				     struct phx_arena *arena, struct phx_diag_bag *bag,
				     struct phx_secrets *secrets);

/* --- features that come with phx --- */

/* A configuration that declares the built-in features of these names, and those that they need; names that are none are
 * left out. As phx_sema_evaluate otherwise. */
struct phx_config *phx_sema_builtins(struct phx_sources *sources, const struct phx_str *names, uint32_t n,
				     const struct phx_sema_options *options, struct phx_arena *arena,
				     struct phx_diag_bag *bag, struct phx_secrets *secrets);

/* Adds the built-in features that guests of `config` use and it does not declare: those of a .phx file are declared
 * already, those of other front-ends are not. */
void phx_sema_add_builtins(struct phx_sources *sources, struct phx_config *config,
			   const struct phx_sema_options *options, struct phx_arena *arena,
			   struct phx_diag_bag *bag, struct phx_secrets *secrets);

/* --- policies --- */

/* What policies look at besides the configuration. */
struct phx_policy_input {
	/* Address → object of what the graph knows of a guest better than its block: `id`, `has_password`, `firewall_rules`. */
	const struct phx_map *facts;
	/* What changes() gives: a list of objects as phx_policy_change_keys says; NULL: nothing was planned, they are unknown. */
	const struct phx_value *changes;
};

/* Guests and images of another front-end become visible to the policies. `config` must live as long as they do. */
void phx_policies_adopt(struct phx_policies *p, const struct phx_config *config);
/* Evaluates all of them. What is found goes to the bag of the run that made them (PHX0650, PHX0651) and, copied into `arena`,
 * to *out. May be called again. */
void phx_policies_evaluate(struct phx_policies *p, const struct phx_policy_input *input,
			   struct phx_arena *arena, struct phx_policy_report *out);
void phx_policies_done(struct phx_policies *p); /* NULL is fine */
