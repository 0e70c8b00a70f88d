Canonical form, comments kept; the second run changes nothing.
-- args --
fmt --check main.phx
fmt main.phx
$ cat main.phx
fmt --check main.phx
-- file main.phx --
# a lab
stack   "t"
vm web{ id=101 // first
 cores=2
     memory   =   8GiB   # much
  network{ip=10.0.0.5/24;gw=10.0.0.1}
/* inside */
  tags=["a","b",
   "c"]
}
for i in 1..3{
vm "w-${i}"{id=200+i
clone=vm.web}}
-- stdout --
main.phx
main.phx
# a lab
stack "t"
vm web {
  id     = 101  // first
  cores  = 2
  memory = 8GiB  # much
  network { ip = 10.0.0.5/24; gw = 10.0.0.1 }
  /* inside */
  tags = [
    "a",
    "b",
    "c",
  ]
}
for i in 1..3 {
  vm "w-${i}" {
    id    = 200 + i
    clone = vm.web
  }
}
-- exit --
1
0
0
0
