Null where a value is needed.
-- args --
validate main.phx
-- file main.phx --
container web {
  ostemplate = "local:vztmpl/debian-12.tar.zst"
  id = 101
  storage = "local-lvm"
  disk = 8GiB
}
output cores = "${container.web.cores} cores"
-- stderr --
error[PHX0209]: `${}` cannot print null
 --> main.phx:7:19
  |
7 | output cores = "${container.web.cores} cores"
  |                   ^^^^^^^^^^^^^^^^^^^
  |
  = help: `try(…, default)` gives a value where there is none
  = explain: run `phx explain PHX0209`

-- exit --
1
