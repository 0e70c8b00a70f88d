Help of phx version.
-- args --
version --help
-- stdout --
Usage: phx version [OPTIONS]

print phx's version, and those of its libraries

Options:
  -h, --help      show this text
  --color WHEN    colour: auto|always|never
  --max-errors N  show this many errors, and warnings (default 20; 0: all)
