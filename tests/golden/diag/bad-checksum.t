A checksum of the wrong length.
-- args --
validate main.phx
-- file main.phx --
image noble {
  url = "https://images.test/a.qcow2"
  storage = "local"
  checksum = "sha256:abc"
}
-- stderr --
error[PHX0436]: this is no sha256 checksum
 --> main.phx:4:14
  |
4 |   checksum = "sha256:abc"
  |              ^^^^^^^^^^^^
  |
  = note: sha256 has 64 hexadecimal digits, here are 3 characters
  = explain: run `phx explain PHX0436`

-- exit --
1
