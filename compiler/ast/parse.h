/* Text to syntax tree. Implemented in grammar/ (link phx_grammar). */
#pragma once

#include "ast/ast.h"

struct phx_diag_bag;

/* Parses a source. Never NULL: errors go to the bag, and what could be understood is returned (see PHX_EXPR_ERROR,
 * phx_body.lost, phx_ast_file.errors). The tree lives in `a` and points into the source's text. */
struct phx_ast_file *phx_parse_source(struct phx_sources *sources, uint32_t file, struct phx_arena *a,
				      struct phx_diag_bag *bag);
