Help of phx plan.
-- args --
plan --help
-- stdout --
Usage: phx plan [OPTIONS] [FILE|DIR...]

show what would be done, exactly, in order

Reads the cluster (never changes it), compares it with the configuration, and prints every change with its reason and effect.
Exit status: 0, or 2 with --detailed-exitcode when there are changes; 3 when a policy denies the plan (it is not saved
then); 1 when it is refused otherwise.

Options:
  -o, --out FILE        save the plan, for `phx apply FILE`
  --detailed-exitcode   exit with 2 when there are changes
  --offline             ask no cluster: everything is a create
  --inventory FILE      plan against what `phx inventory` recorded
  --refresh-only        only what was changed on the cluster since phx wrote it; exit with 2 when anything was
  --permissions         print the least privileges that this configuration needs, as commands
  -p, --parallel N      estimate for this many actions at the same time (default 8)
  --format FORMAT       form of the plan on standard output: text|json|markdown|html|gitlab
  --json                same as --format json
  --markdown FILE       also write it as a comment for a pull request
  --html FILE           also write it as one page that needs no network
  --gitlab FILE         also write GitLab's terraform report
  --max-bytes N         how long the Markdown may be (default 65000)
  --junit FILE          also write a JUnit report: a test case a guest and a policy
  --sarif FILE          also write a SARIF 2.1.0 report, for code scanning and editors
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
