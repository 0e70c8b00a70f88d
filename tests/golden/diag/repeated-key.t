A key stands twice in an object.
-- args --
validate main.phx
-- file main.phx --
let sizes = { web = 4GiB, web = 8GiB }
-- stderr --
error[PHX0222]: the key `web` stands twice
 --> main.phx:1:27
  |
1 | let sizes = { web = 4GiB, web = 8GiB }
  |               ---         ^^^ again here
  |               |
  |               first here
  |
  = explain: run `phx explain PHX0222`

-- exit --
1
