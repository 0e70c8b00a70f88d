/* How a command gets to a node, and what it means when it does not. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/host/host_priv.h"
#include "base/sys.h"

/* Runs the words after the first three, on the node of the third. Other nodes are reached as Proxmox reaches them
 * (PVE::SSHInfo): as root, by the address of /etc/pve/.members, with the host key kept under the node's name. The command has a
 * process group of its own, which is ended when our end of its output goes away, unless the second word says `leave`. (A pipe
 * whose reader is gone can be read from, as select sees it; a socket, which sshd uses, refuses even to send nothing.) */
static const char far_program[] =
	"# phx-run\n"
	"use POSIX ();\n"
	"my ($program, $mode, $node, @c) = @ARGV;\n"
	"$ENV{LC_ALL} = 'C.UTF-8';\n"
	"$ENV{PATH} .= ':/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';\n"
	"my $home = (POSIX::uname())[1];\n"
	"$home =~ s/\\..*//s;\n"
	"if (length $node && $node ne $home && $node ne 'localhost') {\n"
	"	my $members = '';\n"
	"	if (open my $f, '<', '/etc/pve/.members') { local $/; $members = <$f> }\n"
	"	my ($ip) = $members =~ "
	"/\"\\Q$node\\E\"\\s*:\\s*\\{[^{}]*\"ip\"\\s*:\\s*\"([0-9A-Fa-f.:]+)\"/;\n"
	"	if (!defined $ip) { print STDERR \"phx: no address of node $node on $home\\n\"; exit 255 }\n"
	"	my @o = ('-T', '-e', 'none', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', "
	"\"HostKeyAlias=$node\");\n"
	"	my $keys = \"/etc/pve/nodes/$node/ssh_known_hosts\";\n"
	"	push @o, '-o', \"UserKnownHostsFile=$keys\", '-o', 'GlobalKnownHostsFile=none' if -f $keys;\n"
	"	my @inner = ('perl', '-e', 'eval $ARGV[0]; die $@ if $@', $program, $mode, '', @c);\n"
	"	s/'/'\\\\''/g for @inner;\n"
	"	exec 'ssh', @o, '--', \"root\\@$ip\", join ' ', map { \"'$_'\" } @inner;\n"
	"	print STDERR \"phx: no ssh on $home: $!\\n\"; exit 255\n"
	"}\n"
	"sub mark { syswrite STDERR, \"\\x1ephx-$_[0]\\x1e\" }\n"
	"mark('begin');\n"
	"$SIG{CHLD} = sub {};\n"
	"$SIG{HUP} = $SIG{PIPE} = 'IGNORE';\n"
	"my $pid = fork;\n"
	"if (defined $pid && $pid == 0) {\n"
	"	$SIG{$_} = 'DEFAULT' for 'CHLD', 'HUP', 'PIPE';\n"
	"	setpgrp 0, 0;\n"
	"	exec { $c[0] } @c;\n"
	"	print STDERR \"$c[0]: $!\\n\";\n"
	"	POSIX::_exit(127)\n"
	"}\n"
	"close STDIN;\n"
	"my ($gone, $status, $r) = (0, 0, '');\n"
	"my @ends = $mode eq 'leave' ? () : (*STDOUT, *STDERR);\n"
	"-p $_ and vec($r, fileno $_, 1) = 1 for @ends;\n"
	"while (waitpid($pid, POSIX::WNOHANG()) == 0) {\n"
	"	my $n = select my $ready = $gone ? undef : $r, undef, undef, 0.1;\n"
	"	for (@ends) { $n = 1 if -S $_ && !defined send $_, '', 0 }\n"
	"	@ends = () if $n > 0;\n"
	"	if ($n > 0) { $gone = time; kill 'TERM', -$pid }\n"
	"	kill 'KILL', -$pid if $gone && time - $gone > 2\n"
	"}\n"
	"$status = $?;\n"
	"mark('end:' . ($status >> 8) . ':' . ($status & 127));\n"
	"exit($status & 127 ? 128 + ($status & 127) : $status >> 8)\n";

void phx_far_quote(struct phx_buf *out, struct phx_str word)
{
	struct phx_str piece;
	bool first = true;

	phx_buf_ch(out, '\'');
	while (word.len && phx_str_cut(&word, '\'', &piece)) {
		if (!first)
			phx_buf_c(out, "'\\''");
		phx_buf_str(out, piece);
		first = false;
		if (word.ptr && word.len == 0) /* it ended in a quote */
			phx_buf_c(out, "'\\''");
	}
	phx_buf_ch(out, '\'');
}

typedef PHX_VEC(struct phx_str) phx_words;

static void add(struct phx_arena *a, phx_words *to, const char *word)
{
	phx_vec_push(a, to, phx_str_c(word));
}

static void ssh_words(struct phx_host *h, struct phx_arena *a, phx_words *to)
{
	static const char *const options[] = {
		"ssh", "-T",
		"-a",  "-x",
		"-o",  "BatchMode=yes", /* never asks */
		"-o",  "ControlMaster=auto",
		"-o",  "ControlPersist=60",
		"-o",  "ServerAliveInterval=15", /* a dead connection is noticed within a minute */
		"-o",  "ServerAliveCountMax=4",
		"-o",  "ClearAllForwardings=yes",
		"-o",  "PermitLocalCommand=no",
		"-o",  "RequestTTY=no",
		"-o",  "LogLevel=ERROR",
	};
	uint64_t seconds = (h->config.connect_timeout_ms + 999) / 1000;

	for (size_t i = 0; i < PHX_COUNTOF(options); i++)
		add(a, to, options[i]);
	add(a, to, "-o");
	phx_vec_push(a, to,
		     phx_str_printf(a, "ConnectTimeout=%llu", (unsigned long long)(seconds ? seconds : 10)));
	add(a, to, "-o");
	phx_vec_push(a, to, phx_str_printf(a, "ControlPath=%s/%%C", h->socket_dir));
	if (h->config.ssh_port) {
		add(a, to, "-p");
		phx_vec_push(a, to, phx_str_printf(a, "%u", h->config.ssh_port));
	}
	if (h->config.ssh_user.len) {
		add(a, to, "-l");
		phx_vec_push(a, to, h->config.ssh_user);
	}
}

void phx_far_words(struct phx_host *h, struct phx_host_call *call, const struct phx_command *c)
{
	struct phx_arena *a = &call->arena;
	struct phx_buf line = {0};
	phx_words perl = {0}, all = {0};

	add(a, &perl, "perl");
	add(a, &perl, "-e");
	add(a, &perl, "eval $ARGV[0]; die $@ if $@");
	add(a, &perl, far_program);
	add(a, &perl, call->how.leave ? "leave" : "end");
	phx_vec_push(a, &perl, phx_str_dup(a, c->node));
	for (uint32_t i = 0; i < c->argc; i++)
		phx_vec_push(a, &perl, phx_str_dup(a, c->argv[i]));
	if (h->config.here) {
		call->argv = perl.v;
		call->argc = perl.n;
		return;
	}
	for (uint32_t i = 0; i < perl.n; i++) {
		if (i)
			phx_buf_ch(&line, ' ');
		phx_far_quote(&line, perl.v[i]);
	}
	ssh_words(h, a, &all);
	add(a, &all, "--");
	phx_vec_push(a, &all, h->config.ssh_host);
	phx_vec_push(a, &all, phx_str_dup(a, phx_buf_view(&line)));
	phx_buf_done(&line);
	call->argv = all.v;
	call->argc = all.n;
}

/* What ssh says when it fails (ssh(1): exit code 255), first match wins. OpenSSH's own texts, in English by LC_ALL. */
static const struct {
	const char *text;
	enum phx_err_kind kind;
	const char *message, *hint; /* the hint's %s is user@host */
} reasons[] = {
	{"REMOTE HOST IDENTIFICATION HAS CHANGED", PHX_ERR_AUTH,
	 "its host key is another one than known_hosts has",
	 "find out why before anything else; when the node was set up anew, take the old key out with "
	 "`ssh-keygen -R` "
	 "and connect once by hand: ssh %s"},
	{"Host key verification failed", PHX_ERR_AUTH, "its host key is not in known_hosts",
	 "connect once by hand, compare the fingerprint with the one `ssh-keygen -lf "
	 "/etc/ssh/ssh_host_ed25519_key.pub` "
	 "prints on the node, and accept it: ssh %s"},
	{"Permission denied", PHX_ERR_AUTH, "it does not accept this user's keys",
	 "phx never asks for a password: put your key there with `ssh-copy-id %s`, or load it into the agent "
	 "with ssh-add"},
	{"Too many authentication failures", PHX_ERR_AUTH, "it does not accept this user's keys",
	 "the agent offers too many keys: name the right one as IdentityFile in ~/.ssh/config, with "
	 "IdentitiesOnly yes, "
	 "for %s"},
	{"Could not resolve hostname", PHX_ERR_CONNECT, "there is no such host name",
	 "check `host` in the `ssh` block of the cluster; to try it: ssh %s true"},
	{"Connection refused", PHX_ERR_CONNECT, "the connection is refused",
	 "is sshd running there, and is `port` of the `ssh` block right? to try it: ssh %s true"},
	{"timed out", PHX_ERR_CONNECT, "it does not answer",
	 "is it up, and reachable from here? to try it: ssh %s true"},
	{"No route to host", PHX_ERR_CONNECT, "there is no route to it",
	 "is it up, and reachable from here? to try it: ssh %s true"},
	{"Network is unreachable", PHX_ERR_CONNECT, "its network cannot be reached",
	 "is this machine online? to try it: ssh %s true"},
	{"perl: command not found", PHX_ERR_CONNECT, "it has no perl, so it is no Proxmox node",
	 "name a node of the cluster as `host` in the `ssh` block; to try it: ssh %s pveversion"},
	{"no address of node", PHX_ERR_MISSING, "it knows no node of this name",
	 "see the nodes with `pvecm nodes` there: ssh %s pvecm nodes"},
	{"Bad configuration option", PHX_ERR_USAGE, "the ssh here is older than phx needs (OpenSSH 7.6)",
	 "update openssh-client; to try it: ssh -V; ssh %s true"},
};

static struct phx_str last_line(struct phx_str text)
{
	struct phx_str line, last = {0};

	while (phx_str_cut(&text, '\n', &line)) {
		if (phx_str_trim(line).len)
			last = phx_str_trim(line);
	}
	return last;
}

static void said_by(struct phx_str said, struct phx_buf *out)
{
	struct phx_str line = last_line(said);

	if (line.len) {
		phx_buf_c(out, " (");
		phx_buf_printable(out, line);
		phx_buf_ch(out, ')');
	}
}

static void broke(const struct phx_host *h, const struct phx_host_call *call, struct phx_str said,
		  struct phx_err *err)
{
	struct phx_buf why = {0};

	said_by(said, &why);
	phx_err_set(err, PHX_ERR_LOST,
		    "the connection to " PHX_STR_FMT " broke while `" PHX_STR_FMT
		    "` ran%s: whether it was done is unknown",
		    PHX_STR_ARG(h->name), PHX_STR_ARG(call->what), why.len ? why.ptr : "");
	phx_buf_done(&why);
}

void phx_far_error(const struct phx_host *h, const struct phx_host_call *call,
		   const struct phx_command_end *end, struct phx_str said, struct phx_err *err)
{
	struct phx_buf why = {0}, hint = {0};
	bool hop = h->config.here || phx_str_find(said, PHX_STR("no address of node")) >= 0;
	size_t i = 0;

	if (call->marks.begun) {
		broke(h, call, said, err);
		return;
	}
	while (i < PHX_COUNTOF(reasons) && phx_str_find(said, phx_str_c(reasons[i].text)) < 0)
		i++;
	said_by(said, &why);
	phx_err_set(err, i < PHX_COUNTOF(reasons) ? reasons[i].kind : PHX_ERR_CONNECT,
		    "no connection to " PHX_STR_FMT "%s" PHX_STR_FMT ": %s%s",
		    PHX_STR_ARG(hop ? call->node : h->name), hop ? " from " : "",
		    PHX_STR_ARG(hop ? h->name : (struct phx_str){0}),
		    i < PHX_COUNTOF(reasons) ? reasons[i].message
					     : "ssh ended without a reason that phx knows",
		    why.len ? why.ptr : "");
	if (end->signal)
		phx_buf_printf(&err->msg, " (signal %d)", end->signal);
	if (i < PHX_COUNTOF(reasons)) {
		const char *at = strstr(reasons[i].hint, "%s");

		phx_buf_add(&hint, reasons[i].hint, (size_t)(at - reasons[i].hint));
		if (h->config.here)
			phx_buf_printf(&hint, "root@" PHX_STR_FMT, PHX_STR_ARG(call->node));
		else
			phx_buf_str(&hint, h->name);
		phx_buf_c(&hint, at + strlen("%s"));
		phx_err_hint(err, "%s", hint.ptr);
	}
	phx_buf_done(&hint);
	phx_buf_done(&why);
}

static void quietly(void *user, const struct phx_command_end *end)
{
	(void)end;
	*(bool *)user = true;
}

/* The master has gone to the background; nobody else can use its socket. */
static void end_master(struct phx_host *h)
{
	enum { WAIT_MS = 2000, STEP_MS = 20 };
	struct phx_arena a = {0};
	struct phx_procs *procs = phx_procs_new();
	uint64_t until = phx_now_ms() + WAIT_MS;
	phx_words all = {0};
	bool over = false;

	ssh_words(h, &a, &all);
	add(&a, &all, "-O");
	add(&a, &all, "exit");
	add(&a, &all, "--");
	phx_vec_push(&a, &all, h->config.ssh_host);
	phx_procs_start(procs, &(struct phx_proc_start){
				       .argv = all.v, .argc = all.n, .done = quietly, .user = &over});
	for (phx_procs_work(procs); !over && phx_now_ms() < until; phx_procs_work(procs)) {
		size_t n;
		struct pollfd *fds = phx_procs_fds(procs, &n);

		poll(fds, n, STEP_MS);
	}
	/* Its socket goes a moment later. */
	while (rmdir(h->socket_dir) != 0 && errno == ENOTEMPTY && phx_now_ms() < until)
		phx_sleep_ms(STEP_MS);
	phx_procs_free(procs);
	phx_arena_done(&a);
}

void phx_far_hang_up(struct phx_host *h)
{
	if (h->socket_dir && rmdir(h->socket_dir) != 0 && errno == ENOTEMPTY)
		end_master(h);
}
