-- args --
exec --help
-- stdout --
Usage: phx exec [OPTIONS] GUEST [FILE|DIR...] -- COMMAND [ARG...]

run a command inside a guest, as root

By the guest agent of a VM, by pct on the node for a container. Its output is printed as it comes, and its exit status is that of phx.
Ctrl-C ends it in the guest too, with all its processes; so does a reader of the output that goes away.
The words after `--` are passed on as they are: no shell reads them (`-- sh -c '…'` asks for one).

Options:
  -i, --stdin        give the command this standard input
  --timeout D        end it after this long (30s, 10m, 2h; default 30m)
  --set NAME=VALUE   give a param its value
  --var-file FILE    read params from FILE (NAME = VALUE lines, or a JSON object)
  --stack NAME       stack of Phoenix JSON files (default: phoenix)
  --ids A..B         ids for guests of the hypervisor JSON file, which gives them none
  --deny WARNING     treat a named warning as an error (`warnings`: all)
  --allow WARNING    do not report a named warning
  --cluster NAME     which cluster block is meant, where there are several
  --sim DIR          use the simulated cluster in DIR (made when missing) in place of the configured one
  --sim-speed N      simulated seconds a second, when this starts the simulated cluster (0: no waiting)
  --sim-faults FILE  faults for the simulated cluster, when this starts it
  --sim-guests DIR   a guest's tree of files: commands in the simulated guests really run in copies of it
  --trace FILE       write one JSON line a request to FILE, secrets redacted
  -h, --help         show this text
  --color WHEN       colour: auto|always|never
  --max-errors N     show this many errors, and warnings (default 20; 0: all)
