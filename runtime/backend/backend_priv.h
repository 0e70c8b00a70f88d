/* What the concrete backends share: the vtable behind the opaque handles of backend.h. Tests put a cluster of their own
 * behind it. */
#pragma once

#include "backend/backend.h"

struct phx_backend_ops {
	void (*send)(void *impl, const struct phx_request *request);
	uint32_t (*run)(void *impl, uint64_t wait_ms, int wake_fd);
	void (*yield)(void *impl); /* the run at work returns after the present answer */
	/* Never calls back from within. Without a host channel the command ends with PHX_ERR_CONNECT. */
	uint64_t (*command)(void *impl, const struct phx_command *c);
	void (*command_stop)(void *impl, uint64_t handle);
	void (*close)(void *impl);
};

struct phx_reader {
	struct phx_backend *backend;
};

struct phx_prober {
	struct phx_backend *backend;
};

struct phx_inside {
	struct phx_backend *backend;
};

struct phx_writer {
	struct phx_backend *backend;
};

struct phx_backend {
	const struct phx_backend_ops *ops;
	void *impl;
	struct phx_reader reader;
	struct phx_prober prober;
	struct phx_inside inside;
	struct phx_writer writer;
	struct phx_str identity;
	const char *endpoint;
	bool has_host; /* `command` can do more than name the command */
};

/* Wires the handles; `identity` and `endpoint` are set by the caller. */
void phx_backend_wire(struct phx_backend *b, const struct phx_backend_ops *ops, void *impl);
