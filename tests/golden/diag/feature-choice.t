A feature of whose parameters exactly one is to be given: none, an empty one, two; and a name that is no parameter.
-- args --
validate main.phx
-- file main.phx --
feature app {
  script = "app.sh"
  one_of = ["port", "sockt"]
  param port: int = 80
  param socket: string = null
}
defaults container {
  ostemplate = "local:vztmpl/debian-12.tar.zst"
  rootfs     = "local-lvm:8"
}
container a { id = 101; features = [feature.trusted-ca] }
container b { id = 102; features = [feature.trusted-ca(ca_url = "")] }
container c { id = 103; features = [feature.trusted-ca(ca_url = "https://10.0.0.10:9000", file = "/mnt/ca.crt")] }
container d { id = 104; features = [feature.trusted-ca(file = "/mnt/ca.crt")] }
-- file app.sh --
true
-- stderr --
error[PHX0448]: `one_of` names `sockt`, which is no parameter of `feature.app`
 --> main.phx:3:21
  |
3 |   one_of = ["port", "sockt"]
  |                     ^^^^^^^
  |
  = explain: run `phx explain PHX0448`

error[PHX0448]: `feature.trusted-ca` needs one of `certificate`, `file` and `ca_url`
  --> main.phx:11:37
   |
11 | container a { id = 101; features = [feature.trusted-ca] }
   |                                     ^^^^^^^^^^^^^^^^^^
   |
  ::: ETC/features/trusted-ca.phx:7:17
   |
 7 |   one_of      = ["certificate", "file", "ca_url"]
   |                 --------------------------------- of these parameters exactly one counts
   |
   = help: write `feature.trusted-ca(certificate = …)`, or another of them

error[PHX0448]: `feature.trusted-ca` needs one of `certificate`, `file` and `ca_url`
  --> main.phx:12:37
   |
12 | container b { id = 102; features = [feature.trusted-ca(ca_url = "")] }
   |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
  ::: ETC/features/trusted-ca.phx:7:17
   |
 7 |   one_of      = ["certificate", "file", "ca_url"]
   |                 --------------------------------- of these parameters exactly one counts
   |
   = help: write `feature.trusted-ca(certificate = …)`, or another of them

error[PHX0448]: `feature.trusted-ca` takes one of `certificate`, `file` and `ca_url`, not 2 of them
  --> main.phx:13:37
   |
13 | container c { id = 103; features = [feature.trusted-ca(ca_url = "https://10.0.0.10:9000", file = "/mnt/ca.crt")] }
   |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
  ::: ETC/features/trusted-ca.phx:7:17
   |
 7 |   one_of      = ["certificate", "file", "ca_url"]
   |                 --------------------------------- of these parameters exactly one counts

-- exit --
1
