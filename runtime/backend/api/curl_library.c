#include "backend/api/curl_library.h"

#include <stdarg.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#include "base/library.h"

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
static struct {
	PLAIN_FUNCTIONS(PHX_LIBRARY_POINTER)
	VOID_FUNCTIONS(PHX_LIBRARY_VOID_POINTER)
	__typeof__(&curl_easy_setopt) curl_easy_setopt;
	__typeof__(&curl_easy_getinfo) curl_easy_getinfo;
	__typeof__(&curl_multi_setopt) curl_multi_setopt;
} real;

static const struct phx_library_symbol symbols[] = {
	PLAIN_FUNCTIONS(PHX_LIBRARY_SYMBOL)
		VOID_FUNCTIONS(PHX_LIBRARY_VOID_SYMBOL){"curl_easy_setopt", &real.curl_easy_setopt},
	{"curl_easy_getinfo", &real.curl_easy_getinfo},
	{"curl_multi_setopt", &real.curl_multi_setopt},
};

bool phx_curl_load(struct phx_err *err)
{
	static bool loaded;

	loaded = loaded || phx_library_load(LIBRARY, "libcurl4", symbols, PHX_COUNTOF(symbols), err);
	return loaded;
}

PLAIN_FUNCTIONS(PHX_LIBRARY_FORWARD)
VOID_FUNCTIONS(PHX_LIBRARY_VOID_FORWARD)

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
OPTION_FORWARD(CURLcode, curl_easy_setopt, CURL *, CURLoption)
OPTION_FORWARD(CURLMcode, curl_multi_setopt, CURLM *, CURLMoption)

CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	va_list args;
	CURLcode code;

	va_start(args, info);
	code = real.curl_easy_getinfo(easy, info, va_arg(args, void *));
	va_end(args);
	return code;
}
