Help of phx show.
-- args --
show --help
-- stdout --
Usage: phx show [OPTIONS] PLAN

print a saved plan

Verifies the file's checksum first.

Options:
  --format FORMAT  form of the plan: text|json
  -h, --help       show this text
  --color WHEN     colour: auto|always|never
