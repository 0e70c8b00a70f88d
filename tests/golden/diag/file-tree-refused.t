What a directory for a guest may not hold: neither file, directory nor link; names and links too long for an archive.
-- args --
$ mkdir tree && mkfifo tree/pipe && "$PHX" plan --sim sim main.phx >/dev/null
$ rm tree/pipe && ln -s "$(printf 'Z%.0s' $(seq 101))" tree/link && "$PHX" plan --sim sim main.phx >/dev/null
$ rm tree/link && touch "tree/$(printf 'Z%.0s' $(seq 101))" && "$PHX" plan --sim sim main.phx 2>&1 >/dev/null | sed 's/ZZ*/Z…/'
$ rm tree/Z* && mkdir -p "tree/$(printf 'Z/%.0s' $(seq 70))" && "$PHX" plan --sim sim main.phx 2>&1 >/dev/null | sed 's,\(Z/\)*Z,Z/…,'
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container box {
  id = 201; ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:4"
  file "/srv/app" { source = "tree" }
}
-- stdout --
error[PHX0643]: Z…: the name is too long for an archive
 --> main.phx:5:3
  |
5 |   file "/srv/app" { source = "tree" }
  |   ^^^^^^^^^^^^^^^
  |
  = explain: run `phx explain PHX0643`

error[PHX0643]: tree/Z/…: directories too deep inside one another
 --> main.phx:5:3
  |
5 |   file "/srv/app" { source = "tree" }
  |   ^^^^^^^^^^^^^^^
  |
  = explain: run `phx explain PHX0643`

-- stderr --
error[PHX0643]: tree/pipe: it is neither a file, a directory nor a symbolic link
 --> main.phx:5:3
  |
5 |   file "/srv/app" { source = "tree" }
  |   ^^^^^^^^^^^^^^^
  |
  = explain: run `phx explain PHX0643`

error[PHX0643]: tree/link: what it links to is longer than 100 bytes, too long for an archive
 --> main.phx:5:3
  |
5 |   file "/srv/app" { source = "tree" }
  |   ^^^^^^^^^^^^^^^
  |
  = explain: run `phx explain PHX0643`

-- exit --
1
1
0
0
