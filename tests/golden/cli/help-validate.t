Help of phx validate.
-- args --
validate --help
-- stdout --
Usage: phx validate [OPTIONS] [FILE|DIR...]

check a configuration without asking any cluster

Finds syntax and type errors, unknown and duplicate names, cycles, missing files and values outside Proxmox's limits,
all in one run. Needs neither the environment nor parameter values. Exit status: 0, 1, or 3 when only a policy refuses.

Options:
  --format FORMAT   form of the diagnostics: human|short|json|sarif|junit
  --json            same as --format json
  --fix             apply the corrections that are certain, in place
  --junit FILE      also write a JUnit report: a test case a guest and a policy
  --sarif FILE      also write a SARIF 2.1.0 report, for code scanning and editors
  --policy NAME     also check this policy of those that phx brings (`standard`: all)
  --policy-dir DIR  also check the policies in DIR/*.phx
  --set NAME=VALUE  give a param its value
  --var-file FILE   read params from FILE (NAME = VALUE lines, or a JSON object)
  --stack NAME      stack of Phoenix JSON files (default: phoenix)
  --ids A..B        ids for guests of the hypervisor JSON file, which gives them none
  --deny WARNING    treat a named warning as an error (`warnings`: all)
  --allow WARNING   do not report a named warning
  -h, --help        show this text
  --color WHEN      colour: auto|always|never
  --max-errors N    show this many errors, and warnings (default 20; 0: all)
