A code that does not exist.
-- args --
explain PHX9999
-- stderr --
phx: there is no code `PHX9999`
  hint: `phx explain` lists all codes
-- exit --
64
