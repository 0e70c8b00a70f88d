The overview.
-- args --
help
-- stdout --
phx: infrastructure as code for Proxmox VE

Usage: phx COMMAND [OPTIONS] [FILE|DIR...]

A configuration is one .phx file, a directory of them, or Phoenix JSON files; the current directory if none is named.

Commands:
  validate    check a configuration without asking any cluster
  plan        show what would be done, exactly, in order
  apply       make the cluster as the configuration says
  destroy     delete every guest that the stack owns
  status      what each guest is and does now, and how far it is from its declaration
  start       start guests, in dependency and boot order
  stop        shut guests down, in reverse dependency order
  restart     shut guests down and start them again, in order
  delete      delete guests of the stack, with their disks
  converge    apply just these guests, and what they depend on
  exec        run a command inside a guest, as root
  logs        what phx ran inside a guest, and what that printed
  doctor      look whether everything is there that a configuration needs
  graph       draw the resource graph
  output      print the outputs of a configuration
  fmt         bring .phx files into canonical form
  show        print a saved plan, in any form, or a VM's cloud-init data
  diff        compare two saved plans
  inventory   record what the cluster looks like, without secrets
  import      turn Phoenix JSON files into .phx
  unlock      remove the stack's lock, and say who held it
  sim         serve a simulated Proxmox cluster over its HTTP API
  explain     explain an error or warning
  features    list the features that come with phx, or show some
  completion  print a completion script for a shell
  version     print phx's version, and those of its libraries
  help        this overview, or a command's help

A first round, without a cluster:
  phx plan  --sim /tmp/lab examples/phoenix     what would be done, on a simulated cluster
  phx apply --sim /tmp/lab examples/phoenix     do it; again: no changes

`phx COMMAND --help` says more; `phx explain PHX0401` explains an error.
