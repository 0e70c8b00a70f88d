/* What only a plan with something to do has to know of a cluster. What may not be read is not known: no reason to fail. */
#pragma once

#include "model/access.h"
#include "observe/snapshot.h"

struct phx_fact_url {
	struct phx_str node, url;
	bool asked, reachable;
	uint64_t size;          /* 0: the server does not say */
	struct phx_str trouble; /* why it is not reachable */
};

struct phx_fact_storage {
	struct phx_str node, id;
	bool known;
	uint64_t promised; /* sizes of all its volumes */
};

/* What lies on a storage, of one kind. */
struct phx_fact_shelf {
	struct phx_str node, storage, content;
	bool known;
	PHX_VEC(struct phx_str) volumes;
};

/* OS templates that a node can fetch. */
struct phx_fact_templates {
	struct phx_str node;
	bool known;
	PHX_VEC(struct phx_str) names;
};

struct phx_fact_wants {
	bool grants;
	PHX_VEC(struct phx_str) nodes;                /* their bridges and their finished tasks */
	PHX_VEC(struct phx_fact_url) urls;            /* node and url */
	PHX_VEC(struct phx_fact_storage) storages;    /* node and id */
	PHX_VEC(struct phx_fact_shelf) shelves;       /* node, storage and content */
	PHX_VEC(struct phx_fact_templates) templates; /* node */
};

/* Finished tasks of one type. */
struct phx_fact_tasks {
	struct phx_str type;
	uint32_t n;
	uint64_t median_ms;
};
struct phx_fact_node {
	struct phx_str name;
	bool has_bridges;
	PHX_VEC(struct phx_str) bridges;
	PHX_VEC(struct phx_fact_tasks) tasks; /* by type */
};
struct phx_facts {
	bool has_grants;
	struct phx_grants grants;
	PHX_VEC(struct phx_fact_node) nodes;
	PHX_VEC(struct phx_fact_url) urls;
	PHX_VEC(struct phx_fact_storage) storages;
	PHX_VEC(struct phx_fact_shelf) shelves;
	PHX_VEC(struct phx_fact_templates) templates;
	uint32_t requests;
};

/* All at once: one request for the privileges, two a node, one for each of the others. */
const struct phx_facts *phx_observe_facts(struct phx_reader *r, const struct phx_fact_wants *w,
					  struct phx_arena *a);
/* Who worked on a guest lately, from the nodes' task logs: newest first. */
struct phx_touch {
	uint64_t id; /* the guest's */
	struct phx_str type, user, status;
	int64_t started; /* seconds since 1970 */
};
struct phx_touches {
	PHX_VEC(struct phx_touch) v;
};
void phx_observe_touches(struct phx_reader *r, const struct phx_str *nodes, uint32_t n, struct phx_arena *a,
			 struct phx_touches *out);
/* The same answer as GET /access/permissions gives. */
void phx_facts_grants(const json_t *data, struct phx_arena *a, struct phx_grants *out);
/* Milliseconds of finished tasks of this type: on the node, else on any; 0: none is known. */
uint64_t phx_facts_task_ms(const struct phx_facts *f, struct phx_str node, const char *type);
const struct phx_fact_node *phx_facts_node(const struct phx_facts *f, struct phx_str node);
