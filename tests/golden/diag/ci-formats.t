The forms for CI servers, of one mistake, one warning and one policy.
-- args --
validate --format junit main.phx
validate --format sarif main.phx
-- file main.phx --
vm web { id = 101; memory = 8GiB }
container c {
  id         = 102
  memory     = 1GiB
  ostemplate = "local:vztmpl/x.tar.zst"
  storage    = "local"
}
policy small {
  for g in guests() { assert g.memory <= 4GiB, "${g.address} asks for ${g.memory}" }
}
policy waits { assert length(changes()) < 3 }
-- stdout --
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="phx" tests="5" failures="1" errors="0" skipped="1" time="0">
  <testsuite name="configuration" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="phx" name="configuration" time="0"/>
  </testsuite>
  <testsuite name="guests" tests="2" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="phx.guest" name="vm.web" file="main.phx" line="1" time="0">
      <system-out>main.phx:1:1: warning[PHX0416]: `vm.web` has no disk
help: say `image`, `clone`, or `disk = 32GiB`
</system-out>
    </testcase>
    <testcase classname="phx.guest" name="container.c" file="main.phx" line="2" time="0"/>
  </testsuite>
  <testsuite name="policies" tests="2" failures="1" errors="0" skipped="1" time="0">
    <testcase classname="phx.policy" name="small" file="main.phx" line="8" time="0">
      <failure type="policy/small" message="vm.web asks for 8GiB">main.phx:1:1: error[policy/small]: vm.web asks for 8GiB
asserted in main.phx:9:30
</failure>
    </testcase>
    <testcase classname="phx.policy" name="waits" file="main.phx" line="11" time="0">
      <skipped message="it looks at changes too, or at what is not known here: phx plan checks it in full"/>
    </testcase>
  </testsuite>
</testsuites>
{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "phx",
          "version": "0.1.0",
          "semanticVersion": "0.1.0",
          "rules": [
            {
              "id": "PHX0416",
              "name": "vm-without-disk",
              "shortDescription": {
                "text": "a VM without any disk"
              },
              "help": {
                "text": "A VM has neither an image nor a clone source nor a disk. Proxmox makes it all the same, and it has nothing to boot from\nbut the network. Say `--allow vm-without-disk` when that is meant.\n\nThis is the warning `vm-without-disk`: `--deny vm-without-disk` makes it an error, `--allow vm-without-disk` is silent about it.\n\n```phx fails=PHX0416\nvm pxe {\n  id     = 101\n  memory = 2GiB\n}\n```\n\n```phx works\nvm pxe {\n  id      = 101\n  memory  = 2GiB\n  storage = \"local-lvm\"\n  disk    = 32GiB\n}\n```",
                "markdown": "A VM has neither an image nor a clone source nor a disk. Proxmox makes it all the same, and it has nothing to boot from\nbut the network. Say `--allow vm-without-disk` when that is meant.\n\nThis is the warning `vm-without-disk`: `--deny vm-without-disk` makes it an error, `--allow vm-without-disk` is silent about it.\n\n```phx fails=PHX0416\nvm pxe {\n  id     = 101\n  memory = 2GiB\n}\n```\n\n```phx works\nvm pxe {\n  id      = 101\n  memory  = 2GiB\n  storage = \"local-lvm\"\n  disk    = 32GiB\n}\n```"
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            },
            {
              "id": "policy/small",
              "name": "small",
              "shortDescription": {
                "text": "policy `small`"
              },
              "help": {
                "text": "An assertion of the policy `small` does not hold. The related location is its line."
              },
              "defaultConfiguration": {
                "level": "error"
              }
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "PHX0416",
          "ruleIndex": 0,
          "level": "warning",
          "message": {
            "text": "`vm.web` has no disk\nhelp: say `image`, `clone`, or `disk = 32GiB`"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "main.phx"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 1,
                  "endLine": 1,
                  "endColumn": 7
                }
              }
            }
          ],
          "partialFingerprints": {
            "phxFinding/v1": "73a71ae615190598f0aa8860343167ec:1"
          }
        },
        {
          "ruleId": "policy/small",
          "ruleIndex": 1,
          "level": "error",
          "message": {
            "text": "vm.web asks for 8GiB"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "main.phx"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 1,
                  "endLine": 1,
                  "endColumn": 7
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "vm.web",
                  "kind": "resource"
                }
              ]
            }
          ],
          "relatedLocations": [
            {
              "id": 1,
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "main.phx"
                },
                "region": {
                  "startLine": 9,
                  "startColumn": 30,
                  "endLine": 9,
                  "endColumn": 46
                }
              },
              "message": {
                "text": "the assertion that does not hold"
              }
            }
          ],
          "partialFingerprints": {
            "phxFinding/v1": "2580cf354d20dc9f02635c55a2428668:1"
          }
        }
      ]
    }
  ]
}
-- exit --
3
3
