/* What the concrete backends share: the vtable behind the opaque handles of backend.h. Tests put a cluster of their own
 * behind it. */
#pragma once

#include "backend/backend.h"

struct phx_backend_ops {
	void (*send)(void *impl, const struct phx_request *request);
	uint32_t (*run)(void *impl, uint64_t wait_ms, int wake_fd);
	void (*yield)(void *impl); /* the run at work returns after the present answer */
	/* Without a host channel: PHX_ERR_CONNECT that names the command to run by hand. */
	bool (*host)(void *impl, struct phx_str node, const struct phx_str *argv, uint32_t argc,
		     struct phx_buf *out_text, int *out_exit, struct phx_err *err);
	void (*close)(void *impl);
};

struct phx_reader {
	struct phx_backend *backend;
};

struct phx_writer {
	struct phx_backend *backend;
};

struct phx_backend {
	const struct phx_backend_ops *ops;
	void *impl;
	struct phx_reader reader;
	struct phx_writer writer;
	struct phx_str identity;
	const char *endpoint;
	bool has_host; /* `host` can do more than name the command */
};

/* Wires the handles; `identity` and `endpoint` are set by the caller. */
void phx_backend_wire(struct phx_backend *b, const struct phx_backend_ops *ops, void *impl);
