A policy over guests refuses in `validate` already; what hangs on changes waits for the plan.
-- args --
validate main.phx
validate --format short main.phx
validate --json main.phx
-- file main.phx --
vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local"; user admin { password = env("NOT_SET") } }
container c {
  id         = 102
  memory     = 1GiB
  ostemplate = "local:vztmpl/x.tar.zst"
  storage    = "local"
  tags       = ["small"]
}

policy small {
  let most = 4GiB

  for g in guests() {
    if !("large" in g.tags) {
      assert g.memory <= most, "${g.address} asks for ${g.memory}"
    }
  }
  for c in changes() { assert c.action != delete }
}

policy keys-only {
  severity = warn
  for g in guests() { assert !g.has_password }
}

policy not-too-many { assert length(guests()) <= 1, "${length(guests())} guests" }
policy changes-only { assert length(changes()) < 3 }
-- stdout --
{
  "format": "phx-diagnostics/1",
  "errors": 2,
  "warnings": 1,
  "diagnostics": [
    {
      "code": "PHX0650",
      "slug": "policy-denied",
      "severity": "error",
      "message": "policy `small` denies: vm.web asks for 8GiB",
      "file": "main.phx",
      "line": 15,
      "column": 14,
      "end_line": 15,
      "end_column": 30,
      "start": 352,
      "end": 368,
      "labels": [
        {
          "file": "main.phx",
          "line": 15,
          "column": 14,
          "end_line": 15,
          "end_column": 30,
          "start": 352,
          "end": 368,
          "text": "this is false"
        },
        {
          "file": "main.phx",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 7,
          "start": 0,
          "end": 6,
          "text": "vm.web"
        }
      ],
      "notes": [
        "`g.memory` is 8GiB",
        "`most` is 4GiB"
      ],
      "helps": [],
      "fixes": []
    },
    {
      "code": "PHX0651",
      "slug": "policy-warning",
      "severity": "warning",
      "message": "policy `keys-only` warns: the assertion does not hold for vm.web",
      "file": "main.phx",
      "line": 23,
      "column": 30,
      "end_line": 23,
      "end_column": 45,
      "start": 536,
      "end": 551,
      "labels": [
        {
          "file": "main.phx",
          "line": 23,
          "column": 30,
          "end_line": 23,
          "end_column": 45,
          "start": 536,
          "end": 551,
          "text": "this is false"
        },
        {
          "file": "main.phx",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 7,
          "start": 0,
          "end": 6,
          "text": "vm.web"
        }
      ],
      "notes": [],
      "helps": [],
      "fixes": []
    },
    {
      "code": "PHX0650",
      "slug": "policy-denied",
      "severity": "error",
      "message": "policy `not-too-many` denies: 2 guests",
      "file": "main.phx",
      "line": 26,
      "column": 30,
      "end_line": 26,
      "end_column": 51,
      "start": 586,
      "end": 607,
      "labels": [
        {
          "file": "main.phx",
          "line": 26,
          "column": 30,
          "end_line": 26,
          "end_column": 51,
          "start": 586,
          "end": 607,
          "text": "this is false"
        }
      ],
      "notes": [
        "`length(guests())` is 2"
      ],
      "helps": [],
      "fixes": []
    }
  ]
}
-- stderr --
error[PHX0650]: policy `small` denies: vm.web asks for 8GiB
  --> main.phx:15:14
   |
 1 | vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local"; user admin { password = env("NOT_SET") } }
   | ------ vm.web
...
15 |       assert g.memory <= most, "${g.address} asks for ${g.memory}"
   |              ^^^^^^^^^^^^^^^^ this is false
   |
   = note: `g.memory` is 8GiB
   = note: `most` is 4GiB
   = explain: run `phx explain PHX0650`

warning[PHX0651]: policy `keys-only` warns: the assertion does not hold for vm.web
  --> main.phx:23:30
   |
 1 | vm web { id = 101; memory = 8GiB; disk = 1GiB; storage = "local"; user admin { password = env("NOT_SET") } }
   | ------ vm.web
...
23 |   for g in guests() { assert !g.has_password }
   |                              ^^^^^^^^^^^^^^^ this is false
   |
   = explain: run `phx explain PHX0651`

error[PHX0650]: policy `not-too-many` denies: 2 guests
  --> main.phx:26:30
   |
26 | policy not-too-many { assert length(guests()) <= 1, "${length(guests())} guests" }
   |                              ^^^^^^^^^^^^^^^^^^^^^ this is false
   |
   = note: `length(guests())` is 2

main.phx:15:14: error[PHX0650]: policy `small` denies: vm.web asks for 8GiB
main.phx:23:30: warning[PHX0651]: policy `keys-only` warns: the assertion does not hold for vm.web
main.phx:26:30: error[PHX0650]: policy `not-too-many` denies: 2 guests
-- exit --
3
3
3
