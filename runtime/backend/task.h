/* Proxmox tasks: started by a call, known by their UPID, polled until they stop. The unit of waiting is the task, never
 * a request's own time-out: a task that still runs is never started again. */
#pragma once

#include "backend/backend.h"

struct phx_upid {
	struct phx_str text, node, type, id, user; /* slices of text */
	uint64_t start_time;                       /* seconds since 1970 on the node */
};
PHX_MUST_USE bool phx_upid_parse(struct phx_str text, struct phx_upid *out);

enum phx_task_state { PHX_TASK_RUNNING, PHX_TASK_OK, PHX_TASK_WARNINGS, PHX_TASK_FAILED, PHX_TASK_UNKNOWN };
/* From the data of GET /nodes/N/tasks/UPID/status. `WARNINGS: N` is a success (OBSERVED, 830). */
enum phx_task_state phx_task_status(const json_t *data, struct phx_str *out_exitstatus);
/* When to poll next: 20 ms at first, then 2 % of the elapsed time, at most 1 s, so that waiting adds little to any duration. */
uint64_t phx_task_poll_delay_ms(uint64_t elapsed_ms);
/* The error of a task that ended with `exitstatus`: kind from its text (a lock, a full storage, …), else PHX_ERR_TASK. */
void phx_task_error(struct phx_str upid, struct phx_str exitstatus, struct phx_err *err);
/* The last lines of the data of GET …/log, appended, safe for a terminal. */
void phx_task_log_tail(const json_t *log, uint32_t lines, struct phx_buf *out);
/* "/nodes/N/tasks/UPID" + what ("/status", "/log"). The UPID must be one. */
void phx_task_path(struct phx_str upid, const char *what, struct phx_buf *out);
/* Surely nothing was done, and the same call may succeed later: no connection, or a lock that somebody holds for a while
 * (`can't lock file … - got timeout`, `CT is locked (disk)`). */
bool phx_err_may_retry(const struct phx_err *err);
