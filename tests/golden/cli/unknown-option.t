An option that does not exist names the nearest.
-- args --
plan --offlin
-- stderr --
phx: `phx plan` has no option `--offlin`
  hint: did you mean `--offline`?
-- exit --
64
