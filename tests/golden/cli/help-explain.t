Help of phx explain.
-- args --
explain --help
-- stdout --
Usage: phx explain [OPTIONS] CODE

explain an error or warning

Without a code: lists them all.

Options:
  -h, --help      show this text
  --color WHEN    colour: auto|always|never
  --max-errors N  show this many errors, and warnings (default 20; 0: all)
