Help of phx apply.
-- args --
apply --help
-- stdout --
Usage: phx apply [OPTIONS] [FILE|DIR... | PLAN]

make the cluster as the configuration says

Plans, shows the plan, asks, and does it. Given a saved plan it does exactly that, or refuses when the cluster or the
sources have changed since (exit 4). Ctrl-C once: what runs is finished, nothing new is started; twice: stop now.
Exit status 3: a policy denies it, and nothing was done; 5: failed in part, the same command goes on from there.

Options:
  -y, --yes             do not ask
  -p, --parallel N      actions at the same time (default 8)
  --timeout D           give up after this long (30s, 10m, 2h)
  --journal FILE        where to write the journal
  --keep-going          after a failure go on with what does not depend on it (default)
  --fail-fast           after a failure start nothing new
  --accept-drift ADDR   do nothing on the cluster: print what was changed there as a patch of the sources
  --write               with --accept-drift: edit the sources
  -o, --out FILE        with --accept-drift: write the patch to FILE
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
