/* All guests' configuration files by one command: a plan asks for each of them, and a pvesh takes most of a second. What is
 * read is used once a question and for a few seconds, and never after the first write. */
#include <stdlib.h>
#include <string.h>

#include "backend/pvesh/conf.h"
#include "backend/pvesh/pvesh_priv.h"
#include "base/sys.h"

enum { FRESH_MS = 10 * 1000 };

static const char read_all[] = "# phx-etc-pve\n"
			       "chdir '/etc/pve/nodes' or die \"/etc/pve/nodes: $!\\n\";\n"
			       "my $n = 0;\n"
			       "binmode STDOUT;\n"
			       "for my $name (sort glob '*/{qemu-server,lxc}/*.conf') {\n"
			       "	open my $f, '<:raw', $name or next;\n"
			       "	local $/;\n"
			       "	my $text = <$f>;\n"
			       "	$text = '' unless defined $text;\n"
			       "	print $name, ' ', length $text, \"\\n\", $text;\n"
			       "	$n++\n"
			       "}\n"
			       "print \"end $n\\n\";\n";

struct phx_etc_file {
	struct phx_str text;
	bool used[2]; /* by enum phx_conf_view */
};

static void drop(struct phx_etc_pve *e, enum phx_etc_state state)
{
	phx_arena_done(&e->arena);
	*e = (struct phx_etc_pve){.state = state};
}

void phx_etc_done(struct phx_pvesh *p)
{
	drop(&p->etc, ETC_UNUSABLE);
}

void phx_etc_forget(struct phx_pvesh *p, bool for_good)
{
	if (p->etc.state == ETC_LOADING)
		p->etc.outdated = true;
	else if (p->etc.state != ETC_UNUSABLE)
		drop(&p->etc, ETC_NONE);
	if (for_good && p->etc.state != ETC_LOADING)
		p->etc.state = ETC_UNUSABLE;
	if (for_good)
		p->etc.for_good = true;
}

/* "NAME LENGTH\n" and the bytes, a file after the other; "end COUNT\n". False: it is not whole. */
static bool take_files(struct phx_etc_pve *e, struct phx_str out)
{
	struct phx_str rest = phx_str_dup(&e->arena, out), line, name;
	uint64_t n;

	while (phx_str_cut(&rest, '\n', &line)) {
		if (!phx_str_cut(&line, ' ', &name) || !phx_parse_u64(line, &n))
			return false;
		if (phx_str_eqc(name, "end"))
			return n == e->files.n && rest.len == 0;
		if (n > rest.len)
			return false;
		struct phx_etc_file *f = PHX_NEW(&e->arena, struct phx_etc_file);

		f->text = phx_str_slice(rest, 0, (size_t)n);
		rest = phx_str_from(rest, (size_t)n);
		phx_map_put(&e->arena, &e->files, name, NULL)->ptr = f;
	}
	return false;
}

/* Whoever waited gets an answer in the next round: from the files, or from pvesh. */
static void loaded(void *user, const struct phx_command_end *end)
{
	struct phx_pvesh *p = user;
	struct phx_etc_pve *e = &p->etc;
	struct phx_pvesh_queue all = p->waiting;
	struct phx_pvesh_call *c;
	bool good = end->err.kind == PHX_ERR_NONE && end->exit_code == 0 && end->signal == 0 && !end->cut &&
		    !e->outdated && !e->for_good;

	p->loading--;
	p->waiting = (struct phx_pvesh_queue){0};
	if (good && take_files(e, end->out)) {
		e->state = ETC_HERE;
		e->read_at = phx_now_ms();
	} else {
		drop(e, e->outdated && !e->for_good ? ETC_NONE : ETC_UNUSABLE);
	}
	/* Before those that came later. */
	while ((c = phx_pvesh_take(&p->ready)))
		phx_pvesh_put(&all, c);
	p->ready = all;
}

static void load(struct phx_pvesh *p)
{
	static const struct phx_host_how how = {.keep = PVESH_KEEP};
	struct phx_str argv[] = {PHX_STR("perl"), PHX_STR("-e"), phx_str_c(read_all)};
	struct phx_command c = {.argv = argv,
				.argc = PHX_COUNTOF(argv),
				.timeout_ms = PVESH_GET_MS,
				.done = loaded,
				.user = p};

	p->etc.state = ETC_LOADING;
	p->loading++;
	(void)phx_host_command(p->host, &c, &how);
}

/* "/nodes/NODE/qemu/ID/config" → "NODE/qemu-server/ID.conf". */
static bool file_of(struct phx_pvesh_call *c, struct phx_str *name, bool *is_vm, enum phx_conf_view *view)
{
	struct phx_str path = c->r.path, part[6];
	uint64_t id;
	int n = 0;

	while (n < 6 && phx_str_cut(&path, '/', &part[n]))
		n++;
	if (n != 6 || path.len || c->params.v.n || c->r.method != PHX_GET || !phx_parse_u64(part[4], &id))
		return false;
	*is_vm = phx_str_eqc(part[3], "qemu");
	*view = phx_str_eqc(part[5], "pending") ? PHX_CONF_PENDING : PHX_CONF_CONFIG;
	if ((!*is_vm && !phx_str_eqc(part[3], "lxc")) ||
	    (*view == PHX_CONF_CONFIG && !phx_str_eqc(part[5], "config")))
		return false;
	*name = phx_str_printf(&c->arena, PHX_STR_FMT "/%s/%llu.conf", PHX_STR_ARG(c->node),
			       *is_vm ? "qemu-server" : "lxc", (unsigned long long)id);
	return true;
}

bool phx_etc_take(struct phx_pvesh_call *c, json_t **out_data)
{
	struct phx_pvesh *p = c->pvesh;
	struct phx_etc_file *f = NULL;
	enum phx_conf_view view;
	struct phx_str name;
	bool is_vm;

	if (p->etc.state == ETC_UNUSABLE || !file_of(c, &name, &is_vm, &view))
		return false;
	if (p->etc.state == ETC_HERE) {
		f = phx_map_get(&p->etc.files, name);
		/* Asked again: whoever asks wants to know what became of it. */
		if ((f && f->used[view]) || phx_now_ms() - p->etc.read_at > FRESH_MS)
			drop(&p->etc, ETC_NONE);
	}
	if (p->etc.state != ETC_HERE) {
		if (p->etc.state == ETC_NONE)
			load(p);
		phx_pvesh_put(&p->waiting, c);
		return true;
	}
	if (!f)
		return false;
	f->used[view] = true;
	*out_data = phx_conf_json(f->text, is_vm, view);
	return *out_data != NULL;
}
