#!/bin/sh
# Fails on an #include that the layers do not allow: check_layers.sh SOURCE-DIRECTORY
#
# A layer may include those it rests on, and what those rest on. `backend.h` stands for the headers backend/backend.h,
# backend/task.h and backend/tool.h (what a Proxmox task's state, and a tool's end, mean): nobody but the program's entry sees a concrete backend. `work.h`
# stands for guest/work.h, which is plain data: the plan knows what is done in guests, not how.
set -u
cd "${1:?usage: check_layers.sh SOURCE-DIRECTORY}" || exit 64

# Who opens the handle that can change a cluster: what carries a plan out, and what takes its lock off.
others=$(grep -rlw 'phx_backend_writer' runtime --include='*.c' |
  grep -vE '^runtime/(backend/backend|cli/(execute|cmd_apply|cmd_cluster))\.c$')
[ -z "$others" ] || { echo "phx_backend_writer is not for $others"; exit 1; }

grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]' runtime compiler grammar \
  --include='*.c' --include='*.h' --include='*.l' --include='*.y' | awk '
  BEGIN {
    may["base"] = "base"
    may["model"] = "base model"
    may["backend"] = "base model backend"
    may["observe"] = "base model backend.h observe"
    may["plan"] = "base model backend.h observe work.h plan"
    may["guest"] = "base model backend.h guest"
    may["apply"] = "base model backend.h observe plan guest apply"
    may["report"] = "base model backend.h observe work.h plan report"
    may["ast"] = "base ast"
    may["grammar"] = "base ast grammar"
    may["sema"] = "base model ast sema"
    may["json"] = "base model json"
    may["cli"] = "*"
    # Libraries that only some places see: a pattern for the files that may.
    only["jansson.h"] = "^runtime/base/json\\.h$|_json\\.c$|^runtime/backend/|^runtime/observe/"
    only["curl/curl.h"] = "^runtime/backend/api/|^runtime/cli/"
    only["microhttpd.h"] = "^runtime/backend/sim/|^runtime/cli/"
    only["yaml.h"] = "^runtime/base/yaml\\.c$"
    only["crypt.h"] = "^runtime/base/"
    only["openssl/"] = "^runtime/base/|^runtime/backend/|^runtime/cli/"
  }
  function layer_of(path, part, n) {
    n = split(path, part, "/")
    return part[1] == "grammar" ? "grammar" : part[2]
  }
  function complain(why) {
    print file ":" line ": " why
    bad = 1
  }
  function allowed(layer, header, target, list, n, i) {
    if (may[layer] == "*") return 1
    n = split(may[layer], list, " ")
    for (i = 1; i <= n; i++)
      if (list[i] == target || (list[i] == "backend.h" && header ~ /^backend\/(backend|task|tool)\.h$/) ||
          (list[i] == "work.h" && header == "guest/work.h")) return 1
    return 0
  }
  {
    file = $0; sub(/:.*/, "", file)
    line = $0; sub(/^[^:]*:/, "", line); sub(/:.*/, "", line)
    directory = file; sub(/\/[^\/]*$/, "", directory)
    header = $0
    if (header ~ /include[ \t]*</) {
      sub(/^.*</, "", header); sub(/>.*$/, "", header)
      for (library in only)
        if (index(header, library) == 1 && file !~ only[library])
          complain("<" header "> does not belong here")
      next
    }
    sub(/^[^"]*"/, "", header); sub(/".*$/, "", header)
    if (header !~ /\//) next # beside the file, so in its layer
    layer = layer_of(file)
    target = header; sub(/\/.*/, "", target)
    if (!(layer in may)) { complain("unknown layer " layer); next }
    if (!(target in may)) { complain("\"" header "\" is in no layer"); next }
    if (!allowed(layer, header, target))
      complain("layer " layer " must not include \"" header "\"")
    # Private headers are for their folder and those inside it.
    if (header ~ /_priv\.h$/) {
      folder = header; sub(/\/[^\/]*$/, "", folder)
      if (index(directory "/", "/" folder "/") == 0 && directory != folder)
        complain("\"" header "\" is private to " folder)
    }
    edges++
  }
  END {
    if (edges == 0) { print "no #include found: is this the source directory?"; exit 1 }
    exit bad
  }'
