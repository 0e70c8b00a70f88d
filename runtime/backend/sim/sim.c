/* Opening, serving and closing a simulated cluster. */
#include "backend/sim/sim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/sim/faults.h"
#include "backend/sim/front.h"
#include "backend/sim/lock.h"
#include "backend/sim/power.h"
#include "backend/sim/seed.h"
#include "backend/sim/tables.h"
#include "backend/sim/task.h"
#include "backend/sim/tree.h"
#include "base/sys.h"

const char *phx_sim_url(const struct phx_sim *sim)
{
	return sim->url.ptr;
}

const char *phx_sim_token(const struct phx_sim *sim)
{
	return sim->token.ptr;
}

static bool take_directory(struct phx_sim *s, struct phx_err *err)
{
	if (!phx_make_dirs(s->options.dir, 0700, err))
		return false;
	s->lock_fd =
		open(phx_sim_fmt(&s->arena, "%s/lock", s->options.dir), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock_fd < 0)
		return phx_err_errno(err, errno, "cannot open %s/lock", s->options.dir);
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return phx_err_set(err, PHX_ERR_LOCKED, "another simulator serves %s", s->options.dir);
	(void)unlink(
		phx_sim_fmt(&s->arena, "%s/server.json", s->options.dir)); /* of a server that was killed */
	return true;
}

/* The token that comes with the directory, in state so that it stays the same. */
static void make_token(struct phx_sim *s)
{
	json_t *t = phx_sim_get(s, "token", "root@pam!sim");

	if (t == NULL)
		t = phx_sim_put(
			s, "token", "root@pam!sim",
			json_pack("{s:s, s:i}", "secret", phx_sim_random_secret(&s->arena), "privsep", 0));
	phx_buf_printf(&s->token, "root@pam!sim=%s", phx_sim_so(t, "secret", ""));
}

static bool announce(struct phx_sim *s, struct phx_err *err)
{
	struct phx_buf text = {0};
	struct phx_jw w;
	bool ok;

	phx_jw_init(&w, &text, 2);
	phx_jw_object(&w);
	phx_jw_key(&w, "pid");
	phx_jw_int(&w, (int64_t)getpid());
	phx_jw_key(&w, "url");
	phx_jw_c(&w, s->url.ptr);
	phx_jw_key(&w, "token");
	phx_jw_c(&w, s->token.ptr);
	phx_jw_end_object(&w);
	phx_buf_ch(&text, '\n');
	ok = phx_write_file_atomic(phx_sim_fmt(&s->arena, "%s/server.json", s->options.dir),
				   phx_buf_view(&text), 0600, err);
	phx_buf_done(&text);
	return ok;
}

/* State as it was left: fresh, ended in order, or cut off. */
static bool load_state(struct phx_sim *s, struct phx_err *err)
{
	bool clean;

	if (phx_sim_store_fresh(s)) {
		if (!phx_sim_seed(s, err))
			return false;
		make_token(s);
		return phx_sim_store_compact(s, err);
	}
	make_token(s);
	clean = phx_sim_meta_int(s, "clean", 0) != 0;
	phx_sim_meta_set(s, "clean", json_integer(0));
	phx_sim_task_recover(s, clean);
	if (clean)
		phx_sim_power_recover(s);
	else
		phx_sim_power_loss(s, NULL);
	if (!phx_sim_commit(s)) {
		phx_err_copy(err, &s->failure);
		return false;
	}
	return true;
}

static bool open_all(struct phx_sim *s, struct phx_err *err)
{
	return take_directory(s, err) && phx_sim_log_open(s, err) && phx_sim_store_open(s, err) &&
	       phx_sim_clock_open(s) && phx_sim_locks_open(s) && phx_sim_tables_open(s, err) &&
	       phx_sim_faults_open(s, err) && load_state(s, err) && phx_sim_trees_open(s, err) &&
	       phx_sim_front_open(s, err) && announce(s, err);
}

struct phx_sim *phx_sim_open(const struct phx_sim_options *options, struct phx_err *err)
{
	struct phx_sim *s = calloc(1, sizeof(*s));

	if (s == NULL)
		phx_out_of_memory();
	s->lock_fd = -1;
	s->options = *options;
	s->options.dir = phx_sim_fmt(&s->arena, "%s", options->dir);
	s->options.listen =
		phx_sim_fmt(&s->arena, "%s", options->listen != NULL ? options->listen : "127.0.0.1:0");
	s->options.faults = options->faults != NULL ? phx_sim_fmt(&s->arena, "%s", options->faults) : NULL;
	if (options->guest_root != NULL)
		s->options.guest_root = phx_sim_fmt(&s->arena, "%s", options->guest_root);
	if (open_all(s, err))
		return s;
	s->broken = true; /* nothing more is written */
	phx_sim_close(s);
	return NULL;
}

static bool directory_is_ours(struct phx_sim *s)
{
	struct stat by_name, by_fd;

	return stat(phx_sim_fmt(&s->arena, "%s/lock", s->options.dir), &by_name) == 0 &&
	       fstat(s->lock_fd, &by_fd) == 0 && by_name.st_ino == by_fd.st_ino &&
	       by_name.st_dev == by_fd.st_dev;
}

static bool idle(struct phx_sim *s)
{
	struct phx_sim_front *f = s->front;
	int64_t next;

	if (s->options.idle_s <= 0 || f->npipes > 0 || f->requests > 0 || s->workers != NULL ||
	    phx_sim_procs_busy(s) || phx_sim_clock_next(s, &next)) {
		if (f->npipes > 0 || f->requests > 0 || s->workers != NULL || phx_sim_procs_busy(s))
			f->last_ms = phx_now_ms();
		return false;
	}
	return (double)(phx_now_ms() - f->last_ms) > s->options.idle_s * 1000.0;
}

bool phx_sim_serve(struct phx_sim *s, int stop_fd, struct phx_err *err)
{
	uint64_t checked = phx_now_ms();

	while (!s->stop) {
		int64_t wait = phx_sim_clock_run(s), delayed = phx_sim_http_delayed(s);

		if (delayed >= 0 && (wait < 0 || delayed < wait))
			wait = delayed;

		/* What tasks did between requests is made durable before anybody can see it. */
		if (!phx_sim_commit(s) || phx_sim_front_run(s, wait, stop_fd) || idle(s))
			break;
		if (phx_now_ms() - checked > 1000) {
			checked = phx_now_ms();
			if (!directory_is_ours(s)) {
				s->broken = true;
				s->stop = true;
				return true;
			}
		}
	}
	if (s->broken) {
		phx_err_copy(err, &s->failure);
		return false;
	}
	return true;
}

void phx_sim_close(struct phx_sim *s)
{
	if (s == NULL)
		return;
	phx_sim_front_close(s);
	phx_sim_trees_close(s);
	if (s->store != NULL && s->clock != NULL && !s->broken) {
		struct phx_err ignored = {0};

		phx_sim_meta_set(s, "clock", json_integer(phx_sim_now(s)));
		phx_sim_meta_set(s, "clean", json_integer(1));
		(void)phx_sim_commit(s);
		(void)phx_sim_store_compact(s, &ignored);
		(void)unlink(phx_sim_fmt(&s->arena, "%s/server.json", s->options.dir));
		phx_err_done(&ignored);
	}
	if (s->clock != NULL)
		phx_sim_task_close(s);
	phx_sim_locks_close(s);
	phx_sim_clock_close(s);
	phx_sim_faults_close(s);
	phx_sim_tables_close(s);
	phx_sim_log_close(s);
	phx_sim_store_close(s);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	phx_buf_done(&s->url);
	phx_buf_done(&s->token);
	phx_err_done(&s->failure);
	phx_arena_done(&s->arena);
	free(s);
}
