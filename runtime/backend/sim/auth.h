/* Who asks, and what they may do: tokens, tickets, users, roles and access control lists. */
#pragma once

#include "backend/sim/request.h"

/* Finds out who asks. False: a 401 is set (empty body, the reason in the status line; recordings 027-037). */
bool sim_authenticate(struct sim_request *r);
/* Evaluates an endpoint's permission. False: a 401 or 403 is set. */
bool sim_permit(struct sim_request *r, const struct phx_permission *perm);
/* One privilege on one path, quietly. */
bool sim_may(struct sim_request *r, const char *path, const char *privilege);
/* As sim_may, and sets the 403 `Permission check failed (PATH, PRIVILEGE)`. */
bool sim_need(struct sim_request *r, const char *path, const char *privilege);
/* One of several, separated by '|'. */
bool sim_need_any(struct sim_request *r, const char *path, const char *privileges);
/* Object privilege → propagate of all that the identity may do on a path. New reference. */
json_t *sim_privileges(struct phx_sim *s, const char *user, const char *token, const char *path);
bool sim_path_valid(const char *acl_path);

/* A fresh ticket or CSRF token for a user, in the request's arena. */
const char *sim_ticket_make(struct sim_request *r, const char *user);
const char *sim_csrf_make(struct sim_request *r, const char *user);
/* The user a ticket stands for; NULL: not a good one. */
const char *sim_ticket_user(struct sim_request *r, const char *ticket);
const char *sim_role_privileges(struct phx_sim *s, const char *role); /* comma list; NULL: no such role */
