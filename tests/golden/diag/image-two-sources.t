An image with two sources.
-- args --
validate main.phx
-- file main.phx --
image noble {
  url = "https://images.test/a.qcow2"
  volume = "local:import/a.qcow2"
}
-- stderr --
error[PHX0435]: an image comes from one place
 --> main.phx:3:3
  |
2 |   url = "https://images.test/a.qcow2"
  |   --- this is one already
3 |   volume = "local:import/a.qcow2"
  |   ^^^^^^
  |
  = note: `url` is downloaded by the node, `file` is uploaded, `volume` lies on a storage already
  = explain: run `phx explain PHX0435`

-- exit --
1
