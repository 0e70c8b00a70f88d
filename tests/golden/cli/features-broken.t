Declarations in etc/features that cannot be used, and a directory that is not there.
-- args --
$ PHX_ETC=etc "$PHX" features two
$ PHX_ETC=etc "$PHX" features other
$ PHX_ETC=etc "$PHX" features typo
$ PHX_ETC=etc "$PHX" features sees-nothing
$ PHX_ETC=none "$PHX" features docker
-- file etc/features/two.phx --
feature two { script = "two.sh" }
feature three { script = "three.sh" }
-- file etc/features/other.phx --
feature another { script = "two.sh" }
-- file etc/features/typo.phx --
feature typo {
  scrpt = "typo.sh"
}
-- file etc/features/sees-nothing.phx --
feature sees-nothing {
  script = "x.sh"
  param a: string = b
}
-- stderr --
error[PHX0002]: the feature `two` that comes with phx cannot be used: its file holds something else than a `feature` block of that name
  = note: it is declared in etc/features/two.phx
  = explain: run `phx explain PHX0002`

error[PHX0002]: the feature `other` that comes with phx cannot be used: its file holds something else than a `feature` block of that name
  = note: it is declared in etc/features/other.phx
  = explain: run `phx explain PHX0002`

error[PHX0301]: unknown attribute `scrpt` in `feature`
 --> etc/features/typo.phx:2:3
  |
1 | feature typo {
  | ------------ in this `feature`
2 |   scrpt = "typo.sh"
  |   ^^^^^ no such attribute
  |
help: did you mean `script`?
  |
2 |   script = "typo.sh"
  |   ~~~~~~
  = explain: run `phx explain PHX0301`

error[PHX0230]: unknown name `b`
 --> etc/features/sees-nothing.phx:3:21
  |
3 |   param a: string = b
  |                     ^ no such name here
  |
  = help: text stands in quotes: `"b"`
  = explain: run `phx explain PHX0230`

phx: no feature `docker` comes with phx: looked for in none/features
-- exit --
1
1
1
1
64
