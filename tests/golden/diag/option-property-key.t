An unknown key in a property string.
-- args --
validate main.phx
-- file main.phx --
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  options { rng0 = "source=/dev/urandom,rate=5" }
}
-- stderr --
error[PHX0422]: `options.rng0` has no key `rate`
 --> main.phx:5:20
  |
5 |   options { rng0 = "source=/dev/urandom,rate=5" }
  |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: there are `max_bytes`, `period`, `source`
  = explain: run `phx explain PHX0422`

-- exit --
1
