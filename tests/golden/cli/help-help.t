Help of phx help.
-- args --
help --help
-- stdout --
Usage: phx help [OPTIONS] [COMMAND]

this overview, or a command's help

Options:
  -h, --help      show this text
  --color WHEN    colour: auto|always|never
  --max-errors N  show this many errors, and warnings (default 20; 0: all)
