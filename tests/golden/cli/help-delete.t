-- args --
delete --help
-- stdout --
Usage: phx delete [OPTIONS] GUEST...|all [FILE|DIR...]

delete guests of the stack, with their disks

Shows what goes, volumes by name and size, and asks. What needs them is named, and nothing is done; --cascade deletes it first.
Protected guests refuse. A guest that is still declared is made again by the next apply.

Options:
  -y, --yes             do not ask
  --cascade             also the guests that rely on these, or on which these rely
  -p, --parallel N      actions at the same time (default 8)
  --timeout D           give up after this long (30s, 10m, 2h)
  --journal FILE        where to write the journal
  --keep-going          after a failure go on with what does not depend on it (default)
  --fail-fast           after a failure start nothing new
  -t, --target ADDR     only this resource, and what it depends on
  --exclude ADDR        not this resource, nor what depends on it
  --allow-destroy ADDR  leave to destroy this guest, or its disks
  --adopt ADDR          take over the existing guest that has this resource's id
  --rerun STEP          do this step inside guests again: feature.docker, or vm.web/feature.docker
  --refresh-guests      look inside running guests too: files, shares, checks of features
  --break-locks         take off locks that a dead task left, and remove half-made guests of this stack
  -v, --verbose         show each guest in full, and every call
  --summary             one screen, whatever the plan's size
  --policy NAME         also check this policy of those that phx brings (`standard`: all)
  --policy-dir DIR      also check the policies in DIR/*.phx
  --set NAME=VALUE      give a param its value
  --var-file FILE       read params from FILE (NAME = VALUE lines, or a JSON object)
  --stack NAME          stack of Phoenix JSON files (default: phoenix)
  --ids A..B            ids for guests of the hypervisor JSON file, which gives them none
  --deny WARNING        treat a named warning as an error (`warnings`: all)
  --allow WARNING       do not report a named warning
  --cluster NAME        which cluster block is meant, where there are several
  --sim DIR             use the simulated cluster in DIR (made when missing) in place of the configured one
  --sim-speed N         simulated seconds a second, when this starts the simulated cluster (0: no waiting)
  --sim-faults FILE     faults for the simulated cluster, when this starts it
  --sim-guests DIR      a guest's tree of files: commands in the simulated guests really run in copies of it
  --trace FILE          write one JSON line a request to FILE, secrets redacted
  -h, --help            show this text
  --color WHEN          colour: auto|always|never
  --max-errors N        show this many errors, and warnings (default 20; 0: all)
