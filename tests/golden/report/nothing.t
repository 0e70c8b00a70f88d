A plan that has nothing to do, in every form.
-- args --
$ "$PHX" apply --sim sim --yes main.phx >/dev/null 2>&1
$ "$PHX" inventory --sim sim -o inv.json main.phx
$ echo '== text'
plan --inventory inv.json -o p.phxplan main.phx
$ echo '== json' && "$PHX" show --format json p.phxplan
$ echo '== markdown' && "$PHX" show --format markdown p.phxplan
$ echo '== gitlab' && "$PHX" show --format gitlab p.phxplan
$ echo '== html, without style and script' && "$PHX" show --format html p.phxplan | sed 's/sha256-[^ ;]*/sha256-…/g; s/<style>.*/<style>/; s/^<script>.*/<script>/' | sed '/<style>/,/<\/style>/d; /<script>/,/<\/script>/d'
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
== text
Stack t on cluster pve

No changes. 1 resource is as declared.
== json
{
  "format": "phx-plan/1",
  "stack": "t",
  "cluster": "pve",
  "offline": false,
  "summary": {
    "create": 0,
    "update": 0,
    "replace": 0,
    "delete": 0,
    "adopt": 0,
    "migrate": 0,
    "none": 1,
    "restart": 0,
    "actions": 0
  },
  "changes": [],
  "actions": [],
  "order": [
    "container.a"
  ],
  "diagnostics": []
}
== markdown
<!-- phx-plan:t -->
## phx plan: stack <code>t</code> on <code>pve</code>

**No changes. 1 resource is as declared.**

<sub>phx 0.1.0, Proxmox VE 8.4.1, 0 actions</sub>
== gitlab
{"create":0,"update":0,"delete":0}
== html, without style and script
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-…; script-src 'sha256-…; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>phx plan: t on pve</title>
</head>
<body>
<a class="skip" href="#changes">To the changes</a>
<header>
<h1>phx plan: t on pve</h1>
<button type="button" class="theme" id="theme" hidden>Colours: automatic</button>
<p class="total">No changes. 1 resource is as declared.</p>
</header>
<main>
<section aria-labelledby="summary-h">
<h2 id="summary-h">Summary</h2>
</section>
<section id="changes" aria-labelledby="changes-h" tabindex="-1">
<h2 id="changes-h">Changes, in the order of execution</h2>
<p>There is nothing to do.</p>
</section>
<section aria-labelledby="inputs-h">
<h2 id="inputs-h">What it was made from</h2>
<details><summary>Files, variables, cluster</summary>
<div class="wide"><table><thead><tr><th scope="col">Input</th><th scope="col">SHA-256</th></tr></thead><tbody>
<tr><th scope="row"><code>main.phx</code></th><td><code>57c5b4d495498d3aa202bfb87294ba654ba6c27253990f858a6ddb744aa1880d</code></td></tr>
</tbody></table></div>
<p></p>
<p>phx 0.1.0; Proxmox VE 8.4.1; nodes: <code>pve</code></p>
</details>
</section>
</main>
<footer class="dim"><p>Made by phx. This page holds everything; it loads nothing.</p></footer>
</body>
</html>
-- stderr --
saved as p.phxplan: `phx apply p.phxplan` does exactly this
