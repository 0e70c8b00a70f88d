/* One request as words of a process. */
#include <stdlib.h>
#include <string.h>

#include "backend/pvesh/pvesh_priv.h"
#include "base/sys.h"

/* pvesh itself (Proxmox's bin/pvesh is these two lines), with its words from standard input: their number, then each with a NUL
 * at its end. For what must not stand in the process list, and for what is too long for it. */
static const char by_input[] = "# phx-pvesh\n"
			       "local $/;\n"
			       "my ($n, @words) = split /\\0/, <STDIN>, -1;\n"
			       "pop @words;\n"
			       "die \"phx: standard input was cut off\\n\" if $n != @words;\n"
			       "@ARGV = @words;\n"
			       "open STDIN, '<', '/dev/null';\n"
			       "require PVE::CLI::pvesh;\n"
			       "PVE::CLI::pvesh->run_cli_handler();\n";

typedef PHX_VEC(struct phx_str) phx_words;

struct phx_str phx_pvesh_node(struct phx_arena *a, struct phx_str path)
{
	struct phx_buf name = {0};
	struct phx_str part, s;

	if (!phx_str_starts(path, "/nodes/"))
		return (struct phx_str){0};
	path = phx_str_from(path, strlen("/nodes/"));
	if (!phx_str_cut(&path, '/', &part))
		return (struct phx_str){0};
	phx_buf_unpercent(&name, part);
	s = name.len ? phx_str_dup(a, phx_buf_view(&name)) : (struct phx_str){0};
	phx_buf_done(&name);
	return s;
}

static void words_of(struct phx_pvesh_call *c, phx_words *to)
{
	static const char *const verbs[] = {
		[PHX_GET] = "get", [PHX_POST] = "create", [PHX_PUT] = "set", [PHX_DELETE] = "delete"};
	struct phx_arena *a = &c->arena;
	struct phx_buf path = {0};

	/* pvesh takes the path as it is meant; over HTTP it is percent-encoded. */
	phx_buf_unpercent(&path, c->r.path);
	phx_vec_push(a, to, phx_str_c(verbs[c->r.method]));
	phx_vec_push(a, to, phx_str_dup(a, phx_buf_view(&path)));
	for (uint32_t i = 0; i < c->params.v.n; i++) {
		phx_vec_push(a, to, phx_str_printf(a, "--" PHX_STR_FMT, PHX_STR_ARG(c->params.v.v[i].name)));
		phx_vec_push(a, to, c->params.v.v[i].value);
	}
	if (c->upload.len) {
		phx_vec_push(a, to, PHX_STR("--tmpfilename"));
		phx_vec_push(a, to, c->upload);
	}
	phx_vec_push(a, to, PHX_STR("--output-format"));
	phx_vec_push(a, to, PHX_STR("json"));
	phx_buf_done(&path);
}

static bool holds_secret(const struct phx_pvesh_call *c)
{
	struct phx_buf masked = {0};
	bool secret = false;

	for (uint32_t i = 0; i < c->params.v.n && !secret; i++) {
		struct phx_str value = c->params.v.v[i].value;

		secret = c->params.v.v[i].secret;
		if (!c->pvesh->secrets || secret)
			continue;
		phx_buf_clear(&masked);
		phx_secrets_mask(c->pvesh->secrets, value, &masked);
		secret = !phx_str_eq(phx_buf_view(&masked), value);
	}
	phx_buf_done(&masked);
	return secret;
}

static bool is_long(const phx_words *words)
{
	size_t n = 0;

	for (uint32_t i = 0; i < words->n; i++)
		n += words->v[i].len;
	return n > PVESH_WORD_MAX;
}

static void send_words(struct phx_pvesh_call *c, const phx_words *words,
		       void (*done)(void *user, const struct phx_command_end *end))
{
	struct phx_host_how how = {.keep = PVESH_KEEP, .leave = c->r.method != PHX_GET};
	struct phx_command k = {.node = c->node, .done = done, .user = c};
	struct phx_buf input = {0};
	phx_words all = {0};

	if (holds_secret(c) || is_long(words)) {
		phx_vec_push(&c->arena, &all, PHX_STR("perl"));
		phx_vec_push(&c->arena, &all, PHX_STR("-e"));
		phx_vec_push(&c->arena, &all, phx_str_c(by_input));
		phx_buf_printf(&input, "%u", words->n);
		phx_buf_add(&input, "", 1);
		for (uint32_t i = 0; i < words->n; i++) {
			phx_buf_str(&input, words->v[i]);
			phx_buf_add(&input, "", 1);
		}
		k.input = phx_buf_view(&input);
	} else {
		phx_vec_push(&c->arena, &all, PHX_STR("pvesh"));
		for (uint32_t i = 0; i < words->n; i++)
			phx_vec_push(&c->arena, &all, words->v[i]);
	}
	k.argv = all.v;
	k.argc = all.n;
	k.timeout_ms = c->r.timeout_ms;
	if (!k.timeout_ms && c->r.method == PHX_GET)
		k.timeout_ms = c->pvesh->get_ms;
	c->handle = phx_host_command(c->pvesh->host, &k, &how);
	if (input.ptr)
		explicit_bzero(input.ptr, input.cap);
	phx_buf_done(&input);
}

/* A name like those that the API's own server gives (PVE::API2::Storage::Status wants it so). */
static struct phx_str upload_place(struct phx_pvesh_call *c)
{
	struct phx_str hex;
	struct phx_buf seed = {0};

	phx_buf_printf(&seed, PHX_STR_FMT " %llu %llu %u", PHX_STR_ARG(c->r.upload_path),
		       (unsigned long long)phx_wall_ms(), (unsigned long long)phx_now_ms(),
		       ++c->pvesh->uploads);
	hex = phx_sha256_hex(&c->arena, phx_buf_view(&seed));
	phx_buf_done(&seed);
	return phx_str_printf(&c->arena, "/var/tmp/pveupload-" PHX_STR_FMT,
			      PHX_STR_ARG(phx_str_slice(hex, 0, 32)));
}

static void send_file(struct phx_pvesh_call *c, void (*done)(void *user, const struct phx_command_end *end))
{
	struct phx_str argv[] = {PHX_STR("sh"),
				 PHX_STR("-c"),
				 PHX_STR("umask 077 && cat >\"$1\" || { rm -f \"$1\"; exit 1; }"),
				 PHX_STR("sh"),
				 {0}};
	struct phx_host_how how = {.input_file = c->r.upload_path};
	struct phx_command k = {
		.node = c->node, .argv = argv, .argc = PHX_COUNTOF(argv), .done = done, .user = c};

	c->upload = upload_place(c);
	argv[4] = c->upload;
	c->uploading = true;
	c->handle = phx_host_command(c->pvesh->host, &k, &how);
}

static bool has_param(const struct phx_pvesh_call *c, const char *name)
{
	for (uint32_t i = 0; i < c->params.v.n; i++) {
		if (phx_str_eqc(c->params.v.v[i].name, name))
			return true;
	}
	return false;
}

void phx_pvesh_begin(struct phx_pvesh_call *c, void (*done)(void *user, const struct phx_command_end *end))
{
	phx_words words = {0};

	if (c->r.upload_path.len && !c->upload.len) {
		struct phx_str name = c->r.upload_path;

		while (phx_str_chr(name, '/') >= 0)
			name = phx_str_from(name, (size_t)phx_str_chr(name, '/') + 1);
		if (!has_param(c, "filename"))
			phx_params_add(&c->arena, &c->params, PHX_STR("filename"), name);
		send_file(c, done);
		return;
	}
	c->uploading = false;
	words_of(c, &words);
	send_words(c, &words, done);
}
