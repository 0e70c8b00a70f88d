`all` is not one word among others: whoever names guests beside it meant something else.
-- args --
stop all web main.phx
restart web all main.phx
-- file main.phx --
stack "t"
vm web { id = 101; disk = 8GiB; storage = "local-lvm" }
-- stderr --
phx: `all` stands alone: it is beside `web`
  hint: say `all`, or name the guests
phx: `all` stands alone: it is beside `web`
  hint: say `all`, or name the guests
-- exit --
64
64
