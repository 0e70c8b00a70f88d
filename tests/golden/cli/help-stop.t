-- args --
stop --help
-- stdout --
Usage: phx stop [OPTIONS] GUEST...|all [FILE|DIR...]

shut guests down, in reverse dependency order

What runs and relies on them is named, and nothing is done; --cascade shuts it down first. A guest that does not shut down in time
(`timeouts { stop }`) is a failure: --force switches off at once.

Options:
  --cascade          also the guests that rely on these, or on which these rely
  --force            switch off, without asking the guest to shut down
  -p, --parallel N   actions at the same time (default 8)
  --timeout D        give up after this long (30s, 10m, 2h)
  --journal FILE     where to write the journal
  --keep-going       after a failure go on with what does not depend on it (default)
  --fail-fast        after a failure start nothing new
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
