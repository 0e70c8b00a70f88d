/* Declarations for tests, written down short: what the front-ends would hand over, without them. The notation is that of
 * .phx as far as it goes (no expressions); further `secret "x"`, `unknown size`, `poison`, and `@101` for a reference by id. */
#pragma once

#include "base_test.h"

#include "model/graph.h"

struct world {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_secrets secrets;
	struct phx_options *options;
	struct phx_config config;
	struct phx_graph *graph;
	bool json; /* the declarations count as imported */
	struct phx_str dir;
};

/* Reads the declarations; the test fails when they cannot be read. */
void world_read(struct world *w, const char *text);
/* Reads, and builds the graph. */
void world_build(struct world *w, const char *text);
/* Shuffles declarations, and attributes and blocks in them, by a fixed pseudo-random order. */
void world_shuffle(struct world *w, uint32_t seed);
void world_graph(struct world *w);
void world_close(struct world *w);

/* The guest; the test fails when the graph was refused (and shows why). */
const struct phx_guest *guest(struct world *w, const char *address);
/* Text of a setting; NULL: there is none. */
const char *setting(struct world *w, const char *address, const char *key);
const struct phx_volume *volume(struct world *w, const char *address, const char *slot);
const struct phx_nic *nic(struct world *w, const char *address, uint32_t index);
/* The first diagnostic of a code ("PHX0402"); NULL: none. */
const struct phx_diag *diag(struct world *w, const char *code);
/* The source text under a span. */
struct phx_str under(struct world *w, struct phx_span at);

/* Is this diagnostic, under this text, the only one? Shows what there is when it is not. */
bool is_only(struct world *w, const char *code, const char *at);
/* Was the graph built without a word? Shows the words otherwise. */
bool is_clean(struct world *w);
