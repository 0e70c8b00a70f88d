An unknown parameter of a feature.
-- args --
validate main.phx
-- file app.sh --
#!/bin/sh
-- file main.phx --
feature app {
  script = "app.sh"
  param channel: string = "stable"
}
vm web {
  id = 101
  disk = 8GiB
  storage = "local-lvm"
  features = [feature.app(chanel = "test")]
}
-- stderr --
error[PHX0242]: the feature `app` has no parameter `chanel`
 --> main.phx:9:27
  |
1 | feature app {
  | ----------- declared here
...
9 |   features = [feature.app(chanel = "test")]
  |                           ^^^^^^ no such parameter
  |
help: did you mean `channel`?
  |
9 |   features = [feature.app(channel = "test")]
  |                           ~~~~~~~
  = explain: run `phx explain PHX0242`

-- exit --
1
