#include "backend/api/curl_library.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* The name by which programs are linked with it since 7.16; the OpenSSL one, because the certificate is looked at through
 * CURLOPT_SSL_CTX_FUNCTION. */
#define LIBRARY "libcurl.so.4"

/* Functions with a fixed list of arguments, each with its type, parameters and the arguments that are passed on. */
#define PLAIN_FUNCTIONS(F)                                                                                   \
	F(char *, curl_version, (void), ())                                                                  \
	F(curl_version_info_data *, curl_version_info, (CURLversion v), (v))                                 \
	F(CURLcode, curl_global_init, (long flags), (flags))                                                 \
	F(CURL *, curl_easy_init, (void), ())                                                                \
	F(const char *, curl_easy_strerror, (CURLcode code), (code))                                         \
	F(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *s), (list, s))      \
	F(curl_mime *, curl_mime_init, (CURL * easy), (easy))                                                \
	F(curl_mimepart *, curl_mime_addpart, (curl_mime * mime), (mime))                                    \
	F(CURLcode, curl_mime_name, (curl_mimepart * part, const char *name), (part, name))                  \
	F(CURLcode, curl_mime_type, (curl_mimepart * part, const char *type), (part, type))                  \
	F(CURLcode, curl_mime_filename, (curl_mimepart * part, const char *name), (part, name))              \
	F(CURLcode, curl_mime_filedata, (curl_mimepart * part, const char *path), (part, path))              \
	F(CURLcode, curl_mime_data, (curl_mimepart * part, const char *data, size_t size),                   \
	  (part, data, size))                                                                                \
	F(CURLM *, curl_multi_init, (void), ())                                                              \
	F(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL * easy), (multi, easy))                     \
	F(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL * easy), (multi, easy))                  \
	F(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running))                    \
	F(CURLMcode, curl_multi_poll,                                                                        \
	  (CURLM * multi, struct curl_waitfd extra[], unsigned n, int timeout_ms, int *ready),               \
	  (multi, extra, n, timeout_ms, ready))                                                              \
	F(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), (multi, left))                        \
	F(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi))
#define VOID_FUNCTIONS(F)                                                                                    \
	F(curl_global_cleanup, (void), ())                                                                   \
	F(curl_easy_reset, (CURL * easy), (easy))                                                            \
	F(curl_easy_cleanup, (CURL * easy), (easy))                                                          \
	F(curl_slist_free_all, (struct curl_slist * list), (list))                                           \
	F(curl_mime_free, (curl_mime * mime), (mime))
#define OPTION_FUNCTIONS(F)                                                                                  \
	F(CURLcode, curl_easy_setopt, CURL *, CURLoption)                                                    \
	F(CURLMcode, curl_multi_setopt, CURLM *, CURLMoption)

#define POINTER(result, name, ...) __typeof__(&(name)) name;
#define VOID_POINTER(name, ...)    __typeof__(&(name)) name;
static struct {
	PLAIN_FUNCTIONS(POINTER)
	VOID_FUNCTIONS(VOID_POINTER)
	OPTION_FUNCTIONS(POINTER)
	__typeof__(&curl_easy_getinfo) curl_easy_getinfo;
} real;

#define NAME(result, name, ...) {#name, &real.name},
#define VOID_NAME(name, ...)    {#name, &real.name},
static const struct {
	const char *name;
	void *at; /* a pointer to a function */
} functions[] = {PLAIN_FUNCTIONS(NAME) VOID_FUNCTIONS(VOID_NAME)
			 OPTION_FUNCTIONS(NAME){"curl_easy_getinfo", &real.curl_easy_getinfo}};

bool phx_curl_load(struct phx_err *err)
{
	static void *library;

	if (library)
		return true;
	library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	if (!library) {
		phx_err_set(err, PHX_ERR_CONNECT, "libcurl cannot be loaded: %s", dlerror());
		phx_err_hint(err, "install it: apt-get install libcurl4");
		return false;
	}
	for (size_t i = 0; i < PHX_COUNTOF(functions); i++) {
		void *symbol = dlsym(library, functions[i].name);

		if (!symbol) {
			phx_err_set(err, PHX_ERR_CONNECT, "this " LIBRARY " has no %s: it is too old",
				    functions[i].name);
			phx_err_hint(err, "phx needs libcurl 7.66 or newer");
			library = NULL;
			return false;
		}
		memcpy(functions[i].at, &symbol, sizeof(symbol));
	}
	return true;
}

#define FORWARD(result, name, parameters, arguments)                                                         \
	result name parameters                                                                               \
	{                                                                                                    \
		return real.name arguments;                                                                  \
	}
PLAIN_FUNCTIONS(FORWARD)

#define VOID_FORWARD(name, parameters, arguments)                                                            \
	void name parameters                                                                                 \
	{                                                                                                    \
		real.name arguments;                                                                         \
	}
VOID_FUNCTIONS(VOID_FORWARD)

/* An option's number tells what its value is. */
static bool is_long(int option)
{
	return option >= CURLOPTTYPE_LONG && option < CURLOPTTYPE_OBJECTPOINT;
}

static bool is_offset(int option)
{
	return option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB;
}

#define OPTION_FORWARD(result, name, handle_type, option_type)                                               \
	result name(handle_type handle, option_type option, ...)                                             \
	{                                                                                                    \
		va_list args;                                                                                \
		result code;                                                                                 \
                                                                                                             \
		va_start(args, option);                                                                      \
		if (is_long((int)option))                                                                    \
			code = real.name(handle, option, va_arg(args, long));                                \
		else if (is_offset((int)option))                                                             \
			code = real.name(handle, option, va_arg(args, curl_off_t));                          \
		else                                                                                         \
			code = real.name(handle, option, va_arg(args, void *));                              \
		va_end(args);                                                                                \
		return code;                                                                                 \
	}
OPTION_FUNCTIONS(OPTION_FORWARD)

CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	va_list args;
	CURLcode code;

	va_start(args, info);
	code = real.curl_easy_getinfo(easy, info, va_arg(args, void *));
	va_end(args);
	return code;
}
