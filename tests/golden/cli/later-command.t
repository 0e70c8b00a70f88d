A command of a later version says so.
-- args --
status
-- stderr --
phx: `phx status` is not in this version of phx (0.1.0)
-- exit --
64
