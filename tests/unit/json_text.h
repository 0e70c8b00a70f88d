/* Loading Phoenix JSON in tests. */
#pragma once

#include "model/graph.h"
#include "json/phoenix.h"

struct run {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_secrets secrets;
	struct phx_import_report report;
	struct phx_config *config;
	struct phx_graph *graph;
};

void run_init(struct run *r);
void run_done(struct run *r);
/* Texts end with NULL; they are called a.json, b.json, … The graph is built too. */
void run_load(struct run *r, const struct phx_phoenix_options *o, ...);
void run_files(struct run *r, const struct phx_phoenix_options *o, const uint32_t *files, uint32_t n);
/* How often a code was given. */
uint32_t run_count(const struct run *r, enum phx_code code);
const struct phx_diag *run_diag(const struct run *r, enum phx_code code);
/* "LINE:COLUMN" of a diagnostic's place. */
bool run_at(const struct run *r, const struct phx_diag *d, uint32_t line, uint32_t col);
const struct phx_decl *run_decl(const struct run *r, const char *address);
/* Reads the .phx text of r's configuration, and checks that it has no mistakes, is formatted, and gives the same graph. */
void run_round_trip(struct run *r, const char *name);
