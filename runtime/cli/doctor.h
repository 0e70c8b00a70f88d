/* phx doctor: its checks, one line each. */
#pragma once

#include "cli/cli.h"
#include "observe/facts.h"

enum phx_doctor_state { PHX_DOCTOR_OK, PHX_DOCTOR_WARNING, PHX_DOCTOR_ERROR };

struct phx_check_line {
	uint8_t state; /* enum phx_doctor_state */
	const char *name;
	struct phx_str text;
	PHX_VEC(struct phx_str) what_to_do;
};

struct phx_doctor {
	struct phx_cli *cli;
	struct phx_str version;
	const struct phx_snapshot *s;
	const struct phx_facts *facts;
	PHX_VEC(struct phx_str) nodes; /* that the configuration uses */
	PHX_VEC(struct phx_check_line) lines;
	uint32_t count[3];
};

/* Adds a line; the pointer holds until the next. */
struct phx_check_line *phx_doctor_say(struct phx_doctor *d, enum phx_doctor_state state, const char *name,
				      struct phx_str text);
void phx_doctor_do(struct phx_doctor *d, struct phx_check_line *line, struct phx_str what);
/* doctor_needs.c: what the configuration names must be there. */
void phx_doctor_storages(struct phx_doctor *d);
void phx_doctor_bridges(struct phx_doctor *d);
void phx_doctor_host(struct phx_doctor *d);
/* doctor_text.c */
void phx_doctor_text(const struct phx_doctor *d, struct phx_buf *out);
void phx_doctor_json(const struct phx_doctor *d, struct phx_buf *out);
