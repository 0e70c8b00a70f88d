Help of phx version.
-- args --
version --help
-- stdout --
Usage: phx version [OPTIONS]

print phx's version, and those of its libraries

Options:
  -h, --help    show this text
  --color WHEN  colour: auto|always|never
