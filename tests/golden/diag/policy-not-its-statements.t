What may not stand in a policy, and a policy where it may not stand.
-- args --
validate main.phx
-- file main.phx --
policy one {
  severity = forbid
  severity = deny
  memory   = 3
  param x: int = 3
  output y = 4
  vm inner { id = 3 }
  for g in guests() {
    severity = warn
    assert g.tgas == [], "no"
  }
}
policy one { assert true }
policy { assert true }
policy "a" "b" { assert true }
policy empty { severity = warn }
for i in 1..3 {
  policy "p-${i}" { assert true }
}
-- stderr --
error[PHX0309]: `severity` is `deny` or `warn`
 --> main.phx:2:14
  |
2 |   severity = forbid
  |              ^^^^^^ neither of them
  |
  = explain: run `phx explain PHX0309`

error[PHX0303]: `severity` is set twice
 --> main.phx:3:3
  |
2 |   severity = forbid
  |   -------- first set here
3 |   severity = deny
  |   ^^^^^^^^ set again here
  |
  = explain: run `phx explain PHX0303`

error[PHX0238]: an attribute may not stand inside a `policy`
 --> main.phx:4:3
  |
4 |   memory   = 3
  |   ^^^^^^
  |
  = help: a policy has one, `severity`, directly in its braces; a value with a name is `let memory = …`
  = explain: run `phx explain PHX0238`

error[PHX0238]: `param` may not stand in a loop, a condition, a `policy` or another `param`
 --> main.phx:5:9
  |
5 |   param x: int = 3
  |         ^
  |
  = help: move it to the top of the file

error[PHX0238]: `output` may not stand inside a block
 --> main.phx:6:3
  |
6 |   output y = 4
  |   ^^^^^^^^^^^^
  |
  = help: move it to the top of the file, and name the resource: `output ip = vm.web.network.ip`

error[PHX0238]: a block may not stand inside a `policy`
 --> main.phx:7:3
  |
7 |   vm inner { id = 3 }
  |   ^^^^^^^^
  |
  = help: only `for`, `if`, `let` and `assert` may, and its `severity`

error[PHX0238]: an attribute may not stand inside a `policy`
 --> main.phx:9:5
  |
9 |     severity = warn
  |     ^^^^^^^^
  |
  = help: a policy has one, `severity`, directly in its braces; a value with a name is `let severity = …`

error[PHX0301]: unknown attribute `tgas` in `vm`
  --> main.phx:10:14
   |
10 |     assert g.tgas == [], "no"
   |              ^^^^ no such attribute
   |
help: did you mean `tags`?
   |
10 |     assert g.tags == [], "no"
   |              ~~~~
   = explain: run `phx explain PHX0301`

error[PHX0231]: the policy `one` is defined twice
  --> main.phx:13:8
   |
 1 | policy one {
   |        --- first defined here
...
13 | policy one { assert true }
   |        ^^^ defined again here
   |
   = explain: run `phx explain PHX0231`

error[PHX0305]: a policy has one name, which is the same in every plan
  --> main.phx:14:1
   |
14 | policy { assert true }
   | ^^^^^^
   |
   = help: write `policy no-quiet-destroy { … }`
   = explain: run `phx explain PHX0305`

error[PHX0305]: a policy has one name, which is the same in every plan
  --> main.phx:15:1
   |
15 | policy "a" "b" { assert true }
   | ^^^^^^^^^^^^^^
   |
   = help: write `policy no-quiet-destroy { … }`

error[PHX0307]: the policy checks nothing
  --> main.phx:16:1
   |
16 | policy empty { severity = warn }
   | ^^^^^^^^^^^^
   |
   = help: add an `assert CONDITION, "message"`
   = explain: run `phx explain PHX0307`

error[PHX0238]: `policy` may not stand in a loop or a condition
  --> main.phx:18:3
   |
18 |   policy "p-${i}" { assert true }
   |   ^^^^^^^^^^^^^^^
   |
   = help: move it to the top of the file, and the loop or condition into it

-- exit --
1
