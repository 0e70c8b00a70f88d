The objects of changes() have exactly their keys, and words of their own.
-- args --
validate main.phx
-- file main.phx --
policy p {
  for c in changes() {
    assert c.adress != "", "a key that does not exist"
    assert c.action != destroy, "no such action"
    assert c.guest.tgas == [], "no such attribute"
    assert c.restart == "no", "no text"
    for a in c.attributes { assert a.old != a.after }
  }
  for g in guests() {
    for r in g.firewall_rules { assert r.verdict != accept }
  }
}
-- stderr --
error[PHX0208]: the object has no key `adress`
 --> main.phx:3:14
  |
3 |     assert c.adress != "", "a key that does not exist"
  |              ^^^^^^ no such key
  |
help: did you mean `address`?
  |
3 |     assert c.address != "", "a key that does not exist"
  |              ~~~~~~~
  = explain: run `phx explain PHX0208`

error[PHX0309]: `action` cannot be `destroy`
 --> main.phx:4:24
  |
4 |     assert c.action != destroy, "no such action"
  |                        ^^^^^^^
  |
  = note: it is `create`, `update`, `replace`, `delete`, `adopt` or `migrate`
  = explain: run `phx explain PHX0309`

error[PHX0301]: unknown attribute `tgas` in `vm`
 --> main.phx:5:20
  |
5 |     assert c.guest.tgas == [], "no such attribute"
  |                    ^^^^ no such attribute
  |
help: did you mean `tags`?
  |
5 |     assert c.guest.tags == [], "no such attribute"
  |                    ~~~~
  = explain: run `phx explain PHX0301`

error[PHX0203]: values of different types never compare equal: bool and string
 --> main.phx:6:25
  |
6 |     assert c.restart == "no", "no text"
  |            ---------    ^^^^ this is a value of type string
  |            |
  |            this is a value of type bool
  |
  = explain: run `phx explain PHX0203`

error[PHX0208]: the object has no key `old`
 --> main.phx:7:38
  |
7 |     for a in c.attributes { assert a.old != a.after }
  |                                      ^^^ no such key

error[PHX0208]: the object has no key `verdict`
  --> main.phx:10:42
   |
10 |     for r in g.firewall_rules { assert r.verdict != accept }
   |                                          ^^^^^^^ no such key

error[PHX0230]: unknown name `accept`
  --> main.phx:10:53
   |
10 |     for r in g.firewall_rules { assert r.verdict != accept }
   |                                                     ^^^^^^ no such name here
   |
   = help: text stands in quotes: `"accept"`
   = explain: run `phx explain PHX0230`

-- exit --
1
