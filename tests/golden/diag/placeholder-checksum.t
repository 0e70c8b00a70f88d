A checksum that still has to be filled in.
-- args --
validate main.phx
-- file main.phx --
image noble {
  url      = "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img"
  checksum = "sha256:…"
  storage  = "local"
}
-- stdout --
valid: 0 guests, 1 resource
-- stderr --
warning[PHX0442]: the checksum still has to be filled in
 --> main.phx:3:14
  |
3 |   checksum = "sha256:…"
  |              ^^^^^^^^^^
  |
  = note: until then the image is taken as it comes
  = explain: run `phx explain PHX0442`

