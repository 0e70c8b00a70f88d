Help of phx show.
-- args --
show --help
-- stdout --
Usage: phx show [OPTIONS] PLAN | --cloud-init ADDR [FILE|DIR...]

print a saved plan, in any form, or a VM's cloud-init data

Verifies the plan file's checksum first, and its signature when PHX_PLAN_KEY is set.
--cloud-init prints what the API's options say and the documents that phx makes beside them, without asking a cluster;
secrets are masked.

Options:
  --format FORMAT    form of the plan on standard output: text|json|markdown|html|gitlab
  --json             same as --format json
  --markdown FILE    also write it as a comment for a pull request
  --html FILE        also write it as one page that needs no network
  --gitlab FILE      also write GitLab's terraform report
  --max-bytes N      how long the Markdown may be (default 65000)
  --cloud-init ADDR  what a VM's cloud-init drive will hold, as a configuration declares it
  -v, --verbose      show each guest in full, and every call
  --summary          one screen, whatever the plan's size
  --set NAME=VALUE   give a param its value
  --var-file FILE    read params from FILE (NAME = VALUE lines, or a JSON object)
  --stack NAME       stack of Phoenix JSON files (default: phoenix)
  --ids A..B         ids for guests of the hypervisor JSON file, which gives them none
  --deny WARNING     treat a named warning as an error (`warnings`: all)
  --allow WARNING    do not report a named warning
  -h, --help         show this text
  --color WHEN       colour: auto|always|never
  --max-errors N     show this many errors, and warnings (default 20; 0: all)
