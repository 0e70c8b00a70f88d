An address in quotes.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  network { ip = "10.0.0.1/24" }
}
-- stderr --
error[PHX0308]: `ip` takes `dhcp` or an address with its prefix such as `10.0.0.1/24`
 --> main.phx:5:18
  |
5 |   network { ip = "10.0.0.1/24" }
  |                  ^^^^^^^^^^^^^ this is text, because of its quotes
  |
help: write it without quotes: `10.0.0.1/24`
  |
5 |   network { ip = 10.0.0.1/24 }
  |                  ~~~~~~~~~~~
  = explain: run `phx explain PHX0308`

-- exit --
1
