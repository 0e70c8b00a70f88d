Twenty errors are shown, or as many as are asked for.
-- args --
$ for i in $(seq 30); do echo "vm v$i { nope = 1 }"; done >many.phx
$ for n in "" "--max-errors 3" "--max-errors 29" "--max-errors 0" "--max-errors=30"; do "$PHX" validate --format short $n many.phx 2>out; echo "$n: $?"; wc -l <out; tail -1 out; done
$ "$PHX" validate --max-errors 2 many.phx 2>&1 | tail -3
validate --max-errors some many.phx
-- stdout --
: 1
21
error: 10 more errors are not shown (30 in all; --max-errors 0 shows all)
--max-errors 3: 1
4
error: 27 more errors are not shown (30 in all; --max-errors 0 shows all)
--max-errors 29: 1
30
error: 1 more error is not shown (30 in all; --max-errors 0 shows all)
--max-errors 0: 1
30
many.phx:30:10: error[PHX0301]: unknown attribute `nope` in `vm`
--max-errors=30: 1
30
many.phx:30:10: error[PHX0301]: unknown attribute `nope` in `vm`
  |         ~~~~

error: 28 more errors are not shown (30 in all; --max-errors 0 shows all)
-- stderr --
phx: `--max-errors some`: expected a number, 0 for all
-- exit --
0
0
0
64
