A file of policies may hold values and parameters, and nothing that exists.
-- args --
validate --policy-dir rules main.phx
validate --policy-dir rules-good main.phx
validate --policy-dir rules-good --set most=16GiB main.phx
validate --policy-dir nothing main.phx
validate --policy-dir empty main.phx
validate --policy memory-limt main.phx
validate --policy tag-required --policy tag-required main.phx
$ mkdir empty; "$PHX" validate --policy-dir empty main.phx
-- file main.phx --
vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local" }
-- file rules/a.phx --
param most: size = 4GiB
let team = "infra"
vm extra { id = 300; memory = 1GiB; disk = 1GiB; storage = "local" }
assert true
stack "mine"
for i in 1..3 { assert true }
policy ok { assert true }
-- file rules-good/a.phx --
param most: size = 4GiB

policy memory {
  for g in guests() { assert g.memory <= most, "${g.address} asks for ${g.memory}" }
}
-- file rules-good/notes.txt --
Not read.
-- stdout --
valid: 1 guest, 1 resource; 1 policy checked
valid: 1 guest, 1 resource; 1 policy checked
-- stderr --
error[PHX0247]: a file of policies holds `policy`, `param` and `let` only
 --> rules/a.phx:3:1
  |
3 | vm extra { id = 300; memory = 1GiB; disk = 1GiB; storage = "local" }
  | ^^^^^^^^ this belongs to a configuration
  |
  = help: move it to the configuration, or name the file as one
  = explain: run `phx explain PHX0247`

error[PHX0247]: a file of policies holds `policy`, `param` and `let` only
 --> rules/a.phx:4:1
  |
4 | assert true
  | ^^^^^^^^^^^ this belongs to a configuration
  |
  = help: move it to the configuration, or name the file as one

error[PHX0247]: a file of policies holds `policy`, `param` and `let` only
 --> rules/a.phx:5:1
  |
5 | stack "mine"
  | ^^^^^^^^^^^^ this belongs to a configuration
  |
  = help: move it to the configuration, or name the file as one

error[PHX0247]: a file of policies holds `policy`, `param` and `let` only
 --> rules/a.phx:6:1
  |
6 | for i in 1..3 { assert true }
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this belongs to a configuration
  |
  = help: move it to the configuration, or name the file as one

error[PHX0650]: policy `memory` denies: vm.web asks for 8GiB
 --> rules-good/a.phx:4:30
  |
4 |   for g in guests() { assert g.memory <= most, "${g.address} asks for ${g.memory}" }
  |                              ^^^^^^^^^^^^^^^^ this is false
  |
 ::: main.phx:1:1
  |
1 | vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local" }
  | ------ vm.web
  |
  = note: `g.memory` is 8GiB
  = note: `most` is 4GiB
  = explain: run `phx explain PHX0650`

phx: cannot read the policies in nothing: No such file or directory
phx: cannot read the policies in empty: No such file or directory
phx: `--policy memory-limt`: phx brings no policy of that name
  hint: did you mean `memory-limit`?
warning[PHX0651]: policy `tag-required` warns: vm.web has no tag
 --> etc/policies/tag-required.phx:9:14
  |
9 |       assert length(g.tags) > 0, "${g.address} has no tag"
  |              ^^^^^^^^^^^^^^^^^^ this is false
  |
 ::: main.phx:1:1
  |
1 | vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local" }
  | ------ vm.web
  |
  = note: `length(g.tags)` is 0
  = explain: run `phx explain PHX0651`

phx: `--policy-dir empty`: there is no .phx file in it
  hint: a directory without policies would allow everything
-- exit --
1
3
0
1
1
64
0
64
