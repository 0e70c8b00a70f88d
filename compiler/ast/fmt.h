/* The canonical form of a .phx file. */
#pragma once

#include "ast/ast.h"

/* Writes the file in canonical form: tab-free, two blanks a level, `=` aligned in runs of attributes, every comment
 * kept. Formatting the result again changes nothing, and its tree is the same. False, and nothing written: the file
 * has syntax errors. */
PHX_MUST_USE bool phx_fmt_file(const struct phx_ast_file *ast, const struct phx_sources *sources,
			       struct phx_buf *out);
