A path that does not exist.
-- args --
validate nowhere.phx
-- stderr --
phx: cannot read nowhere.phx: No such file or directory
-- exit --
1
