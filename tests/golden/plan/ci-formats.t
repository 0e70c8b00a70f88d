The reports of a plan that deletes and restarts, beside its text.
-- args --
$ "$PHX" apply --yes --sim sim --sim-speed 0 first.phx >/dev/null 2>&1
plan --sim sim --allow-destroy vm.goes --policy tag-required --junit j.xml --sarif s.json second.phx
$ cat j.xml s.json
plan --offline --junit - bad.phx
-- file first.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm grows { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm" }
vm goes { id = 102; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; running = false }
-- file second.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
vm grows { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; bios = ovmf }
-- file bad.phx --
stack "t"
vm a { id = 1 }
-- stdout --
Stack t on cluster pve (http://127.0.0.1:PORT)

~ vm.grows  101 on pve  second.phx:3
    update
    ! RESTART: the guest is restarted for this
      bios    seabios → ovmf  second.phx:3
              RESTART: Proxmox cannot change bios like this while the guest runs
      memory  1GiB → 2GiB     second.phx:3  RESTART: its `hotplug` option does not include memory

- vm.goes  102 on pve
    delete: it left the configuration
    ! DATA LOSS
      ! local-lvm:vm-102-disk-0, 1GiB, is destroyed

Policies
  tag-required  warns  etc/policies/tag-required.phx:5
    vm.grows has no tag  second.phx:3

! DATA LOSS: vm.goes
! RESTART: vm.grows
Plan: 0 to create, 1 to update (1 restart), 0 to replace, 1 to delete; 6 actions.
About …; vm.grows is down for about ….
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="phx" tests="4" failures="0" errors="0" skipped="0" time="0">
  <testsuite name="configuration" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="phx" name="configuration" time="0"/>
  </testsuite>
  <testsuite name="guests" tests="2" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="phx.guest" name="vm.grows" file="second.phx" line="3" time="0">
      <system-out>second.phx:3:80: warning[impact/restart]: vm.grows is restarted: update
bios: Proxmox cannot change bios like this while the guest runs
memory: its `hotplug` option does not include memory
</system-out>
    </testcase>
    <testcase classname="phx.guest" name="vm.goes" time="0">
      <system-out>second.phx:1:1: error[impact/data-loss]: vm.goes loses data: delete, it left the configuration
local-lvm:vm-102-disk-0, 1GiB, is destroyed
</system-out>
    </testcase>
  </testsuite>
  <testsuite name="policies" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="phx.policy" name="tag-required" file="etc/policies/tag-required.phx" line="5" time="0">
      <system-out>second.phx:3:1: warning[policy/tag-required]: vm.grows has no tag
asserted in etc/policies/tag-required.phx:9:14
</system-out>
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
              "id": "policy/tag-required",
              "name": "tag-required",
              "shortDescription": {
                "text": "policy `tag-required`"
              },
              "help": {
                "text": "An assertion of the policy `tag-required` does not hold. The related location is its line."
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            },
            {
              "id": "impact/restart",
              "name": "Restart",
              "shortDescription": {
                "text": "the plan restarts a guest"
              },
              "help": {
                "text": "A change cannot be made while the guest runs."
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            },
            {
              "id": "impact/data-loss",
              "name": "DataLoss",
              "shortDescription": {
                "text": "the plan destroys data"
              },
              "help": {
                "text": "A guest or one of its volumes is destroyed. Look for the volumes in the plan, and whether a backup exists."
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
          "ruleId": "policy/tag-required",
          "ruleIndex": 0,
          "level": "warning",
          "message": {
            "text": "vm.grows has no tag"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "second.phx"
                },
                "region": {
                  "startLine": 3,
                  "startColumn": 1,
                  "endLine": 3,
                  "endColumn": 9
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "vm.grows",
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
                  "uri": "etc/policies/tag-required.phx"
                },
                "region": {
                  "startLine": 9,
                  "startColumn": 14,
                  "endLine": 9,
                  "endColumn": 32
                }
              },
              "message": {
                "text": "the assertion that does not hold"
              }
            }
          ],
          "partialFingerprints": {
            "phxFinding/v1": "dc189ae6804e276c15d04622baa0aa0e:1"
          }
        },
        {
          "ruleId": "impact/restart",
          "ruleIndex": 1,
          "level": "warning",
          "message": {
            "text": "vm.grows is restarted: update\nbios: Proxmox cannot change bios like this while the guest runs\nmemory: its `hotplug` option does not include memory"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "second.phx"
                },
                "region": {
                  "startLine": 3,
                  "startColumn": 80,
                  "endLine": 3,
                  "endColumn": 84
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "vm.grows",
                  "kind": "resource"
                }
              ]
            }
          ],
          "partialFingerprints": {
            "phxFinding/v1": "961272de53cae24fbebb7ace29ba12ef:1"
          }
        },
        {
          "ruleId": "impact/data-loss",
          "ruleIndex": 2,
          "level": "error",
          "message": {
            "text": "vm.goes loses data: delete, it left the configuration\nlocal-lvm:vm-102-disk-0, 1GiB, is destroyed"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "second.phx"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 1,
                  "endLine": 1,
                  "endColumn": 10
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "vm.goes",
                  "kind": "resource"
                }
              ]
            }
          ],
          "partialFingerprints": {
            "phxFinding/v1": "99c1685bf9f5eee96943c9a31e3b393b:1"
          }
        }
      ]
    }
  ]
}
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="phx" tests="2" failures="1" errors="0" skipped="0" time="0">
  <testsuite name="configuration" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="phx" name="configuration" time="0"/>
  </testsuite>
  <testsuite name="guests" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="phx.guest" name="vm.a" file="bad.phx" line="2" time="0">
      <failure type="PHX0422" message="`id` cannot be `1`">bad.phx:2:13: error[PHX0422]: `id` cannot be `1`
note: Proxmox's ids are 100 to 999999999
</failure>
      <system-out>bad.phx:2:1: warning[PHX0416]: `vm.a` has no disk
help: say `image`, `clone`, or `disk = 32GiB`
</system-out>
    </testcase>
  </testsuite>
</testsuites>
-- stderr --
warning[PHX0651]: policy `tag-required` warns: vm.grows has no tag
 --> etc/policies/tag-required.phx:9:14
  |
9 |       assert length(g.tags) > 0, "${g.address} has no tag"
  |              ^^^^^^^^^^^^^^^^^^ this is false
  |
 ::: second.phx:3:1
  |
3 | vm grows { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm"; bios = ovmf }
  | -------- vm.grows
  |
  = note: `length(g.tags)` is 0
  = explain: run `phx explain PHX0651`

warning[PHX0416]: `vm.a` has no disk
 --> bad.phx:2:1
  |
2 | vm a { id = 1 }
  | ^^^^
  |
  = help: say `image`, `clone`, or `disk = 32GiB`
  = explain: run `phx explain PHX0416`

error[PHX0422]: `id` cannot be `1`
 --> bad.phx:2:13
  |
2 | vm a { id = 1 }
  |             ^
  |
  = note: Proxmox's ids are 100 to 999999999
  = explain: run `phx explain PHX0422`

-- exit --
0
0
0
1
