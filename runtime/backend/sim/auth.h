/* Who asks, and what they may do: tokens, tickets, users, roles and access control lists. */
#pragma once

#include "backend/sim/request.h"

struct phx_needs;

/* Finds out who asks. False: a 401 is set (empty body, the reason in the status line; recordings 027-037). */
bool phx_sim_authenticate(struct phx_sim_request *r);
/* Evaluates an endpoint's permission. False: a 401 or 403 is set. */
bool phx_sim_permit(struct phx_sim_request *r, const struct phx_permission *perm);
/* One privilege on one path, quietly. */
bool phx_sim_may(struct phx_sim_request *r, const char *path, const char *privilege);
/* As phx_sim_may, and sets the 403 `Permission check failed (PATH, PRIVILEGE)`. */
bool phx_sim_need(struct phx_sim_request *r, const char *path, const char *privilege);
/* One of several, separated by '|'. */
bool phx_sim_need_any(struct phx_sim_request *r, const char *path, const char *privileges);
/* All of them; the first that is missing gives the 403. */
bool phx_sim_needs(struct phx_sim_request *r, const struct phx_needs *needs);
/* Object privilege → propagate of all that the identity may do on a path. New reference. */
json_t *phx_sim_privileges(struct phx_sim *s, const char *user, const char *token, const char *path);
bool phx_sim_path_valid(const char *acl_path);

/* A fresh ticket or CSRF token for a user, in the request's arena. */
const char *phx_sim_ticket_make(struct phx_sim_request *r, const char *user);
const char *phx_sim_csrf_make(struct phx_sim_request *r, const char *user);
/* The user a ticket stands for; NULL: not a good one. */
const char *phx_sim_ticket_user(struct phx_sim_request *r, const char *ticket);
const char *phx_sim_role_privileges(struct phx_sim *s, const char *role); /* comma list; NULL: no such role */
