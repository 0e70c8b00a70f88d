A first plan as JSON.
-- args --
plan --sim sim --json main.phx
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
container a {
  id = 101
  memory = 512MiB
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }
}
-- stdout --
{
  "format": "phx-plan/1",
  "stack": "t",
  "cluster": "pve",
  "offline": false,
  "summary": {
    "create": 1,
    "update": 0,
    "replace": 0,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 0,
    "restart": 0,
    "actions": 5
  },
  "changes": [
    {
      "address": "container.a",
      "kind": "container",
      "id": 101,
      "node": "pve",
      "action": "create",
      "impact": "none",
      "restart": false,
      "attributes": [
        {
          "path": "memory",
          "before": null,
          "after": "512MiB",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 5,
            "column": 12
          },
          "reason": ""
        },
        {
          "path": "unprivileged",
          "before": null,
          "after": "true",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 8,
            "column": 18
          },
          "reason": ""
        },
        {
          "path": "rootfs",
          "before": null,
          "after": "4GiB on local-lvm",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 7,
            "column": 3
          },
          "reason": ""
        },
        {
          "path": "network",
          "before": null,
          "after": "vmbr0, 10.0.0.9/24 via 10.0.0.1",
          "sensitive": false,
          "pending": false,
          "impact": "none",
          "drift": false,
          "source": {
            "path": "main.phx",
            "line": 9,
            "column": 3
          },
          "reason": ""
        }
      ],
      "reason": "of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
      "notes": [],
      "source": {
        "path": "main.phx",
        "line": 3,
        "column": 1
      }
    }
  ],
  "actions": [
    {
      "id": "a1",
      "address": "stack",
      "op": "lock",
      "summary": "take the lock of stack t",
      "call": {
        "method": "POST",
        "path": "/pools",
        "params": {
          "poolid": "phx-lock-t",
          "comment": "(who and when)"
        },
        "later": [
          "comment"
        ],
        "task": false
      },
      "needs": [],
      "locks": []
    },
    {
      "id": "a2",
      "address": "container.a",
      "op": "create",
      "summary": "create container 101 of local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc",
        "params": {
          "vmid": "101",
          "ostemplate": "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
          "hostname": "a",
          "description": "<!-- phx:1 stack=t address=container.a id=101 building set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->",
          "tags": "phx-t",
          "memory": "512",
          "unprivileged": "1",
          "rootfs": "local-lvm:4",
          "net0": "name=eth0,bridge=vmbr0,hwaddr=02:5F:1E:80:26:C1,ip=10.0.0.9/24,gw=10.0.0.1"
        },
        "task": true
      },
      "needs": [
        "a1"
      ],
      "locks": [
        {
          "name": "alloc:pve/local-lvm",
          "exclusive": false,
          "limit": 16
        },
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a3",
      "address": "container.a",
      "op": "start",
      "summary": "start 101",
      "call": {
        "method": "POST",
        "path": "/nodes/pve/lxc/101/status/start",
        "params": {},
        "task": true
      },
      "needs": [
        "a2"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a4",
      "address": "container.a",
      "op": "marker",
      "summary": "note that 101 is complete",
      "call": {
        "method": "PUT",
        "path": "/nodes/pve/lxc/101/config",
        "params": {
          "description": "<!-- phx:1 stack=t address=container.a id=101 set=memory~c809~name~cd20~network~1ec4~node~0c6a~rootfs~da93~unprivileged~9310 -->"
        },
        "task": false
      },
      "needs": [
        "a3"
      ],
      "locks": [
        {
          "name": "guest:101",
          "exclusive": true
        }
      ]
    },
    {
      "id": "a5",
      "address": "stack",
      "op": "unlock",
      "summary": "give the lock of stack t back",
      "call": {
        "method": "DELETE",
        "path": "/pools/phx-lock-t",
        "params": {},
        "task": false
      },
      "needs": [
        "a4"
      ],
      "locks": []
    }
  ],
  "order": [
    "container.a"
  ],
  "estimate": {
    "makespan_ms": 23600,
    "source": "usual",
    "critical_path": [
      "a1",
      "a2",
      "a3",
      "a4"
    ],
    "actions": [
      200,
      20000,
      3000,
      200,
      200
    ],
    "starts": [
      0,
      200,
      20200,
      23200,
      23400
    ],
    "downtime": []
  },
  "capacity": [
    {
      "kind": "memory",
      "node": "pve",
      "before": 0,
      "after": 536870912,
      "used": 8589934592,
      "physical": 137438953472,
      "limit": 137438953472,
      "over": false
    },
    {
      "kind": "cores",
      "node": "pve",
      "before": 0,
      "after": 1,
      "physical": 32,
      "limit": 128,
      "over": false
    },
    {
      "kind": "storage",
      "node": "pve",
      "storage": "local-lvm",
      "type": "lvmthin",
      "thin": true,
      "before": 0,
      "after": 4294967296,
      "used": 0,
      "physical": 858993459200,
      "limit": 858993459200,
      "over": false
    }
  ],
  "permissions": {
    "identity": "root@pam!sim",
    "checked": true,
    "needed": 12,
    "missing": []
  },
  "diagnostics": []
}
