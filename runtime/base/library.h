/* Shared libraries that are loaded only when they are needed: what a command does not use shall not cost it time at its start. */
#pragma once

#include "base/err.h"

struct phx_library_symbol {
	const char *name;
	void *at; /* where the pointer to the function is put */
};

/* Loads `file` ("libcurl.so.4") for the rest of the process's life and finds all n functions. False (PHX_ERR_IO): it is not
 * installed, or it is too old; `package` is Debian's that has it. */
PHX_MUST_USE bool phx_library_load(const char *file, const char *package,
				   const struct phx_library_symbol *symbols, size_t n, struct phx_err *err);

/* For tables of functions that have a fixed list of arguments: F(type, name, parameters, arguments to pass on), and V(name, …) for
 * those that return nothing. */
#define PHX_LIBRARY_POINTER(result, name, parameters, arguments) __typeof__(&(name)) name;
#define PHX_LIBRARY_VOID_POINTER(name, parameters, arguments)    __typeof__(&(name)) name;
#define PHX_LIBRARY_SYMBOL(result, name, parameters, arguments)  {#name, &real.name},
#define PHX_LIBRARY_VOID_SYMBOL(name, parameters, arguments)     {#name, &real.name},
#define PHX_LIBRARY_FORWARD(result, name, parameters, arguments)                                             \
	result name parameters                                                                               \
	{                                                                                                    \
		return real.name arguments;                                                                  \
	}
#define PHX_LIBRARY_VOID_FORWARD(name, parameters, arguments)                                                \
	void name parameters                                                                                 \
	{                                                                                                    \
		real.name arguments;                                                                         \
	}
