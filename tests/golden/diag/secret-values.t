A file of values that gives a secret is never quoted, nor is a value that --set gives a secret parameter.
-- args --
$ for f in quote.txt list.txt typo.txt call.txt torn.txt list.json comma.json torn.json; do "$PHX" plan --offline --var-file $f main.phx; done
plan --offline --set n=CANARY+ --set tok=CANARY main.phx
plan --offline --set n=CANARY --set tok=CANARY main.phx
$ "$PHX" plan --offline --json --var-file quote.txt main.phx
plan --offline --var-file open.txt open.phx
-- file main.phx --
stack "s"
param tok: secret<string>
param n: secret<int> = 3
vm a { id = 100; disk = 1GiB; storage = "local"; user u { password = tok } }
-- file open.phx --
stack "s"
param size: int
-- file open.txt --
size = 3"
-- file quote.txt --
tok = CANARY4"
-- file list.txt --
tok = ["CANARY7"]
-- file typo.txt --
tokk = "CANARY8"
-- file call.txt --
tok = "CANARY9" + f(CANARYX)
-- file torn.txt --
tok = "CANARYB" CANARYC = 3
vm CANARYD { }
-- file list.json --
{"tok": ["CANARY3"]}
-- file comma.json --
{"tok": "CANARY6",}
-- file torn.json --
{"tok": "CANARY6 }
-- stdout --
{
  "format": "phx-diagnostics/1",
  "errors": 1,
  "warnings": 0,
  "diagnostics": [
    {
      "code": "PHX0015",
      "slug": "unterminated-string",
      "severity": "error",
      "message": "a string without its closing quote",
      "file": "quote.txt",
      "line": 1,
      "column": 14,
      "end_line": 1,
      "end_column": 15,
      "start": 13,
      "end": 14,
      "labels": [],
      "notes": [
        "what stands there is not shown: it may be a secret"
      ],
      "helps": [],
      "fixes": []
    }
  ]
}
-- stderr --
error[PHX0015]: a string without its closing quote
 --> quote.txt:1:14
  |
  = note: what stands there is not shown: it may be a secret
  = explain: run `phx explain PHX0015`

error[PHX0237]: the parameter `tok` is string, not list<string>
 --> list.txt:1:7
  |
 ::: main.phx:2:12
  |
2 | param tok: secret<string>
  |            -------------- declared here
  |
  = explain: run `phx explain PHX0237`

error[PHX0235]: the parameter `tok` has no value
 --> main.phx:2:7
  |
2 | param tok: secret<string>
  |       ^^^ it has no default
  |
  = help: give it one: `--set tok=…`, or a `--var-file`
  = explain: run `phx explain PHX0235`

error[PHX0236]: there is no parameter `tokk`
 --> typo.txt:1:1
  |
  = help: did you mean `tok`?
  = explain: run `phx explain PHX0236`

error[PHX0211]: a function that does not exist
 --> call.txt:1:19
  |
  = note: what stands there is not shown: it may be a secret
  = explain: run `phx explain PHX0211`

error[PHX0230]: a name that does not exist
 --> call.txt:1:21
  |
  = note: what stands there is not shown: it may be a secret
  = explain: run `phx explain PHX0230`

error[PHX0114]: two statements on a line without `;`
 --> torn.txt:1:17
  |
  = note: what stands there is not shown: it may be a secret
  = explain: run `phx explain PHX0114`

error[PHX0238]: a statement where it may not stand
 --> torn.txt:2:1
  |
  = note: what stands there is not shown: it may be a secret
  = explain: run `phx explain PHX0238`

error[PHX0237]: the parameter `tok` is string, not list<string>
 --> list.json:1:3
  |
 ::: main.phx:2:12
  |
2 | param tok: secret<string>
  |            -------------- declared here
  |
  = explain: run `phx explain PHX0237`

error[PHX0235]: the parameter `tok` has no value
 --> main.phx:2:7
  |
2 | param tok: secret<string>
  |       ^^^ it has no default
  |
  = help: give it one: `--set tok=…`, or a `--var-file`
  = explain: run `phx explain PHX0235`

error[PHX0237]: the text: line 1, column 19: string or '}' expected
 --> comma.json:1:1
  |
  = explain: run `phx explain PHX0237`

error[PHX0235]: the parameter `tok` has no value
 --> main.phx:2:7
  |
2 | param tok: secret<string>
  |       ^^^ it has no default
  |
  = help: give it one: `--set tok=…`, or a `--var-file`
  = explain: run `phx explain PHX0235`

error[PHX0237]: the text: line 1, column 18: unexpected newline
 --> torn.json:1:1
  |
  = explain: run `phx explain PHX0237`

error[PHX0112]: a `=` or an operator without a value
 --> --set:1:9
  |
  = note: what stands there is not shown: it may be a secret
  = explain: run `phx explain PHX0112`

error[PHX0237]: the parameter `n` is int, not string
 --> --set:1:3
  |
 ::: main.phx:3:10
  |
3 | param n: secret<int> = 3
  |          ----------- declared here
  |
  = explain: run `phx explain PHX0237`

error[PHX0015]: string is never closed
 --> open.txt:1:9
  |
1 | size = 3"
  |         ^- the line ends here
  |         |
  |         opened here
  |
  = help: close it with `"`, or write a text of several lines as `<<~EOF`
  = explain: run `phx explain PHX0015`

-- exit --
1
1
1
1
1
