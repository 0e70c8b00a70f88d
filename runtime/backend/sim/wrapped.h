/* Guests without a tree follow scripts, but phx's own bundles (etc/guest/step.sh) are answered truthfully as far as that goes:
 * in the wrapper's form, files that are pushed are kept, files that are there are pulled, and what ended well once is known. */
#pragma once

#include "backend/sim/sim_priv.h"

/* The simulated file system of a guest without a tree. mode and owner may be NULL. */
void phx_sim_guest_file_put(struct phx_sim *s, json_t *g, const char *path, struct phx_str bytes,
			    const char *mode, const char *owner);
bool phx_sim_guest_file_get(json_t *g, const char *path, struct phx_buf *out);
/* What a bundle does, as exit, out, err. NULL: it is none. New reference. */
json_t *phx_sim_wrapped(struct phx_sim *s, json_t *g, struct phx_str input);
/* When it is one: the line to which the seed's `exec` is compared becomes "phx ID", and the script's text after it. */
void phx_sim_wrapped_line(struct phx_str input, struct phx_buf *line);
/* The seed's script, in the wrapper's form when the input is a bundle. New reference. */
json_t *phx_sim_wrapped_script(struct phx_str input, const json_t *script);
/* `cat FILE` (as words, or by the input of a shell), and `sh -c '… >/var/lib/phx/in/…'`, by which the pieces of large files arrive. NULL: none of these. New reference. */
json_t *phx_sim_wrapped_piece(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input);
