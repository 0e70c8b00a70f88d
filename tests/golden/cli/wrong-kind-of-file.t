A file that is no configuration.
-- args --
validate notes.txt
-- file notes.txt --
hello
-- stderr --
phx: notes.txt: expected a .phx or .json file, or a directory
-- exit --
64
