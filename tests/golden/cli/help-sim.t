Help of phx sim.
-- args --
sim --help
-- stdout --
Usage: phx sim [OPTIONS] serve DIR

serve a simulated Proxmox cluster over its HTTP API

Prints the address and a token. Any Proxmox client may use it. State is kept in DIR; a new DIR gets a lab cluster,
or what DIR/cluster.json describes.

Options:
  --listen HOST:PORT  loopback address to serve on (default 127.0.0.1:0)
  --speed N           simulated seconds a second (default 1; 0: tasks end at once)
  --faults FILE       failures to inject
  --guest-root DIR    a guest's tree of files: commands in guests really run in copies of it
  -h, --help          show this text
  --color WHEN        colour: auto|always|never
  --max-errors N      show this many errors, and warnings (default 20; 0: all)
