/* --help, the man page and shell completions, all from the tables of opts.h. */
#include "cli/opts.h"

#include <string.h>

static void option_head(const struct phx_opt *o, struct phx_buf *out)
{
	if (o->letter)
		phx_buf_printf(out, "-%c, ", o->letter);
	phx_buf_printf(out, "--%s", o->name);
	if (o->arg)
		phx_buf_printf(out, " %s", o->arg);
}

static size_t option_width(const struct phx_opt *o)
{
	return (o->letter ? 4 : 0) + 2 + strlen(o->name) + (o->arg ? 1 + strlen(o->arg) : 0);
}

static void option_rows(const struct phx_cli_command *c, struct phx_buf *out)
{
	size_t width = 0;

	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++)
			width = option_width(o) > width && option_width(o) <= 28 ? option_width(o) : width;
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++) {
			phx_buf_c(out, "  ");
			option_head(o, out);
			if (option_width(o) > width) {
				phx_buf_ch(out, '\n');
				phx_buf_fill(out, ' ', width + 4);
			} else {
				phx_buf_fill(out, ' ', width - option_width(o) + 2);
			}
			phx_buf_c(out, o->help);
			if (o->words)
				phx_buf_printf(out, ": %s", o->words);
			phx_buf_ch(out, '\n');
		}
}

void phx_help_command(const struct phx_cli_command *c, struct phx_buf *out)
{
	phx_buf_printf(out, "Usage: phx %s [OPTIONS]%s%s\n\n%s\n", c->name, *c->args ? " " : "", c->args,
		       c->summary);
	if (c->text)
		phx_buf_printf(out, "\n%s\n", c->text);
	phx_buf_c(out, "\nOptions:\n");
	option_rows(c, out);
}

void phx_help_overview(const struct phx_cli_command *const *commands, struct phx_buf *out)
{
	phx_buf_c(out, "phx: infrastructure as code for Proxmox VE\n\n"
		       "Usage: phx COMMAND [OPTIONS] [FILE|DIR...]\n\n"
		       "A configuration is one .phx file, a directory of them, or Phoenix JSON files; the "
		       "current directory if none is named.\n\n"
		       "Commands:\n");
	for (; *commands; commands++)
		phx_buf_printf(out, "  %-11s %s\n", (*commands)->name, (*commands)->summary);
	phx_buf_c(
		out,
		"\nA first round, without a cluster:\n"
		"  phx plan  --sim /tmp/lab examples/phoenix     what would be done, on a simulated cluster\n"
		"  phx apply --sim /tmp/lab examples/phoenix     do it; again: no changes\n\n"
		"`phx COMMAND --help` says more; `phx explain PHX0401` explains an error.\n");
}

static void man_text(const char *s, struct phx_buf *out)
{
	bool line_start = true;

	for (; *s; s++) {
		if (*s == '\\')
			phx_buf_c(out, "\\e");
		else if (*s == '-')
			phx_buf_c(out, "\\-");
		else if (line_start && (*s == '.' || *s == '\''))
			phx_buf_printf(out, "\\&%c", *s);
		else
			phx_buf_ch(out, *s);
		line_start = *s == '\n';
	}
}

static void man_command(const struct phx_cli_command *c, struct phx_buf *out)
{
	phx_buf_c(out, ".SS phx ");
	man_text(c->name, out);
	phx_buf_ch(out, ' ');
	man_text(c->args, out);
	phx_buf_ch(out, '\n');
	man_text(c->summary, out);
	phx_buf_c(out, ".\n");
	if (c->text) {
		phx_buf_c(out, ".PP\n");
		man_text(c->text, out);
		phx_buf_ch(out, '\n');
	}
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++) {
			struct phx_buf head = {0};
			option_head(o, &head);
			phx_buf_c(out, ".TP\n\\fB");
			man_text(head.ptr, out);
			phx_buf_c(out, "\\fR\n");
			man_text(o->help, out);
			if (o->words)
				phx_buf_printf(out, ": %s", o->words);
			phx_buf_c(out, ".\n");
			phx_buf_done(&head);
		}
}

void phx_man_page(const struct phx_cli_command *const *commands, struct phx_buf *out)
{
	phx_buf_printf(out,
		       ".TH PHX 1 \"\" \"phx %s\" \"User commands\"\n.SH NAME\nphx \\- infrastructure as "
		       "code for Proxmox VE\n",
		       PHX_VERSION);
	phx_buf_c(out, ".SH SYNOPSIS\n.B phx\n.I COMMAND\n[OPTIONS] [FILE|DIR...]\n.SH DESCRIPTION\n");
	man_text("phx compares a configuration (.phx files, or Phoenix JSON) with the live cluster, shows an "
		 "exact, dependency-ordered plan, and applies it. "
		 "There is no state file: a tag and one comment line in each guest's notes say what phx "
		 "owns.\n",
		 out);
	phx_buf_c(out, ".SH THE CLUSTER\n");
	man_text("A cluster block names an API endpoint with its credentials, or a node that ssh reaches as "
		 "root. As root "
		 "on a node neither is needed: phx asks pvesh there. ssh is the system's: its configuration "
		 "and "
		 "known_hosts count, and nobody is asked for a password.\n",
		 out);
	phx_buf_c(out, ".SH COMMANDS\n");
	for (const struct phx_cli_command *const *c = commands; *c; c++)
		man_command(*c, out);
	phx_buf_c(out, ".SH EXIT STATUS\n");
	static const char *const status[][2] = {
		{"0", "done, or no changes"},
		{"1", "error"},
		{"2", "changes, with plan --detailed-exitcode; differences, with diff"},
		{"3", "a policy refused"},
		{"4", "the saved plan is stale"},
		{"5", "apply failed in part"},
		{"64", "usage"},
		{"70", "a bug in phx"},
		{"130", "interrupted"},
	};
	for (size_t i = 0; i < PHX_COUNTOF(status); i++) {
		phx_buf_printf(out, ".TP\n%s\n", status[i][0]);
		man_text(status[i][1], out);
		phx_buf_c(out, ".\n");
	}
	phx_buf_c(out,
		  ".SH ENVIRONMENT\n.TP\nNO_COLOR\nno colour, even on a terminal.\n.TP\nPHX_ETC\nwhere the "
		  "option tables and explanations are.\n"
		  ".TP\nPHX_PLAN_KEY\na secret of at least 16 bytes: saved plans are signed with it "
		  "(HMAC-SHA256), and "
		  "only plans that it signed are shown or applied.\n"
		  ".TP\nXDG_STATE_HOME\njournals are kept in phx/ below it (default: ~/.local/state).\n");
}

static void bash_options(const struct phx_cli_command *c, struct phx_buf *out)
{
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++)
			phx_buf_printf(out, " --%s", o->name);
}

static void bash_values(const struct phx_cli_command *c, struct phx_buf *out)
{
	for (const struct phx_opt *const *g = c->groups; *g; g++)
		for (const struct phx_opt *o = *g; o->name; o++) {
			if (!o->arg)
				continue;
			phx_buf_printf(out, "\t\t%s:--%s) ", c->name, o->name);
			if (o->words) {
				phx_buf_c(out, "COMPREPLY=($(compgen -W '");
				for (const char *p = o->words; *p; p++)
					phx_buf_ch(out, *p == '|' ? ' ' : *p);
				phx_buf_c(out, "' -- \"$cur\")); return;;\n");
			} else {
				phx_buf_printf(out, "COMPREPLY=($(compgen %s -- \"$cur\")); return;;\n",
					       o->complete == PHX_COMP_DIR    ? "-d"
					       : o->complete == PHX_COMP_FILE ? "-f"
									      : "-W ''");
			}
		}
}

static void completion_bash(const struct phx_cli_command *const *commands, struct phx_buf *out)
{
	phx_buf_c(out, "# bash completion for phx: source <(phx completion bash)\n_phx() {\n"
		       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
		       "cmd=${COMP_WORDS[1]}\n"
		       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (const struct phx_cli_command *const *c = commands; *c; c++)
		phx_buf_printf(out, "%s%s", c == commands ? "" : " ", (*c)->name);
	phx_buf_c(out, "' -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase \"$cmd:$prev\" in\n");
	for (const struct phx_cli_command *const *c = commands; *c; c++)
		bash_values(*c, out);
	phx_buf_c(out, "\tesac\n\tcase \"$cur\" in\n\t-*)\n\t\tcase \"$cmd\" in\n");
	for (const struct phx_cli_command *const *c = commands; *c; c++) {
		phx_buf_printf(out, "\t\t%s) COMPREPLY=($(compgen -W '", (*c)->name);
		bash_options(*c, out);
		phx_buf_c(out, "' -- \"$cur\"));;\n");
	}
	phx_buf_c(out, "\t\tesac;;\n\t*) COMPREPLY=($(compgen -f -- \"$cur\"));;\n\tesac\n}\ncomplete -o "
		       "filenames -F _phx phx\n");
}

/* A description inside single quotes of zsh or fish. */
static void shell_quoted(const char *s, const char *also, struct phx_buf *out)
{
	for (; *s; s++) {
		if (*s == '\'')
			phx_buf_c(out, "'\\''");
		else if (strchr(also, *s))
			phx_buf_printf(out, "\\%c", *s);
		else
			phx_buf_ch(out, *s);
	}
}

static void completion_zsh(const struct phx_cli_command *const *commands, struct phx_buf *out)
{
	phx_buf_c(out, "#compdef phx\n# zsh completion for phx: source <(phx completion zsh)\n_phx() {\n\tif "
		       "(( CURRENT == 2 )); then\n\t\tlocal -a c=(\n");
	for (const struct phx_cli_command *const *c = commands; *c; c++) {
		phx_buf_printf(out, "\t\t\t'%s:", (*c)->name);
		shell_quoted((*c)->summary, ":", out);
		phx_buf_c(out, "'\n");
	}
	phx_buf_c(out, "\t\t)\n\t\t_describe command c\n\t\treturn\n\tfi\n\tcase $words[2] in\n");
	for (const struct phx_cli_command *const *c = commands; *c; c++) {
		phx_buf_printf(out, "\t%s) _arguments", (*c)->name);
		for (const struct phx_opt *const *g = (*c)->groups; *g; g++)
			for (const struct phx_opt *o = *g; o->name; o++) {
				phx_buf_printf(out, " '%s--%s[", o->repeat ? "*" : "", o->name);
				shell_quoted(o->help, "[]:", out);
				phx_buf_printf(out, "]%s%s", o->arg ? ":" : "", o->arg ? o->name : "");
				if (o->arg && o->words) {
					phx_buf_c(out, ":(");
					for (const char *p = o->words; *p; p++)
						phx_buf_ch(out, *p == '|' ? ' ' : *p);
					phx_buf_c(out, ")");
				} else if (o->arg) {
					phx_buf_c(out, o->complete == PHX_COMP_DIR    ? ":_files -/"
						       : o->complete == PHX_COMP_FILE ? ":_files"
										      : ": ");
				}
				phx_buf_c(out, "'");
			}
		phx_buf_c(out, " '*:file:_files';;\n");
	}
	phx_buf_c(out, "\tesac\n}\ncompdef _phx phx\n");
}

static void completion_fish(const struct phx_cli_command *const *commands, struct phx_buf *out)
{
	phx_buf_c(out, "# fish completion for phx: phx completion fish | source\n");
	for (const struct phx_cli_command *const *c = commands; *c; c++) {
		phx_buf_printf(out, "complete -c phx -n __fish_use_subcommand -a %s -d '", (*c)->name);
		shell_quoted((*c)->summary, "", out);
		phx_buf_c(out, "'\n");
		for (const struct phx_opt *const *g = (*c)->groups; *g; g++)
			for (const struct phx_opt *o = *g; o->name; o++) {
				phx_buf_printf(out,
					       "complete -c phx -n '__fish_seen_subcommand_from %s' -l %s",
					       (*c)->name, o->name);
				if (o->letter)
					phx_buf_printf(out, " -s %c", o->letter);
				if (o->arg)
					phx_buf_c(out, " -r");
				if (o->words) {
					phx_buf_c(out, " -f -a '");
					for (const char *p = o->words; *p; p++)
						phx_buf_ch(out, *p == '|' ? ' ' : *p);
					phx_buf_c(out, "'");
				}
				phx_buf_c(out, " -d '");
				shell_quoted(o->help, "", out);
				phx_buf_c(out, "'\n");
			}
	}
}

bool phx_completion(const struct phx_cli_command *const *commands, const char *shell, struct phx_buf *out)
{
	if (strcmp(shell, "bash") == 0)
		completion_bash(commands, out);
	else if (strcmp(shell, "zsh") == 0)
		completion_zsh(commands, out);
	else if (strcmp(shell, "fish") == 0)
		completion_fish(commands, out);
	else
		return false;
	return true;
}
