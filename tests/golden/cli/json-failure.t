In the JSON form everything that went wrong is in the document.
-- args --
plan --json nosuch.phx
validate --json nosuch.phx
plan --json --cluster nope main.phx
plan --json --inventory broken.json main.phx
plan --inventory quote.json main.phx
-- file main.phx --
stack "lab"
vm a { id = 100; disk = 1GiB; storage = "local-lvm"; agent { enabled = false } }
-- file broken.json --
{"a": 1,
-- file quote.json --
["x
"]
-- stdout --
{
  "format": "phx-diagnostics/1",
  "errors": 1,
  "warnings": 0,
  "diagnostics": [
    {
      "code": "PHX0003",
      "slug": "failed",
      "severity": "error",
      "message": "cannot read nosuch.phx: No such file or directory",
      "labels": [],
      "notes": [],
      "helps": [],
      "fixes": []
    }
  ]
}
{
  "format": "phx-diagnostics/1",
  "errors": 1,
  "warnings": 0,
  "diagnostics": [
    {
      "code": "PHX0003",
      "slug": "failed",
      "severity": "error",
      "message": "cannot read nosuch.phx: No such file or directory",
      "labels": [],
      "notes": [],
      "helps": [],
      "fixes": []
    }
  ]
}
{
  "format": "phx-diagnostics/1",
  "errors": 1,
  "warnings": 0,
  "diagnostics": [
    {
      "code": "PHX0003",
      "slug": "failed",
      "severity": "error",
      "message": "`--cluster nope`: the configuration has no cluster of that name",
      "labels": [],
      "notes": [],
      "helps": [],
      "fixes": []
    }
  ]
}
{
  "format": "phx-diagnostics/1",
  "errors": 1,
  "warnings": 0,
  "diagnostics": [
    {
      "code": "PHX0003",
      "slug": "failed",
      "severity": "error",
      "message": "broken.json: line 2, column 1: string or '}' expected near end of file",
      "labels": [],
      "notes": [],
      "helps": [],
      "fixes": []
    }
  ]
}
-- stderr --
phx: cannot read nosuch.phx: No such file or directory
phx: cannot read nosuch.phx: No such file or directory
phx: `--cluster nope`: the configuration has no cluster of that name
phx: broken.json: line 2, column 1: string or '}' expected near end of file
phx: quote.json: line 1, column 3: unexpected newline near '"x'
-- exit --
1
1
64
1
1
