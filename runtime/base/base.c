#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_INTERNAL = 70 };

void phx_bug(const char *file, int line, const char *fmt, ...)
{
	const char *slash = strrchr(file, '/');
	va_list args;

	fprintf(stderr, "phx: this is a bug in phx (%s:%d): ", slash ? slash + 1 : file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	/* No exit handlers: nothing they see can be trusted any more. */
	_exit(EXIT_INTERNAL);
}

void phx_out_of_memory(void)
{
	static const char line[] = "phx: out of memory\n";

	/* No stdio here: it may allocate. There is no one left to tell when even this write fails. */
	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(EXIT_INTERNAL);
	_exit(EXIT_INTERNAL);
}
