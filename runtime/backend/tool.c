#include "backend/tool.h"

#include "backend/errors.h"
#include "base/json.h"

/* Recordings cli/045, 046, 097, 099. */
static const struct {
	const char *program, *verb, *noun; /* noun NULL: none */
} quiet_failures[] = {
	{"qm", "resize", NULL},
	{"qm", "disk", "resize"},
	{"pct", "push", NULL},
	{"pct", "pull", NULL},
};

static bool word(const struct phx_str *argv, uint32_t argc, uint32_t i, const char *text)
{
	return i < argc && phx_str_eqc(argv[i], text);
}

static bool fails_quietly(const struct phx_str *argv, uint32_t argc)
{
	for (size_t i = 0; i < PHX_COUNTOF(quiet_failures); i++) {
		if (word(argv, argc, 0, quiet_failures[i].program) &&
		    word(argv, argc, 1, quiet_failures[i].verb) &&
		    (!quiet_failures[i].noun || word(argv, argc, 2, quiet_failures[i].noun)))
			return true;
	}
	return false;
}

static void describe(const struct phx_str *argv, uint32_t argc, struct phx_buf *out)
{
	for (uint32_t i = 0; i < argc && i < 4; i++) {
		if (i)
			phx_buf_ch(out, ' ');
		phx_buf_printable(out, argv[i]);
	}
	if (argc > 4)
		phx_buf_c(out, " …");
}

/* Proxmox ends its usage after the message; both parts of the message are kept. */
static struct phx_str without_usage(struct phx_str text, const struct phx_str *argv, struct phx_buf *out)
{
	struct phx_str line;
	struct phx_buf usage = {0};

	phx_buf_str(&usage, argv[0]);
	phx_buf_ch(&usage, ' ');
	while (phx_str_cut(&text, '\n', &line)) {
		if (phx_str_trim(line).len && !phx_str_starts(line, usage.ptr))
			phx_buf_printf(out, PHX_STR_FMT "\n", PHX_STR_ARG(line));
	}
	phx_buf_done(&usage);
	return phx_buf_view(out);
}

static bool failed(const struct phx_str *argv, uint32_t argc, const struct phx_command_end *end,
		   struct phx_err *err)
{
	struct phx_err_context c = {.identity = PHX_STR("root@pam")};
	struct phx_buf what = {0}, said = {0};
	struct phx_str text =
		without_usage(phx_str_trim(end->err_out).len ? end->err_out : end->out, argv, &said);

	describe(argv, argc, &what);
	if (phx_str_trim(text).len)
		phx_err_from_text(err, PHX_ERR_SERVER, 0, text, &c);
	else
		phx_err_set(err, PHX_ERR_SERVER, "it says nothing");
	err->status = 0;
	if (end->signal)
		phx_err_wrap(err, "`" PHX_STR_FMT "` was ended by signal %d",
			     PHX_STR_ARG(phx_buf_view(&what)), end->signal);
	else if (end->exit_code)
		phx_err_wrap(err, "`" PHX_STR_FMT "` ended with exit code %d",
			     PHX_STR_ARG(phx_buf_view(&what)), end->exit_code);
	else
		phx_err_wrap(err, "`" PHX_STR_FMT "` failed", PHX_STR_ARG(phx_buf_view(&what)));
	phx_buf_done(&what);
	phx_buf_done(&said);
	return false;
}

/* {"exitcode": 3, "exited": 1, "out-data": …}; {"signal": 9, "exited": 1}; only {"pid": N} when it still runs (065 to 069). */
static bool guest_exec_ok(const struct phx_command_end *end, struct phx_err *err)
{
	struct phx_err why = {0};
	json_t *doc = phx_json_parse(end->out, "qm guest exec", &why);
	bool ok = false;

	if (!json_is_object(doc))
		phx_err_set(err, PHX_ERR_DATA, "`qm guest exec` printed no JSON%s%s", why.msg.len ? ": " : "",
			    why.msg.len ? why.msg.ptr : "");
	else if (!phx_json_bool(doc, "exited", false))
		phx_err_set(err, PHX_ERR_TIMEOUT, "the command in the guest still runs (pid %lld)",
			    (long long)phx_json_int(doc, "pid", 0));
	else if (phx_json_get(doc, "signal"))
		phx_err_set(err, PHX_ERR_SERVER, "the command in the guest was ended by signal %lld",
			    (long long)phx_json_int(doc, "signal", 0));
	else if (phx_json_int(doc, "exitcode", -1) != 0)
		phx_err_set(err, PHX_ERR_SERVER, "the command in the guest ended with exit code %lld",
			    (long long)phx_json_int(doc, "exitcode", -1));
	else
		ok = true;
	json_decref(doc);
	phx_err_done(&why);
	return ok;
}

bool phx_tool_ok(const struct phx_str *argv, uint32_t argc, const struct phx_command_end *end,
		 struct phx_err *err)
{
	if (end->err.kind != PHX_ERR_NONE) {
		struct phx_buf what = {0};

		phx_err_copy(err, &end->err);
		describe(argv, argc, &what);
		if (err->kind == PHX_ERR_TIMEOUT)
			phx_err_wrap(err, "`" PHX_STR_FMT "`", PHX_STR_ARG(phx_buf_view(&what)));
		phx_buf_done(&what);
		return false;
	}
	if (end->exit_code || end->signal || (fails_quietly(argv, argc) && phx_str_trim(end->err_out).len))
		return failed(argv, argc, end, err);
	if (word(argv, argc, 0, "qm") && word(argv, argc, 1, "guest") && word(argv, argc, 2, "exec"))
		return guest_exec_ok(end, err);
	return true;
}
