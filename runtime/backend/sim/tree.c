/* The directories of guests that are trees. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/sim/faults.h"
#include "backend/sim/guest.h"
#include "backend/sim/tree_priv.h"
#include "base/sys.h"

bool phx_sim_has_trees(const struct phx_sim *s)
{
	return s->trees != NULL;
}

/* From the command line, or from cluster.json, where it is relative to that file. */
static const char *wanted_base(struct phx_sim *s)
{
	const char *seed = phx_sim_s(phx_sim_get(s, "meta", "meta"), "guest_root");

	if (s->options.guest_root != NULL)
		return s->options.guest_root;
	if (seed == NULL || seed[0] == '/')
		return seed;
	return phx_sim_fmt(&s->arena, "%s/%s", s->options.dir, seed);
}

static bool make_places(struct phx_sim_trees *t, struct phx_arena *a, struct phx_err *err)
{
	return phx_make_dirs(phx_sim_fmt(a, "%s/layers", t->dir), 0755, err) &&
	       phx_make_dirs(phx_sim_fmt(a, "%s/mnt", t->dir), 0755, err);
}

bool phx_sim_trees_open(struct phx_sim *s, struct phx_err *err)
{
	const char *wanted = wanted_base(s);
	struct phx_sim_trees *t;
	char *base, *dir;
	struct stat st;
	bool ok;

	if (wanted == NULL)
		return true;
	base = realpath(wanted, NULL);
	dir = realpath(s->options.dir, NULL);
	if (base == NULL || dir == NULL || lstat(phx_sim_fmt(&s->arena, "%s/bin/sh", base), &st) != 0) {
		ok = phx_err_set(err, PHX_ERR_USAGE,
				 "%s is no tree of a guest's files: there is no bin/sh in it", wanted);
		phx_err_hint(err, "make one with debootstrap, or of a static busybox");
	} else {
		t = calloc(1, sizeof(*t));
		if (t == NULL)
			phx_out_of_memory();
		t->base = phx_sim_fmt(&s->arena, "%s", base);
		t->dir = phx_sim_fmt(&s->arena, "%s/guests", dir);
		s->trees = t;
		phx_sim_meta_set(s, "guest_root", json_string(base));
		ok = make_places(t, &s->arena, err);
	}
	free(base);
	free(dir);
	return ok;
}

void phx_sim_trees_close(struct phx_sim *s)
{
	if (s->trees == NULL)
		return;
	while (s->trees->trees != NULL)
		phx_sim_tree_stop(s, s->trees->trees->vmid);
	while (s->trees->procs != NULL)
		phx_sim_proc_free(s, s->trees->procs);
	free(s->trees);
	s->trees = NULL;
}

struct phx_sim_tree *phx_sim_tree_find(struct phx_sim *s, int64_t vmid)
{
	struct phx_sim_tree *t = s->trees != NULL ? s->trees->trees : NULL;

	while (t != NULL && t->vmid != vmid)
		t = t->next;
	return t;
}

/* The trees under the guest's own, nearest first, down to the first that is a whole copy, or to the base. */
static void stack(struct phx_sim *s, const json_t *g, struct phx_arena *a, struct phx_sim_boot *b)
{
	struct phx_buf lower = {0};
	json_t *layer;
	size_t i;

	b->copy = s->trees->base;
	json_array_foreach(json_object_get(g, "layers"), i, layer)
	{
		const char *name = json_string_value(layer);
		const char *whole = phx_sim_fmt(a, "%s/layers/%s/tree", s->trees->dir, name);

		if (access(whole, F_OK) == 0) {
			b->copy = whole;
			break;
		}
		phx_buf_printf(&lower, "layers/%s/upper:", name);
	}
	phx_buf_c(&lower, b->copy);
	b->lower = phx_sim_fmt(a, "%s", lower.ptr);
	phx_buf_done(&lower);
}

struct phx_sim_tree *phx_sim_tree_of(struct phx_sim *s, json_t *g)
{
	struct phx_sim_tree *t = phx_sim_tree_find(s, phx_sim_guest_id(g));
	struct phx_err err = {0};
	struct phx_arena a = {0};
	struct phx_sim_boot b = {.dir = s->trees->dir};

	if (t != NULL)
		return t;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		phx_out_of_memory();
	*t = (struct phx_sim_tree){.vmid = phx_sim_guest_id(g), .ready_fd = -1, .next = s->trees->trees};
	s->trees->trees = t;
	b.id = phx_sim_fmt(&a, "%lld", (long long)t->vmid);
	b.hostname = phx_sim_guest_name(&a, g);
	b.network = !phx_sim_fault_guest_offline(s, t->vmid);
	stack(s, g, &a, &b);
	if (phx_make_dirs(phx_sim_fmt(&a, "%s/%s/upper", b.dir, b.id), 0755, &err) &&
	    phx_make_dirs(phx_sim_fmt(&a, "%s/%s/work", b.dir, b.id), 0755, &err))
		t->child = phx_sim_tree_boot(&b, &t->ready_fd);
	if (t->child <= 0) {
		t->failed = true;
		phx_buf_printf(&t->said, "cannot start the guest: %s",
			       err.msg.len > 0 ? err.msg.ptr : strerror(errno));
	}
	phx_err_done(&err);
	phx_arena_done(&a);
	return t;
}

void phx_sim_tree_stop(struct phx_sim *s, int64_t vmid)
{
	struct phx_sim_tree *t = phx_sim_tree_find(s, vmid), **at;

	if (t == NULL)
		return;
	for (at = &s->trees->trees; *at != t; at = &(*at)->next)
		;
	*at = t->next;
	/* When its init is gone the kernel has ended all of the guest; the child goes after that. */
	if (t->init > 0)
		(void)kill(t->init, SIGKILL);
	else if (t->child > 0)
		(void)kill(t->child, SIGKILL);
	if (t->child > 0)
		(void)waitpid(t->child, NULL, 0);
	if (t->ready_fd >= 0)
		close(t->ready_fd);
	phx_buf_done(&t->said);
	free(t);
	phx_sim_procs_guest_stopped(s, vmid);
}

/* Twice forked, so that nobody has to wait for it. */
static void remove_tree(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (fork() == 0) {
			phx_sim_tree_close_fds(3);
			execl("/bin/rm", "rm", "-rf", path, (char *)NULL);
		}
		_exit(0);
	}
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
}

void phx_sim_tree_remove(struct phx_sim *s, int64_t vmid)
{
	struct phx_arena a = {0};
	const char *path, *aside;

	if (s->trees == NULL)
		return;
	phx_sim_tree_stop(s, vmid);
	path = phx_sim_fmt(&a, "%s/%lld", s->trees->dir, (long long)vmid);
	aside = phx_sim_fmt(&a, "%s/gone-%lld", s->trees->dir,
			    (long long)phx_sim_meta_count(s, "tree_gone", 1));
	if (rename(path, aside) == 0)
		remove_tree(aside);
	phx_arena_done(&a);
}

/* What the guest changed becomes a layer that is never changed again. */
static void freeze(struct phx_sim *s, json_t *g)
{
	struct phx_arena a = {0};
	const char *layer = phx_sim_fmt(&a, "%lld", (long long)phx_sim_meta_count(s, "tree_layer", 1));
	const char *from = phx_sim_fmt(&a, "%s/%lld", s->trees->dir, (long long)phx_sim_guest_id(g));
	json_t *layers = json_object_get(g, "layers");

	if (rename(from, phx_sim_fmt(&a, "%s/layers/%s", s->trees->dir, layer)) == 0) {
		if (layers == NULL) {
			layers = json_array();
			json_object_set_new(g, "layers", layers);
		}
		json_array_insert_new(layers, 0, json_string(layer));
		phx_sim_guest_dirty(s, g);
	}
	phx_arena_done(&a);
}

void phx_sim_tree_not_restored(struct phx_sim *s, const json_t *g)
{
	if (s->trees != NULL)
		phx_sim_log(s, "tree-not-restored",
			    json_pack("{s:I}", "id", (json_int_t)phx_sim_guest_id(g)));
}

void phx_sim_tree_clone(struct phx_sim *s, json_t *from, json_t *to)
{
	if (s->trees == NULL || from == NULL || to == NULL)
		return;
	if (phx_sim_tree_find(s, phx_sim_guest_id(from)) != NULL)
		phx_sim_log(s, "tree-not-cloned",
			    json_pack("{s:I, s:s}", "id", (json_int_t)phx_sim_guest_id(from), "why",
				      "it runs: the clone gets what it started from"));
	else
		freeze(s, from);
	json_object_set_new(to, "layers", json_deep_copy(json_object_get(from, "layers")));
	if (json_object_get(from, "layers") == NULL)
		json_object_del(to, "layers");
	phx_sim_guest_dirty(s, to);
}
