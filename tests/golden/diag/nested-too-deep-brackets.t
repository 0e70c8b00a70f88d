Nesting beyond the limit, without a crash.
-- args --
$ printf 'let a = ' > main.phx; head -c 100000 /dev/zero | tr '\0' '[' >> main.phx
validate main.phx --format short
-- stderr --
main.phx:1:209: error[PHX0103]: nested more than 200 levels deep
-- exit --
0
1
