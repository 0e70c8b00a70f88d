/* The commands and their options. */
#include "cli/cli.h"

const struct phx_opt phx_opts_general[] = {
	{"help", 'h', NULL, "show this text", 0, NULL, false},
	{"color", 0, "WHEN", "colour", 0, "auto|always|never", false},
	{"max-errors", 0, "N", "show this many errors, and warnings (default 20; 0: all)", 0, NULL, false},
	{0},
};

const struct phx_opt phx_opts_config[] = {
	{"set", 0, "NAME=VALUE", "give a param its value", 0, NULL, true},
	{"var-file", 0, "FILE", "read params from FILE (NAME = VALUE lines, or a JSON object)", PHX_COMP_FILE,
	 NULL, true},
	{"stack", 0, "NAME", "stack of Phoenix JSON files (default: phoenix)", 0, NULL, false},
	{"ids", 0, "A..B", "ids for guests of the hypervisor JSON file, which gives them none", 0, NULL,
	 false},
	{"deny", 0, "WARNING", "treat a named warning as an error (`warnings`: all)", 0, NULL, true},
	{"allow", 0, "WARNING", "do not report a named warning", 0, NULL, true},
	{0},
};

const struct phx_opt phx_opts_connect[] = {
	{"cluster", 0, "NAME", "which cluster block is meant, where there are several", 0, NULL, false},
	{"sim", 0, "DIR",
	 "use the simulated cluster in DIR (made when missing) in place of the configured one", PHX_COMP_DIR,
	 NULL, false},
	{"sim-speed", 0, "N",
	 "simulated seconds a second, when this starts the simulated cluster (0: no waiting)", 0, NULL,
	 false},
	{"sim-faults", 0, "FILE", "faults for the simulated cluster, when this starts it", PHX_COMP_FILE,
	 NULL, false},
	{"sim-guests", 0, "DIR",
	 "a guest's tree of files: commands in the simulated guests really run in copies of it", PHX_COMP_DIR,
	 NULL, false},
	{"trace", 0, "FILE", "write one JSON line a request to FILE, secrets redacted", PHX_COMP_FILE, NULL,
	 false},
	{0},
};

const struct phx_opt phx_opts_plan[] = {
	{"target", 't', "ADDR", "only this resource, and what it depends on", PHX_COMP_ADDRESS, NULL, true},
	{"exclude", 0, "ADDR", "not this resource, nor what depends on it", PHX_COMP_ADDRESS, NULL, true},
	{"allow-destroy", 0, "ADDR", "leave to destroy this guest, or its disks", PHX_COMP_ADDRESS, NULL,
	 true},
	{"adopt", 0, "ADDR", "take over the existing guest that has this resource's id", PHX_COMP_ADDRESS,
	 NULL, true},
	{"rerun", 0, "STEP", "do this step inside guests again: feature.docker, or vm.web/feature.docker", 0,
	 NULL, true},
	{"refresh-guests", 0, NULL, "look inside running guests too: files, shares, checks of features", 0,
	 NULL, false},
	{"break-locks", 0, NULL,
	 "take off locks that a dead task left, and remove half-made guests of this stack", 0, NULL, false},
	{"verbose", 'v', NULL, "show each guest in full, and every call", 0, NULL, false},
	{"summary", 0, NULL, "one screen, whatever the plan's size", 0, NULL, false},
	{0},
};

const struct phx_opt phx_opts_policy[] = {
	{"policy", 0, "NAME", "also check this policy of those that phx brings (`standard`: all)", 0, NULL,
	 true},
	{"policy-dir", 0, "DIR", "also check the policies in DIR/*.phx", PHX_COMP_DIR, NULL, true},
	{0},
};

static const struct phx_opt ci_opts[] = {
	{"junit", 0, "FILE", "also write a JUnit report: a test case a guest and a policy", PHX_COMP_FILE,
	 NULL, false},
	{"sarif", 0, "FILE", "also write a SARIF 2.1.0 report, for code scanning and editors", PHX_COMP_FILE,
	 NULL, false},
	{0},
};

/* The forms of a plan: on standard output one, in files as many as are wanted. */
static const struct phx_opt report_opts[] = {
	{"format", 0, "FORMAT", "form of the plan on standard output", 0, "text|json|markdown|html|gitlab",
	 false},
	{"json", 0, NULL, "same as --format json", 0, NULL, false},
	{"markdown", 0, "FILE", "also write it as a comment for a pull request", PHX_COMP_FILE, NULL, false},
	{"html", 0, "FILE", "also write it as one page that needs no network", PHX_COMP_FILE, NULL, false},
	{"gitlab", 0, "FILE", "also write GitLab's terraform report", PHX_COMP_FILE, NULL, false},
	{"max-bytes", 0, "N", "how long the Markdown may be (default 65000)", 0, NULL, false},
	{0},
};

static const struct phx_opt validate_opts[] = {
	{"format", 0, "FORMAT", "form of the diagnostics", 0, "human|short|json|sarif|junit", false},
	{"json", 0, NULL, "same as --format json", 0, NULL, false},
	{"fix", 0, NULL, "apply the corrections that are certain, in place", 0, NULL, false},
	{0},
};

static const struct phx_opt plan_opts[] = {
	{"out", 'o', "FILE", "save the plan, for `phx apply FILE`", PHX_COMP_FILE, NULL, false},
	{"detailed-exitcode", 0, NULL, "exit with 2 when there are changes", 0, NULL, false},
	{"offline", 0, NULL, "ask no cluster: everything is a create", 0, NULL, false},
	{"inventory", 0, "FILE", "plan against what `phx inventory` recorded", PHX_COMP_FILE, NULL, false},
	{"refresh-only", 0, NULL,
	 "only what was changed on the cluster since phx wrote it; exit with 2 when anything was", 0, NULL,
	 false},
	{"permissions", 0, NULL, "print the least privileges that this configuration needs, as commands", 0,
	 NULL, false},
	{"parallel", 'p', "N", "estimate for this many actions at the same time (default 8)", 0, NULL, false},
	{0},
};

static const struct phx_opt apply_opts[] = {
	{"yes", 'y', NULL, "do not ask", 0, NULL, false},
	{"parallel", 'p', "N", "actions at the same time (default 8)", 0, NULL, false},
	{"timeout", 0, "D", "give up after this long (30s, 10m, 2h)", 0, NULL, false},
	{"journal", 0, "FILE", "where to write the journal", PHX_COMP_FILE, NULL, false},
	{"keep-going", 0, NULL, "after a failure go on with what does not depend on it (default)", 0, NULL,
	 false},
	{"fail-fast", 0, NULL, "after a failure start nothing new", 0, NULL, false},
	{0},
};

static const struct phx_opt accept_opts[] = {
	{"accept-drift", 0, "ADDR",
	 "do nothing on the cluster: print what was changed there as a patch of the sources",
	 PHX_COMP_ADDRESS, NULL, true},
	{"write", 0, NULL, "with --accept-drift: edit the sources", 0, NULL, false},
	{"out", 'o', "FILE", "with --accept-drift: write the patch to FILE", PHX_COMP_FILE, NULL, false},
	{0},
};

static const struct phx_opt graph_opts[] = {
	{"format", 0, "FORMAT", "language of the graph (default: dot)", 0, "dot|mermaid|svg|json", false},
	{"out", 'o', "FILE", "write to FILE", PHX_COMP_FILE, NULL, false},
	{0},
};

static const struct phx_opt output_opts[] = {
	{"name", 0, "OUTPUT", "only this one, without quotes", 0, NULL, false},
	{"json", 0, NULL, "as JSON: an object of all, or the value of one", 0, NULL, false},
	{0},
};

static const struct phx_opt fmt_opts[] = {
	{"check", 0, NULL, "change nothing; exit with 1 when a file is not in canonical form", 0, NULL,
	 false},
	{"stdout", 0, NULL, "print in place of rewriting the files", 0, NULL, false},
	{0},
};

static const struct phx_opt inventory_opts[] = {
	{"out", 'o', "FILE", "write to FILE (default: standard output)", PHX_COMP_FILE, NULL, false},
	{0},
};

static const struct phx_opt show_opts[] = {
	{"cloud-init", 0, "ADDR", "what a VM's cloud-init drive will hold, as a configuration declares it",
	 PHX_COMP_ADDRESS, NULL, false},
	{"verbose", 'v', NULL, "show each guest in full, and every call", 0, NULL, false},
	{"summary", 0, NULL, "one screen, whatever the plan's size", 0, NULL, false},
	{0},
};

static const struct phx_opt diff_opts[] = {
	{"format", 0, "FORMAT", "form of the difference", 0, "text|json", false},
	{"json", 0, NULL, "same as --format json", 0, NULL, false},
	{0},
};

static const struct phx_opt doctor_opts[] = {
	{"json", 0, NULL, "the checks as one JSON document", 0, NULL, false},
	{0},
};

static const struct phx_opt import_opts[] = {
	{"out", 'o', "FILE", "write the .phx text to FILE (default: standard output)", PHX_COMP_FILE, NULL,
	 false},
	{"report", 0, "FILE", "write what was mapped, kept and dropped to FILE (default: standard error)",
	 PHX_COMP_FILE, NULL, false},
	{0},
};

static const struct phx_opt unlock_opts[] = {
	{"force", 0, NULL, "also when the holder is alive on this machine", 0, NULL, false},
	{0},
};

static const struct phx_opt features_opts[] = {
	{"json", 0, NULL, "as JSON, with types and defaults of the parameters", 0, NULL, false},
	{0},
};

static const struct phx_opt sim_opts[] = {
	{"listen", 0, "HOST:PORT", "loopback address to serve on (default 127.0.0.1:0)", 0, NULL, false},
	{"speed", 0, "N", "simulated seconds a second (default 1; 0: tasks end at once)", 0, NULL, false},
	{"faults", 0, "FILE", "failures to inject", PHX_COMP_FILE, NULL, false},
	{"guest-root", 0, "DIR", "a guest's tree of files: commands in guests really run in copies of it",
	 PHX_COMP_DIR, NULL, false},
	{0},
};

static const struct phx_opt power_opts[] = {
	{"cascade", 0, NULL, "also the guests that rely on these, or on which these rely", 0, NULL, false},
	{0},
};

static const struct phx_opt stop_opts[] = {
	{"force", 0, NULL, "switch off, without asking the guest to shut down", 0, NULL, false},
	{0},
};

static const struct phx_opt status_opts[] = {
	{"format", 0, "FORMAT", "form of the table", 0, "text|json", false},
	{"json", 0, NULL, "same as --format json", 0, NULL, false},
	{0},
};

static const struct phx_opt run_opts[] = {
	{"parallel", 'p', "N", "actions at the same time (default 8)", 0, NULL, false},
	{"timeout", 0, "D", "give up after this long (30s, 10m, 2h)", 0, NULL, false},
	{"journal", 0, "FILE", "where to write the journal", PHX_COMP_FILE, NULL, false},
	{"keep-going", 0, NULL, "after a failure go on with what does not depend on it (default)", 0, NULL,
	 false},
	{"fail-fast", 0, NULL, "after a failure start nothing new", 0, NULL, false},
	{0},
};

static const struct phx_opt exec_opts[] = {
	{"stdin", 'i', NULL, "give the command this standard input", 0, NULL, false},
	{"timeout", 0, "D", "end it after this long (30s, 10m, 2h; default 30m)", 0, NULL, false},
	{0},
};

static const struct phx_opt logs_opts[] = {
	{"lines", 'n', "N", "the last N lines of each (default 50)", 0, NULL, false},
	{"step", 0, "NAME", "this one only", 0, NULL, false},
	{0},
};

static const struct phx_opt yes_opts[] = {
	{"yes", 'y', NULL, "do not ask", 0, NULL, false},
	{0},
};

static const struct phx_opt *const general[] = {phx_opts_general, NULL};
static const struct phx_opt *const validate_groups[] = {validate_opts,   ci_opts,          phx_opts_policy,
							phx_opts_config, phx_opts_general, NULL};
static const struct phx_opt *const plan_groups[] = {plan_opts,        report_opts,      ci_opts,
						    phx_opts_plan,    phx_opts_policy,  phx_opts_config,
						    phx_opts_connect, phx_opts_general, NULL};
static const struct phx_opt *const apply_groups[] = {
	apply_opts,       phx_opts_plan, phx_opts_policy, phx_opts_config, phx_opts_connect,
	phx_opts_general, NULL};
static const struct phx_opt *const apply_drift_groups[] = {
	apply_opts,      accept_opts,      phx_opts_plan,    phx_opts_policy,
	phx_opts_config, phx_opts_connect, phx_opts_general, NULL};
static const struct phx_opt *const start_groups[] = {power_opts,       run_opts,         phx_opts_config,
						     phx_opts_connect, phx_opts_general, NULL};
static const struct phx_opt *const stop_groups[] = {
	power_opts, stop_opts, run_opts, phx_opts_config, phx_opts_connect, phx_opts_general, NULL};
static const struct phx_opt *const delete_groups[] = {yes_opts,         power_opts,       run_opts,
						      phx_opts_plan,    phx_opts_policy,  phx_opts_config,
						      phx_opts_connect, phx_opts_general, NULL};
static const struct phx_opt *const status_groups[] = {status_opts, phx_opts_config, phx_opts_connect,
						      phx_opts_general, NULL};
static const struct phx_opt *const exec_groups[] = {exec_opts, phx_opts_config, phx_opts_connect,
						    phx_opts_general, NULL};
static const struct phx_opt *const logs_groups[] = {logs_opts, phx_opts_config, phx_opts_connect,
						    phx_opts_general, NULL};
static const struct phx_opt *const graph_groups[] = {graph_opts, phx_opts_config, phx_opts_general, NULL};
static const struct phx_opt *const output_groups[] = {output_opts, phx_opts_config, phx_opts_general, NULL};
static const struct phx_opt *const fmt_groups[] = {fmt_opts, phx_opts_general, NULL};
static const struct phx_opt *const inventory_groups[] = {inventory_opts, phx_opts_config, phx_opts_connect,
							 phx_opts_general, NULL};
static const struct phx_opt *const show_groups[] = {report_opts, show_opts, phx_opts_config, phx_opts_general,
						    NULL};
static const struct phx_opt *const diff_groups[] = {diff_opts, phx_opts_general, NULL};
static const struct phx_opt *const doctor_groups[] = {doctor_opts, phx_opts_config, phx_opts_connect,
						      phx_opts_general, NULL};
static const struct phx_opt *const import_groups[] = {import_opts, phx_opts_config, phx_opts_general, NULL};
static const struct phx_opt *const unlock_groups[] = {unlock_opts, phx_opts_config, phx_opts_connect,
						      phx_opts_general, NULL};
static const struct phx_opt *const features_groups[] = {features_opts, phx_opts_general, NULL};
static const struct phx_opt *const sim_groups[] = {sim_opts, phx_opts_general, NULL};

static const struct phx_cli_command cmd_validate = {
	.name = "validate",
	.args = "[FILE|DIR...]",
	.summary = "check a configuration without asking any cluster",
	.text = "Finds syntax and type errors, unknown and duplicate names, cycles, missing files and values "
		"outside "
		"Proxmox's limits,\n"
		"all in one run. Needs neither the environment nor parameter values. Exit status: 0, 1, or 3 "
		"when "
		"only "
		"a policy refuses.",
	.groups = validate_groups,
	.run = phx_cmd_validate,
};
static const struct phx_cli_command cmd_plan = {
	.name = "plan",
	.args = "[FILE|DIR...]",
	.summary = "show what would be done, exactly, in order",
	.text = "Reads the cluster (never changes it), compares it with the configuration, and prints every "
		"change "
		"with its reason and effect.\n"
		"Exit status: 0, or 2 with --detailed-exitcode when there are changes; 3 when a policy "
		"denies the "
		"plan "
		"(it is not saved\n"
		"then); 1 when it is refused otherwise.",
	.groups = plan_groups,
	.run = phx_cmd_plan,
};
static const struct phx_cli_command cmd_apply = {
	.name = "apply",
	.args = "[FILE|DIR... | PLAN]",
	.summary = "make the cluster as the configuration says",
	.text = "Plans, shows the plan, asks, and does it. Given a saved plan it does exactly that, or "
		"refuses when "
		"the cluster or the\n"
		"sources have changed since (exit 4). Ctrl-C once: what runs is finished, nothing new is "
		"started; "
		"twice: stop now.\n"
		"Exit status 3: a policy denies it, and nothing was done; 5: failed in part, the same "
		"command goes "
		"on "
		"from there.",
	.groups = apply_drift_groups,
	.run = phx_cmd_apply,
};
static const struct phx_cli_command cmd_destroy = {
	.name = "destroy",
	.args = "[FILE|DIR...]",
	.summary = "delete every guest that the stack owns",
	.text = "Guests are stopped and deleted in reverse dependency order; "
		"the plan names every volume that goes, and asks.\n"
		"Protected guests refuse: then nothing is done.",
	.groups = apply_groups,
	.run = phx_cmd_destroy,
};
static const struct phx_cli_command cmd_status = {
	.name = "status",
	.args = "[GUEST...] [FILE|DIR...]",
	.summary = "what each guest is and does now, and how far it is from its declaration",
	.text = "Guests are named by address (vm.web), id or name; without any, all of the stack are shown. "
		"Reads "
		"only.",
	.groups = status_groups,
	.run = phx_cmd_status,
	.exact_power = true,
};
static const struct phx_cli_command cmd_start = {
	.name = "start",
	.args = "GUEST...|all [FILE|DIR...]",
	.summary = "start guests, in dependency and boot order",
	.text = "Guests are named by address (vm.web), id or name. A guest that relies on one that does not "
		"run is "
		"refused, and named; "
		"--cascade\n"
		"starts that one first. A guest is started when its agent answers, where it has one.",
	.groups = start_groups,
	.run = phx_cmd_start,
	.exact_power = true,
};
static const struct phx_cli_command cmd_stop = {
	.name = "stop",
	.args = "GUEST...|all [FILE|DIR...]",
	.summary = "shut guests down, in reverse dependency order",
	.text = "What runs and relies on them is named, and nothing is done; --cascade shuts it down first. "
		"A guest "
		"that does not shut down in "
		"time\n"
		"(`timeouts { stop }`) is a failure: --force switches off at once.",
	.groups = stop_groups,
	.run = phx_cmd_stop,
	.exact_power = true,
};
static const struct phx_cli_command cmd_restart = {
	.name = "restart",
	.args = "GUEST...|all [FILE|DIR...]",
	.summary = "shut guests down and start them again, in order",
	.text = "Down in reverse dependency order, up in dependency and boot order. What runs and relies on "
		"them is "
		"named, and nothing is done;\n"
		"--cascade restarts it too.",
	.groups = stop_groups,
	.run = phx_cmd_restart,
	.exact_power = true,
};
static const struct phx_cli_command cmd_delete = {
	.name = "delete",
	.args = "GUEST...|all [FILE|DIR...]",
	.summary = "delete guests of the stack, with their disks",
	.text = "Shows what goes, volumes by name and size, and asks. What needs them is named, and nothing "
		"is done; "
		"--cascade deletes it "
		"first.\n"
		"Protected guests refuse. A guest that is still declared is made again by the next apply.",
	.groups = delete_groups,
	.run = phx_cmd_delete,
	.names_dependants = true,
};
static const struct phx_cli_command cmd_converge = {
	.name = "converge",
	.args = "GUEST...|all [FILE|DIR...]",
	.summary = "apply just these guests, and what they depend on",
	.text = "The same as `phx apply --target` for each of them.",
	.groups = apply_groups,
	.run = phx_cmd_converge,
};
static const struct phx_cli_command cmd_exec = {
	.name = "exec",
	.args = "GUEST [FILE|DIR...] -- COMMAND [ARG...]",
	.summary = "run a command inside a guest, as root",
	.text = "By the guest agent of a VM, by pct on the node for a container. Its output is printed as it "
		"comes, "
		"and its exit status is that of "
		"phx.\n"
		"Ctrl-C ends it in the guest too, with all its processes; so does a reader of the output "
		"that goes away.\n"
		"The words after `--` are passed on as they are: no shell reads them (`-- sh -c '…'` asks "
		"for one).",
	.groups = exec_groups,
	.run = phx_cmd_exec,
	.exact_power = true,
};
static const struct phx_cli_command cmd_logs = {
	.name = "logs",
	.args = "GUEST [FILE|DIR...]",
	.summary = "what phx ran inside a guest, and what that printed",
	.text = "The logs stand in the guest, below /var/log/phx: one for "
		"each feature, file, mount and script, kept from run to run.",
	.groups = logs_groups,
	.run = phx_cmd_logs,
	.exact_power = true,
};
static const struct phx_cli_command cmd_graph = {
	.name = "graph",
	.args = "[FILE|DIR...]",
	.summary = "draw the resource graph",
	.text = "svg is made with Graphviz (`dot`), which must be installed.",
	.groups = graph_groups,
	.run = phx_cmd_graph,
};
static const struct phx_cli_command cmd_output = {
	.name = "output",
	.args = "[FILE|DIR...]",
	.summary = "print the outputs of a configuration",
	.text = "Asks no cluster. A secret reads (secret), as wherever phx prints. `phx plan` and `phx "
		"apply` print them too.",
	.groups = output_groups,
	.run = phx_cmd_output,
	.without_cluster = true,
};
static const struct phx_cli_command cmd_fmt = {
	.name = "fmt",
	.args = "[FILE|DIR...]",
	.summary = "bring .phx files into canonical form",
	.text = "Comments are kept. `-` reads standard input and prints.",
	.groups = fmt_groups,
	.run = phx_cmd_fmt,
};
static const struct phx_cli_command cmd_show = {
	.name = "show",
	.args = "PLAN | --cloud-init ADDR [FILE|DIR...]",
	.summary = "print a saved plan, in any form, or a VM's cloud-init data",
	.text = "Verifies the plan file's checksum first, and its signature when PHX_PLAN_KEY is set.\n"
		"--cloud-init prints what the API's options say and the "
		"documents that phx makes beside them, without asking "
		"a cluster;\n"
		"secrets are masked.",
	.groups = show_groups,
	.run = phx_cmd_show,
};
static const struct phx_cli_command cmd_diff = {
	.name = "diff",
	.args = "A B",
	.summary = "compare two saved plans",
	.text = "Which changes appeared, vanished or differ, and which "
		"inputs. Exit status: 0 when both do the same, 2 when not.",
	.groups = diff_groups,
	.run = phx_cmd_diff,
};
static const struct phx_cli_command cmd_inventory = {
	.name = "inventory",
	.args = "[FILE|DIR...]",
	.summary = "record what the cluster looks like, without secrets",
	.text = "`phx plan --inventory FILE` plans from the record, without credentials.",
	.groups = inventory_groups,
	.run = phx_cmd_inventory,
};
static const struct phx_cli_command cmd_import = {
	.name = "import",
	.args = "json FILE...",
	.summary = "turn Phoenix JSON files into .phx",
	.text = "Nothing is dropped in silence: the report says of every property what became of it.\n"
		"`import live` (from a cluster) is not in this version.",
	.groups = import_groups,
	.run = phx_cmd_import,
	.converts = true,
};
static const struct phx_cli_command cmd_unlock = {
	.name = "unlock",
	.args = "[FILE|DIR...]",
	.summary = "remove the stack's lock, and say who held it",
	.text = "Only when the apply that took it is surely dead: two at once could undo each other's work.",
	.groups = unlock_groups,
	.run = phx_cmd_unlock,
};
static const struct phx_cli_command cmd_sim = {
	.name = "sim",
	.args = "serve DIR",
	.summary = "serve a simulated Proxmox cluster over its HTTP API",
	.text = "Prints the address and a token. Any Proxmox client may use it. "
		"State is kept in DIR; a new DIR gets a lab cluster,\n"
		"or what DIR/cluster.json describes.",
	.groups = sim_groups,
	.run = phx_cmd_sim,
};
static const struct phx_cli_command cmd_doctor = {
	.name = "doctor",
	.args = "[FILE|DIR...]",
	.summary = "look whether everything is there that a configuration needs",
	.text = "Connection, TLS, clocks, version, privileges, nodes, storages, bridges, the way into "
		"containers: "
		"each with ok, a "
		"warning,\n"
		"or what to do. Changes nothing. Exit status: 1 when something is missing.",
	.groups = doctor_groups,
	.run = phx_cmd_doctor,
};
static const struct phx_cli_command cmd_explain = {
	.name = "explain",
	.args = "CODE",
	.summary = "explain an error or warning",
	.text = "Without a code: lists them all.",
	.groups = general,
	.run = phx_cmd_explain,
};
static const struct phx_cli_command cmd_features = {
	.name = "features",
	.args = "[NAME...]",
	.summary = "list the features that come with phx, or show some",
	.text = "With a name: its declaration, which says what its parameters mean. A configuration uses one "
		"as\n"
		"`features = [feature.docker(channel = \"test\")]`.",
	.groups = features_groups,
	.run = phx_cmd_features,
};
static const struct phx_cli_command cmd_completion = {
	.name = "completion",
	.args = "bash|zsh|fish",
	.summary = "print a completion script for a shell",
	.text = NULL,
	.groups = general,
	.run = phx_cmd_completion,
};
static const struct phx_cli_command cmd_version = {
	.name = "version",
	.args = "",
	.summary = "print phx's version, and those of its libraries",
	.text = NULL,
	.groups = general,
	.run = phx_cmd_version,
};
static const struct phx_cli_command cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "this overview, or a command's help",
	.text = NULL,
	.groups = general,
	.run = phx_cmd_help,
};

/* In the order of the overview. */
const struct phx_cli_command *const phx_commands[] = {
	/* clang-format off */
	&cmd_validate,
	&cmd_plan,
	&cmd_apply,
	&cmd_destroy,
	&cmd_status,
	&cmd_start,
	&cmd_stop,
	&cmd_restart,
	&cmd_delete,
	&cmd_converge,
	&cmd_exec,
	&cmd_logs,
	&cmd_doctor,
	&cmd_graph,
	&cmd_output,
	&cmd_fmt,
	&cmd_show,
	&cmd_diff,
	&cmd_inventory,
	&cmd_import,
	&cmd_unlock,
	&cmd_sim,
	&cmd_explain,
	&cmd_features,
	&cmd_completion,
	&cmd_version,
	&cmd_help,
	NULL,
	/* clang-format on */
};
