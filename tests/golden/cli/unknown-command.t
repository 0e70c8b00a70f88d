A command that does not exist names the nearest.
-- args --
paln
-- stderr --
phx: there is no command `paln`
  hint: did you mean `phx plan`?
-- exit --
64
