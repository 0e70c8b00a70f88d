A directory without configuration.
-- args --
validate
-- stderr --
phx: there is no .phx file in .
  hint: name a .phx file, a directory with .phx files, or Phoenix JSON files
-- exit --
64
