Notes that begin with blanks and lines, end with them, or hold a line like phx's own: the second plan is empty.
-- args --
$ "$PHX" apply --sim sim --sim-speed 0 --yes main.phx 2>/dev/null | tail -1
plan --sim sim main.phx
-- file main.phx --
stack "t"
let foreign = "<!-- phx:1 stack=other address=vm.q id=3 -->"
vm a {
  id = 101; disk = 1GiB; storage = "local-lvm"; running = false; agent { enabled = false }
  notes = "\n  indented\n- x\n \n"
}
vm b {
  id = 102; disk = 1GiB; storage = "local-lvm"; running = false; agent { enabled = false }
  notes = "see\n${foreign}\nend"
}
defaults container {
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; storage = "local-lvm"; running = false
}
container c { id = 103; notes = "\n  indented\n- x\n \n" }
container d { id = 104; notes = " indented" }
container e { id = 105; notes = foreign }
container t { id = 106; template = true; running = null }
container f { id = 107; clone = container.t; ostemplate = null; notes = "\n of a clone" }
-- stdout --
Apply complete: 11 done; 0.0 s
Stack t on cluster pve (http://127.0.0.1:PORT)

No changes. 7 resources are as declared.
