#include "plan/stack_lock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "backend/backend.h"
#include "base/secret.h"
#include "base/sys.h"

#define PREFIX "phx-lock-"

struct phx_str phx_stack_lock_pool(struct phx_arena *a, struct phx_str stack)
{
	return phx_str_printf(a, PREFIX PHX_STR_FMT, PHX_STR_ARG(stack));
}

bool phx_stack_lock_is(struct phx_str pool)
{
	return phx_str_starts(pool, PREFIX) && pool.len > strlen(PREFIX);
}

void phx_stack_lock_params(struct phx_arena *a, struct phx_str stack, struct phx_params *out)
{
	phx_params_add(a, out, PHX_STR("poolid"), phx_stack_lock_pool(a, stack));
	phx_params_add(a, out, PHX_STR("comment"), PHX_STACK_LOCK_WHO);
}

struct phx_str phx_stack_lock_path(struct phx_arena *a, struct phx_str stack)
{
	struct phx_buf path = {0};
	struct phx_str s;

	phx_buf_c(&path, "/pools/");
	phx_buf_percent(&path, phx_stack_lock_pool(a, stack));
	s = phx_str_dup(a, phx_buf_view(&path));
	phx_buf_done(&path);
	return s;
}

/* One word of the comment: what would end it is replaced. */
static struct phx_str word(struct phx_arena *a, struct phx_str s)
{
	struct phx_buf b = {0};
	struct phx_str out;

	for (size_t i = 0; i < s.len && i < 200; i++)
		phx_buf_ch(&b,
			   (unsigned char)s.ptr[i] > ' ' && (unsigned char)s.ptr[i] < 0x7f ? s.ptr[i] : '_');
	if (b.len == 0)
		phx_buf_ch(&b, '-');
	out = phx_str_dup(a, phx_buf_view(&b));
	phx_buf_done(&b);
	return out;
}

/* The trimmed content of a small system file, or nothing. */
static struct phx_str content(struct phx_arena *a, const char *path)
{
	struct phx_buf b = {0};
	struct phx_err err = {0};
	struct phx_str s = {0};

	if (phx_read_file(path, &b, &err))
		s = phx_str_dup(a, phx_str_trim(phx_str_slice(phx_buf_view(&b), 0, 4096)));
	phx_err_done(&err);
	phx_buf_done(&b);
	return s;
}

/* Machines of the same name, and containers with a process numbering of their own, must not be taken for each other. */
static struct phx_str machine(struct phx_arena *a, struct phx_str host)
{
	char pid_ns[64] = {0};
	struct phx_str all;

	if (readlink("/proc/self/ns/pid", pid_ns, sizeof(pid_ns) - 1) < 0)
		pid_ns[0] = 0;
	all = phx_str_printf(a, PHX_STR_FMT "\n" PHX_STR_FMT "\n%s",
			     PHX_STR_ARG(content(a, "/etc/machine-id")), PHX_STR_ARG(host), pid_ns);
	return phx_str_slice(phx_sha256_hex(a, all), 0, 12);
}

/* Field 22 of /proc/PID/stat: start of the process in ticks since boot. 0: no such process, or a dead one. */
static uint64_t start_ticks(struct phx_arena *a, uint64_t pid)
{
	struct phx_str stat = content(a, phx_str_printf(a, "/proc/%llu/stat", (unsigned long long)pid).ptr),
		       field;
	uint64_t ticks = 0;
	size_t end = stat.len;

	/* The second field is a name in brackets, with any characters. */
	while (end && stat.ptr[end - 1] != ')')
		end--;
	stat = phx_str_trim(phx_str_from(stat, end));
	for (int i = 3; phx_str_cut(&stat, ' ', &field); i++) {
		/* It has ended, and whoever began it has not looked yet. */
		if (i == 3 && (phx_str_eqc(field, "Z") || phx_str_eqc(field, "X")))
			return 0;
		if (i == 22)
			return phx_parse_u64(field, &ticks) ? ticks : 0;
	}
	return 0;
}

static struct phx_str random_run(struct phx_arena *a)
{
	unsigned char bytes[6] = {0};

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		PHX_BUG("no random numbers: %s", strerrordesc_np(errno));
	return phx_str_printf(a, "%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
			      bytes[5]);
}

struct phx_stack_holder phx_stack_holder_self(struct phx_arena *a, struct phx_str who, uint64_t now_ms)
{
	struct phx_stack_holder h = {.pid = (uint64_t)getpid()};
	time_t now = (time_t)(now_ms / 1000);
	struct tm t = {0};

	gmtime_r(&now, &t);
	h.who = word(a, who);
	h.host = word(a, content(a, "/proc/sys/kernel/hostname"));
	h.machine = machine(a, h.host);
	h.boot = word(a, phx_str_slice(content(a, "/proc/sys/kernel/random/boot_id"), 0, 8));
	h.ticks = start_ticks(a, h.pid);
	h.started = phx_str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1,
				   t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
	h.run = random_run(a);
	return h;
}

struct phx_str phx_stack_holder_print(struct phx_arena *a, const struct phx_stack_holder *h)
{
	return phx_str_printf(a,
			      "phx lock who=" PHX_STR_FMT " host=" PHX_STR_FMT
			      " pid=%llu started=" PHX_STR_FMT " machine=" PHX_STR_FMT " boot=" PHX_STR_FMT
			      " ticks=%llu run=" PHX_STR_FMT,
			      PHX_STR_ARG(h->who), PHX_STR_ARG(h->host), (unsigned long long)h->pid,
			      PHX_STR_ARG(h->started), PHX_STR_ARG(h->machine), PHX_STR_ARG(h->boot),
			      (unsigned long long)h->ticks, PHX_STR_ARG(h->run));
}

static bool read_word(struct phx_arena *a, struct phx_str pair, struct phx_stack_holder *h)
{
	struct phx_str key, value = pair;

	if (!phx_str_cut(&value, '=', &key))
		return true;
	value = word(a, value); /* it is shown */
	if (phx_str_eqc(key, "who"))
		h->who = value;
	else if (phx_str_eqc(key, "host"))
		h->host = value;
	else if (phx_str_eqc(key, "machine"))
		h->machine = value;
	else if (phx_str_eqc(key, "boot"))
		h->boot = value;
	else if (phx_str_eqc(key, "started"))
		h->started = value;
	else if (phx_str_eqc(key, "run"))
		h->run = value;
	else if (phx_str_eqc(key, "pid"))
		return phx_parse_u64(value, &h->pid);
	else if (phx_str_eqc(key, "ticks"))
		return phx_parse_u64(value, &h->ticks);
	return true; /* of a later version of phx */
}

bool phx_stack_holder_read(struct phx_arena *a, struct phx_str comment, struct phx_stack_holder *out)
{
	struct phx_stack_holder h = {0};
	struct phx_str pair;

	comment = phx_str_trim(comment);
	if (!phx_str_starts(comment, "phx lock "))
		return false;
	comment = phx_str_from(comment, strlen("phx lock "));
	while (phx_str_cut(&comment, ' ', &pair)) {
		if (!read_word(a, pair, &h))
			return false;
	}
	if (!h.who.len || !h.host.len || !h.started.len || !h.run.len || !h.pid)
		return false;
	*out = h;
	return true;
}

enum phx_holder_state phx_stack_holder_state(const struct phx_stack_holder *holder,
					     const struct phx_stack_holder *self)
{
	struct phx_arena a = {0};
	uint64_t ticks;

	if (phx_str_eq(holder->run, self->run))
		return PHX_HOLDER_SELF;
	if (!phx_str_eq(holder->machine, self->machine) || !holder->machine.len)
		return PHX_HOLDER_ELSEWHERE;
	if (!phx_str_eq(holder->boot, self->boot))
		return PHX_HOLDER_DEAD; /* the machine was started again since */
	ticks = start_ticks(&a, holder->pid);
	phx_arena_done(&a);
	return ticks && ticks == holder->ticks ? PHX_HOLDER_ALIVE : PHX_HOLDER_DEAD;
}

struct phx_str phx_stack_holder_text(struct phx_arena *a, const struct phx_stack_holder *h)
{
	return phx_str_printf(a, PHX_STR_FMT " on " PHX_STR_FMT ", pid %llu, since " PHX_STR_FMT,
			      PHX_STR_ARG(h->who), PHX_STR_ARG(h->host), (unsigned long long)h->pid,
			      PHX_STR_ARG(h->started));
}
