Help of phx features.
-- args --
features --help
-- stdout --
Usage: phx features [OPTIONS] [NAME...]

list the features that come with phx, or show some

With a name: its declaration, which says what its parameters mean. A configuration uses one as
`features = [feature.docker(channel = "test")]`.

Options:
  --json          as JSON, with types and defaults of the parameters
  -h, --help      show this text
  --color WHEN    colour: auto|always|never
  --max-errors N  show this many errors, and warnings (default 20; 0: all)
