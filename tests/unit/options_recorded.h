/* The recorded exchanges with a genuine server, for tests of the model. */
#pragma once

#include "base_test.h"

#include "base/json.h"
#include "model/endpoint.h"

#define RECORDED_PARAMS_MAX 96

/* One exchange; everything in `arena`. */
struct recorded {
	int seq;
	enum phx_http http;
	struct phx_str path;                          /* decoded, without /api2/json */
	struct phx_given params[RECORDED_PARAMS_MAX]; /* of query, form and JSON body */
	size_t nparams;
	int status;
	json_t *data, *errors;      /* borrowed from `json` */
	struct phx_str exit_status; /* of the task, empty without one */
	json_t *json;
};

/* Directory of the recordings, or NULL: then the test says so and is skipped. */
const char *recorded_dir(void);
/* Calls `each` for every exchange of the API that has a request phx could have sent, in their order. Returns how many. */
size_t recorded_each(const char *dir,
		     void (*each)(const struct recorded *r, struct phx_arena *arena, void *user), void *user);
