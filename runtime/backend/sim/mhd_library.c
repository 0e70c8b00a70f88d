#include "backend/sim/mhd_library.h"

#include <microhttpd.h>
#include <stdarg.h>

#include "base/library.h"

#define PLAIN_FUNCTIONS(F)                                                                                   \
	F(const char *, MHD_get_version, (void), ())                                                         \
	F(struct MHD_Daemon *, MHD_start_daemon_va,                                                          \
	  (unsigned flags, uint16_t port, MHD_AcceptPolicyCallback accept, void *accept_user,                \
	   MHD_AccessHandlerCallback handler, void *user, va_list options),                                  \
	  (flags, port, accept, accept_user, handler, user, options))                                        \
	F(enum MHD_Result, MHD_add_connection,                                                               \
	  (struct MHD_Daemon * d, MHD_socket fd, const struct sockaddr *from, socklen_t size),               \
	  (d, fd, from, size))                                                                               \
	F(enum MHD_Result, MHD_run, (struct MHD_Daemon * d), (d))                                            \
	F(enum MHD_Result, MHD_get_timeout, (struct MHD_Daemon * d, MHD_UNSIGNED_LONG_LONG * ms), (d, ms))   \
	F(enum MHD_Result, MHD_queue_response,                                                               \
	  (struct MHD_Connection * c, unsigned status, struct MHD_Response *r), (c, status, r))              \
	F(struct MHD_Response *, MHD_create_response_from_buffer,                                            \
	  (size_t size, void *bytes, enum MHD_ResponseMemoryMode mode), (size, bytes, mode))                 \
	F(struct MHD_Response *, MHD_create_response_from_callback,                                          \
	  (uint64_t size, size_t block, MHD_ContentReaderCallback reader, void *user,                        \
	   MHD_ContentReaderFreeCallback done),                                                              \
	  (size, block, reader, user, done))                                                                 \
	F(enum MHD_Result, MHD_add_response_header,                                                          \
	  (struct MHD_Response * r, const char *name, const char *value), (r, name, value))                  \
	F(const char *, MHD_lookup_connection_value,                                                         \
	  (struct MHD_Connection * c, enum MHD_ValueKind kind, const char *key), (c, kind, key))
#define VOID_FUNCTIONS(F)                                                                                    \
	F(MHD_stop_daemon, (struct MHD_Daemon * d), (d))                                                     \
	F(MHD_suspend_connection, (struct MHD_Connection * c), (c))                                          \
	F(MHD_resume_connection, (struct MHD_Connection * c), (c))                                           \
	F(MHD_destroy_response, (struct MHD_Response * r), (r))

static struct {
	PLAIN_FUNCTIONS(PHX_LIBRARY_POINTER)
	VOID_FUNCTIONS(PHX_LIBRARY_VOID_POINTER)
	__typeof__(&MHD_get_connection_info) MHD_get_connection_info;
	__typeof__(&MHD_get_daemon_info) MHD_get_daemon_info;
} real;

static const struct phx_library_symbol symbols[] = {
	PLAIN_FUNCTIONS(PHX_LIBRARY_SYMBOL) VOID_FUNCTIONS(PHX_LIBRARY_VOID_SYMBOL){
		"MHD_get_connection_info", &real.MHD_get_connection_info},
	{"MHD_get_daemon_info", &real.MHD_get_daemon_info},
};

bool phx_mhd_load(struct phx_err *err)
{
	static bool loaded;

	loaded = loaded || phx_library_load("libmicrohttpd.so.12", "libmicrohttpd12", symbols,
					    PHX_COUNTOF(symbols), err);
	return loaded;
}

PLAIN_FUNCTIONS(PHX_LIBRARY_FORWARD)
VOID_FUNCTIONS(PHX_LIBRARY_VOID_FORWARD)

struct MHD_Daemon *MHD_start_daemon(unsigned flags, uint16_t port, MHD_AcceptPolicyCallback accept,
				    void *accept_user, MHD_AccessHandlerCallback handler, void *user, ...)
{
	va_list options;
	struct MHD_Daemon *d;

	va_start(options, user);
	d = real.MHD_start_daemon_va(flags, port, accept, accept_user, handler, user, options);
	va_end(options);
	return d;
}

/* What phx asks for needs no further arguments. */
const union MHD_ConnectionInfo *MHD_get_connection_info(struct MHD_Connection *c,
							enum MHD_ConnectionInfoType what, ...)
{
	return real.MHD_get_connection_info(c, what);
}

const union MHD_DaemonInfo *MHD_get_daemon_info(struct MHD_Daemon *d, enum MHD_DaemonInfoType what, ...)
{
	return real.MHD_get_daemon_info(d, what);
}
