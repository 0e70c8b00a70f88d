A command of a later version says so.
-- args --
console
-- stderr --
phx: `phx console` is not in this version of phx (0.1.0)
-- exit --
64
