An option without its value.
-- args --
plan --set
-- stderr --
phx: `--set` needs a value: --set NAME=VALUE
-- exit --
64
