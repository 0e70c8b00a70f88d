Help of phx diff.
-- args --
diff --help
-- stdout --
Usage: phx diff [OPTIONS] A B

compare two saved plans

Which changes appeared, vanished or differ, and which inputs. Exit status: 0 when both do the same, 2 when not.

Options:
  --format FORMAT  form of the difference: text|json
  --json           same as --format json
  -h, --help       show this text
  --color WHEN     colour: auto|always|never
  --max-errors N   show this many errors, and warnings (default 20; 0: all)
