Help of phx fmt.
-- args --
fmt --help
-- stdout --
Usage: phx fmt [OPTIONS] [FILE|DIR...]

bring .phx files into canonical form

Comments are kept. `-` reads standard input and prints.

Options:
  --check         change nothing; exit with 1 when a file is not in canonical form
  --stdout        print in place of rewriting the files
  -h, --help      show this text
  --color WHEN    colour: auto|always|never
  --max-errors N  show this many errors, and warnings (default 20; 0: all)
