Conflict markers left in the file.
-- args --
validate main.phx
-- file main.phx --
<<<<<<< ours
let a = 1
=======
let a = 2
>>>>>>> theirs
-- stderr --
error[PHX0025]: unresolved merge conflict
 --> main.phx:1:1
  |
1 | <<<<<<< ours
  | ^^^^^^^ conflict begins here
...
5 | >>>>>>> theirs
  | ------- and ends here
  |
  = help: keep one side and remove the marker lines
  = explain: run `phx explain PHX0025`

-- exit --
1
