A number in quotes.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  cores = "4"
}
-- stderr --
error[PHX0308]: `cores` takes an int
 --> main.phx:5:11
  |
5 |   cores = "4"
  |           ^^^ this is text, because of its quotes
  |
help: write it without quotes: `4`
  |
5 |   cores = 4
  |           ~
  = explain: run `phx explain PHX0308`

-- exit --
1
