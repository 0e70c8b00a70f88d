Help of phx completion.
-- args --
completion --help
-- stdout --
Usage: phx completion [OPTIONS] bash|zsh|fish

print a completion script for a shell

Options:
  -h, --help      show this text
  --color WHEN    colour: auto|always|never
  --max-errors N  show this many errors, and warnings (default 20; 0: all)
