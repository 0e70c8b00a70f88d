Help of phx graph.
-- args --
graph --help
-- stdout --
Usage: phx graph [OPTIONS] [FILE|DIR...]

draw the resource graph

svg is made with Graphviz (`dot`), which must be installed.

Options:
  --format FORMAT   language of the graph (default: dot): dot|mermaid|svg|json
  -o, --out FILE    write to FILE
  --set NAME=VALUE  give a param its value
  --var-file FILE   read params from FILE (NAME = VALUE lines, or a JSON object)
  --stack NAME      stack of Phoenix JSON files (default: phoenix)
  --ids A..B        ids for guests of the hypervisor JSON file, which gives them none
  --deny WARNING    treat a named warning as an error (`warnings`: all)
  --allow WARNING   do not report a named warning
  -h, --help        show this text
  --color WHEN      colour: auto|always|never
  --max-errors N    show this many errors, and warnings (default 20; 0: all)
