An option with a value out of its list.
-- args --
graph --format png
-- stderr --
phx: `--format png`: expected one of dot|mermaid|svg|json
-- exit --
64
