/* phx graph. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

static bool write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* The graph goes through a temporary file, not a pipe: Graphviz reads all before it writes, and two pipes could wait for each other. */
static FILE *dot_input(const struct phx_buf *dot)
{
	FILE *f = tmpfile();

	if (!f)
		return NULL;
	if (!write_all(fileno(f), dot->ptr, dot->len) || lseek(fileno(f), 0, SEEK_SET) != 0) {
		fclose(f);
		return NULL;
	}
	return f;
}

static bool read_svg(int fd, struct phx_buf *out)
{
	char piece[16384];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		phx_buf_add(out, piece, (size_t)n);
	}
	return true;
}

static void exec_dot(int in, int out)
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execlp("dot", "dot", "-Tsvg", (char *)NULL);
	_exit(errno == ENOENT ? 127 : 126);
}

static bool render_svg(struct phx_cli *cli, const struct phx_buf *dot, struct phx_buf *out)
{
	FILE *in = dot_input(dot);
	int pipes[2] = {-1, -1}, status = 0;
	bool ok = false;
	pid_t pid;

	if (!in || pipe(pipes) != 0) {
		phx_err_errno(&cli->err, errno, "cannot run `dot`");
		goto out;
	}
	pid = fork();
	if (pid == 0)
		exec_dot(fileno(in), pipes[1]);
	close(pipes[1]);
	pipes[1] = -1;
	ok = pid > 0 && read_svg(pipes[0], out);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		ok = phx_err_set(&cli->err, PHX_ERR_IO,
				 "`--format svg` needs Graphviz: there is no `dot` on the path");
		phx_err_hint(&cli->err,
			     "install it (apt install graphviz), or use --format dot, mermaid or json");
	} else if (!ok || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		ok = phx_err_set(&cli->err, PHX_ERR_IO, "`dot` failed");
	}
out:
	if (pipes[0] >= 0)
		close(pipes[0]);
	if (pipes[1] >= 0)
		close(pipes[1]);
	if (in)
		fclose(in);
	return ok;
}

static bool render(struct phx_cli *cli, const char *format, struct phx_buf *out)
{
	struct phx_buf dot = {0};
	bool ok = true;

	if (strcmp(format, "mermaid") == 0) {
		phx_graph_mermaid(cli->graph, out);
	} else if (strcmp(format, "json") == 0) {
		phx_graph_json(cli->graph, &cli->secrets, out);
	} else if (strcmp(format, "dot") == 0) {
		phx_graph_dot(cli->graph, out);
	} else {
		phx_graph_dot(cli->graph, &dot);
		ok = render_svg(cli, &dot, out);
		phx_buf_done(&dot);
	}
	return ok;
}

int phx_cmd_graph(struct phx_cli *cli)
{
	const char *format = phx_args_value(&cli->args, "format");
	struct phx_buf text = {0};
	bool is_json = format && strcmp(format, "json") == 0;
	int status = PHX_EXIT_OK;

	cli->diag_format = PHX_DIAG_HUMAN; /* --format is the graph's here */
	if (!phx_cli_load(cli, PHX_LOAD_VALIDATE))
		return phx_cli_refuse(cli);
	phx_cli_diagnose(cli);
	if (!render(cli, format ? format : "dot", &text) ||
	    !(is_json ? phx_cli_write_document : phx_cli_write)(cli, phx_args_value(&cli->args, "out"),
								&text))
		status = phx_cli_fail(cli);
	phx_buf_done(&text);
	return status;
}
