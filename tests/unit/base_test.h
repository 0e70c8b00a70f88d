/* cmocka in the order it wants, and helpers for the tests of the base layer. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#define assert_str(s, expected)                                                                              \
	do {                                                                                                 \
		struct phx_str got_ = (s);                                                                   \
		char *text_ = strndup(got_.ptr ? got_.ptr : "", got_.len);                                   \
		assert_string_equal(text_, (expected));                                                      \
		assert_int_equal(got_.len, strlen(expected));                                                \
		free(text_);                                                                                 \
	} while (0)

/* Compares what a buffer holds, and empties it. */
#define assert_buf(b, expected)                                                                              \
	do {                                                                                                 \
		assert_str(phx_buf_view(b), (expected));                                                     \
		phx_buf_clear(b);                                                                            \
	} while (0)

/* The exit status of `act` in a process of its own; -1 when a signal ended it. What it prints is thrown away. */
static inline int exit_status_of(void (*act)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDERR_FILENO);
		act();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
