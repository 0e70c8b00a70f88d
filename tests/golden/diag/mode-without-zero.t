A file mode without its zero.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  file "/etc/motd" {
    content = "x"
    mode = 644
  }
}
-- stderr --
error[PHX0322]: `mode` is octal and begins with a zero: `0644`
 --> main.phx:7:12
  |
7 |     mode = 644
  |            ^^^ this is decimal
  |
help: replace it so
  |
7 |     mode = 0644
  |            ~~~~
  = explain: run `phx explain PHX0322`

-- exit --
1
