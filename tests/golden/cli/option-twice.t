An option given twice.
-- args --
graph --format dot --format json
-- stderr --
phx: `--format` is given twice
-- exit --
64
