/* Ctrl-C as something an event loop can wait for. */
#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static volatile sig_atomic_t interrupts;
static int wake_pipe[2] = {-1, -1};

static void on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	interrupts++;
	/* A full pipe already wakes whoever waits. */
	if (write(wake_pipe[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

bool phx_interrupts_watch(struct phx_interrupts *out, struct phx_err *err)
{
	struct sigaction action = {.sa_handler = on_signal};

	if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return phx_err_errno(err, errno, "pipe");
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	*out = (struct phx_interrupts){&interrupts, wake_pipe[0]};
	return true;
}

void phx_interrupts_answered(const struct phx_interrupts *i)
{
	char bytes[16];

	while (read(i->wake_fd, bytes, sizeof(bytes)) > 0)
		;
}
