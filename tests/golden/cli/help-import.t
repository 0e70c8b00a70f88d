Help of phx import.
-- args --
import --help
-- stdout --
Usage: phx import [OPTIONS] json FILE...

turn Phoenix JSON files into .phx

Nothing is dropped in silence: the report says of every property what became of it.
`import live` (from a cluster) is not in this version.

Options:
  -o, --out FILE    write the .phx text to FILE (default: standard output)
  --report FILE     write what was mapped, kept and dropped to FILE (default: standard error)
  --set NAME=VALUE  give a param its value
  --var-file FILE   read params from FILE (NAME = VALUE lines, or a JSON object)
  --stack NAME      stack of Phoenix JSON files (default: phoenix)
  --ids A..B        ids for guests of the hypervisor JSON file, which gives them none
  --deny WARNING    treat a named warning as an error (`warnings`: all)
  --allow WARNING   do not report a named warning
  -h, --help        show this text
  --color WHEN      colour: auto|always|never
  --max-errors N    show this many errors, and warnings (default 20; 0: all)
