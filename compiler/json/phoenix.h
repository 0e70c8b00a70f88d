/* The Phoenix JSON front-end: phoenix_vm_configs.json, phoenix_lxc_configs.json and phoenix_hypervisor_config.json, alone or together, to the
 * same declarations that .phx files give. Every property is mapped, kept as metadata, or reported: nothing is dropped in silence. */
#pragma once

#include "base/diag.h"
#include "base/secret.h"
#include "model/decl.h"

struct phx_phoenix_options {
	struct phx_str stack; /* --stack; empty: "phoenix" */
	bool has_ids;         /* --ids A..B: for guests of the hypervisor file, which have none */
	uint64_t ids_first, ids_last;
	/* What .phx files of the same run declare, or NULL: ids and features in it may be named too. */
	const struct phx_config *beside;
};

enum phx_fate { PHX_FATE_MAPPED, PHX_FATE_METADATA, PHX_FATE_DROPPED };

/* One property and what became of it. */
struct phx_report_line {
	struct phx_str guest;  /* "vm 1001", "container 103", or the file's name for site-wide values */
	struct phx_str path;   /* "vms[1].network_config.ip" */
	uint8_t fate;          /* enum phx_fate */
	struct phx_str target; /* MAPPED: "network.ip"; else why */
	struct phx_span span;
};

struct phx_import_report {
	PHX_VEC(struct phx_report_line) lines; /* in source order */
};

/* Is this text one of the three files? By its members, not by its name. */
bool phx_phoenix_recognise(struct phx_str text);

/* Reads the files (ids of phx_sources) together: references between them are resolved. Mistakes go to the bag with the line and
 * column of the JSON value. NULL only when nothing could be read. `report` may be NULL. */
PHX_MUST_USE struct phx_config *phx_phoenix_load(struct phx_sources *sources, const uint32_t *files,
						 uint32_t n, const struct phx_phoenix_options *options,
						 struct phx_arena *arena, struct phx_diag_bag *bag,
						 struct phx_secrets *secrets,
						 struct phx_import_report *report);
void phx_import_report_text(const struct phx_import_report *r, const struct phx_sources *sources,
			    struct phx_buf *out);

/* Writes a configuration as .phx text, formatted; original numbers stand in comments where names replaced ids. Reading the
 * text gives the same graph. */
void phx_phx_write(const struct phx_config *config, const struct phx_import_report *report,
		   struct phx_buf *out);
