An unset environment variable, in plan.
-- args --
plan --offline main.phx
-- file main.phx --
stack "t"
let a = env("PHX_NOT_SET")
output x = a
-- stdout --
Stack t, planned without a cluster: everything is new

No changes. 0 resources are as declared.
