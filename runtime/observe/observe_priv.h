/* One observation under way. */
#pragma once

#include "observe/snapshot.h"

/* A guest that is read: of the graph, or a candidate for the stack. */
struct observed {
	struct phx_live_guest *live;
	const struct phx_guest *guest; /* NULL: not of the graph */
	bool gone;                     /* deleted between two requests */
	bool power_known;              /* read from its node, where cluster/resources lags by seconds */
};

struct observation {
	struct phx_reader *reader;
	const struct phx_graph *graph;
	const struct phx_observe_options *options;
	const struct phx_cluster *cluster; /* NULL: guests of all of them */
	struct phx_arena *arena;
	struct phx_err *err; /* the first failure */
	bool failed;
	struct phx_snapshot *s;
	struct phx_str own_tag;
	PHX_VEC(struct observed) guests;    /* by id */
	const struct phx_live_guest **live; /* by index of the graph's resource; NULL: absent */
	struct phx_map names;               /* of the graph's guests without id → phx_guest */
	struct phx_buf text;                /* scratch */
};

/* Reads `data` of an answer; false: it is not what it should be (err is set). */
typedef bool phx_observe_parse(struct observation *o, void *what, const json_t *data);
/* Queues a GET. `may_miss`: what is not there (any more) is no failure: `missed` is set. */
void phx_observe_get(struct observation *o, struct phx_str path, const struct phx_params *query,
		     phx_observe_parse *parse, void *what, bool *missed);
/* Serves until nothing is in flight; false after a failure. */
bool phx_observe_wait(struct observation *o);
bool phx_observe_bad(struct observation *o, const char *path, const char *what);

/* Parsers (observe_json.c, observe_guest_json.c). */
phx_observe_parse phx_parse_version, phx_parse_status, phx_parse_resources, phx_parse_pools,
	phx_parse_permissions, phx_parse_content, phx_parse_tasks;
phx_observe_parse phx_parse_config, phx_parse_pending, phx_parse_snapshots, phx_parse_fw_options,
	phx_parse_fw_rules, phx_parse_power, phx_parse_power_list, phx_parse_raw_lines;

/* The scalar as text in the arena; false for null, lists and objects. */
bool phx_observe_text(struct observation *o, const json_t *value, struct phx_str *out);
/* Everything that follows from a guest's configuration: sorted and mapped, name, lock, marker, whose it is. */
void phx_live_settle(struct phx_live_guest *live, struct phx_str stack, struct phx_str own_tag,
		     struct phx_arena *a);
bool phx_tags_hold(struct phx_str tags, struct phx_str tag);
const struct phx_guest *phx_observe_named(const struct observation *o, uint64_t id);
