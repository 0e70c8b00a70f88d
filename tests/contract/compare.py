"""What two answers must have in common. Shapes (keys and JSON types) are compared everywhere, values where they are
determined: not times, process ids, digests, generated addresses and identifiers, or what a real machine measured."""
import re

# Measured by a real machine, or drawn at random: only the type counts.
MEASURED = {
    "avail", "boot-info", "bytes", "cert", "cpu", "ctime", "current-kernel", "disk", "diskread", "diskwrite", "endtime", "flags", "free", "idle", "kversion",
    "loadavg", "localtime", "mem", "mhz", "model", "netin", "netout", "pid", "pstart", "running-machine", "running-qemu",
    "runningmachine", "rx-bytes", "rx-packets", "saved", "serverid", "snaptime", "ssl_fingerprint", "starttime", "time", "trimmed", "tx-bytes",
    "tx-packets", "uid", "uptime", "used", "used_fraction", "wait", "pbs-library-version", "CSRFPreventionToken", "ticket", "user_hz",
}
# The same under these keys, but only beside another one.
MEASURED_BESIDE = {"swap": "maxswap", "value": "full-tokenid", "used-bytes": "mountpoint", "total-bytes": "mountpoint"}
# Text that differs from one run to the next.
VOLATILE = [
    ("upid", re.compile(r"UPID:(\w+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:"), r"UPID:\1:*:"),
    ("uuid", re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    ("digest", re.compile(r"\b[0-9a-f]{40}\b"), "<digest>"),
    ("mac", re.compile(r"\bBC:24:11(:[0-9A-F]{2}){3}\b", re.I), "<mac>"),
    ("linklocal", re.compile(r"fe80::be24:11ff:[0-9a-f:]+"), "<linklocal>"),
    ("ctime", re.compile(r"ctime=\d{10}"), "ctime=*"),
    ("crypt", re.compile(r"\$5\$[^$ ]+\$[./0-9A-Za-z]+"), "<crypt>"),
    ("tmp", re.compile(r"/var/tmp/pve\w+-[0-9a-f]+"), "/var/tmp/*"),
    ("stamp", re.compile(r"\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d"), "<stamp>"),
    ("creation", re.compile(r"creation-qemu=[0-9.]+"), "creation-qemu=*"),
    ("progress", re.compile(r"transferred [0-9.]+ [KMG]?i?B of ([0-9.]+ [KMG]?i?B) \([0-9.]+%\)"), r"transferred * of \1"),
    ("seconds", re.compile(r"\bin \d+s\b"), "in *s"),
    ("ticket", re.compile(r"PVE:[^:]+:[0-9A-Z]+::\S+"), "<ticket>"),
]
# A list is a set of objects, told apart by the first of these that all have with different values.
IDENTITY = ("key", "volid", "id", "sid", "upid", "vmid", "pos", "name", "userid", "roleid", "tokenid", "storage", "iface", "realm", "poolid", "groupid",
            "group", "cidr", "subdir", "cmd", "service", "mac", "hardware-address", "ip-address", "logical-id", "mountpoint", "path", "ugid", "node",
            "type", "macro", "t")


def plain(text):
    for _, pattern, to in VOLATILE:
        text = pattern.sub(to, text)
    return text


def kind(v):
    if v is None:
        return "null"
    if isinstance(v, bool):
        return "boolean"
    if isinstance(v, (int, float)):
        return "number"
    return {str: "string", list: "array", dict: "object"}[type(v)]


def is_time(v):
    return isinstance(v, (int, float)) and ((1.7e9 < v < 1.9e9 or 1.7e18 < v < 1.9e18) or 1.7e18 < v < 1.9e18)


def identity(items):
    for key in IDENTITY:
        values = [i.get(key) for i in items if isinstance(i, dict)]
        if len(values) == len(items) and all(isinstance(v, (str, int)) for v in values) and len({plain(str(v)) for v in values}) == len(values):
            return key
    return None


def short(v):
    text = repr(v)
    return text if len(text) <= 90 else text[:87] + "..."


class Comparison:
    """Collects differences, and what stands for what (recorded → live) in texts that differ by chance."""

    def __init__(self, learn):
        self.differences = []
        self.learn = learn

    def say(self, where, text):
        self.differences.append(f"{where}: {text}" if where else text)

    def text(self, where, want, got):
        if want == "...":  # cut short in the recording
            return
        if plain(want) != plain(got):
            self.say(where, f"{short(want)} recorded, {short(got)} here")
            return
        for _, pattern, _to in VOLATILE:
            for a, b in zip(pattern.finditer(want), pattern.finditer(got)):
                if a.group() != b.group():
                    self.learn[a.group()] = b.group()
        if want.startswith("UPID:"):
            self.learn[want] = got

    def same(self, where, want, got):
        if kind(want) != kind(got):
            self.say(where, f"{kind(want)} {short(want)} recorded, {kind(got)} {short(got)} here")
        elif isinstance(want, dict):
            self.objects(where, want, got)
        elif isinstance(want, list):
            self.lists(where, want, got)
        elif is_time(want) and is_time(got):
            pass
        elif isinstance(want, str):
            self.text(where, want, got)
        elif want != got:
            self.say(where, f"{short(want)} recorded, {short(got)} here")

    @staticmethod
    def measured(key, want):
        return key in MEASURED or (key in MEASURED_BESIDE and MEASURED_BESIDE[key] in want)

    def objects(self, where, want, got):
        for key in sorted(set(want) - set(got)):
            self.say(where, f"no `{key}` here ({short(want[key])} recorded)")
        for key in sorted(set(got) - set(want)):
            self.say(where, f"`{key}` only here ({short(got[key])})")
        for key in sorted(set(want) & set(got)):
            at = f"{where}.{key}"
            if self.measured(key, want):
                self.types(at, want[key], got[key])
                if want.get("status") == "stopped" and want[key] == 0 and got[key] != 0:
                    self.say(at, f"0 recorded, {short(got[key])} here")
            elif key == "maxdisk" and want.get("type") == "lxc" and want.get("status") == "running":
                self.types(at, want[key], got[key])  # of the file system inside
            elif key == "blockstat" or key == "cpuinfo":
                self.types(at, want[key], got[key])
            elif key == "content" and "," in str(want[key]):
                self.same(at, sorted(want[key].split(",")), sorted(str(got[key]).split(",")))
            else:
                self.same(at, want[key], got[key])

    def types(self, where, want, got):
        """Keys and JSON types, but no values."""
        if kind(want) != kind(got):
            self.say(where, f"{kind(want)} {short(want)} recorded, {kind(got)} {short(got)} here")
        elif isinstance(want, dict):
            for key in sorted(set(want) ^ set(got)):
                self.say(where, f"`{key}` only " + ("recorded" if key in want else "here"))
            for key in sorted(set(want) & set(got)):
                self.types(f"{where}.{key}", want[key], got[key])
        elif isinstance(want, list) and want and got:
            self.types(f"{where}[0]", want[0], got[0])
        elif isinstance(want, str):
            self.learn.setdefault(want, got)

    def lists(self, where, want, got):
        key = identity(want) if want else None
        if key and (not got or identity(got) == key or all(isinstance(g, dict) and key in g for g in got)):
            live = {plain(str(g[key])): g for g in got}
            if len(live) != len(got):
                self.say(where, f"`{key}` twice here")
            for w in want:
                name = plain(str(w[key]))
                if name in live:
                    self.same(f"{where}[{w[key]}]", w, live.pop(name))
                else:
                    self.say(where, f"no {short(w[key])} here")
            for name in live:
                self.say(where, f"{short(name)} only here")
            return
        if len(want) != len(got):
            self.say(where, f"{len(want)} items recorded, {len(got)} here: {short(want)} / {short(got)}")
            return
        if all(isinstance(v, str) for v in want + got):
            want, got = sorted(want), sorted(got)
        for i, (w, g) in enumerate(zip(want, got)):
            self.same(f"{where}[{i}]", w, g)

    def shape(self, where, want, got):
        """Lists whose members depend on the machine: each member here has the keys and types that members have there."""
        if kind(want) != kind(got):
            self.say(where, f"{kind(want)} recorded, {kind(got)} here")
            return
        if not isinstance(want, list):
            return
        if bool(want) != bool(got):
            self.say(where, f"{len(want)} items recorded, {len(got)} here")
            return
        if not all(isinstance(v, dict) for v in want + got):
            return
        types = {}
        for w in want:
            for k, v in w.items():
                types.setdefault(k, set()).add(kind(v))
        always = {k for k in types if all(k in w for w in want)}
        for g in got:
            for k in always - set(g):
                self.say(where, f"no `{k}` here")
                return
            for k, v in g.items():
                if k not in types or kind(v) not in types[k]:
                    self.say(where, f"`{k}` is {kind(v)} here, {'/'.join(sorted(types.get(k, ['absent'])))} recorded")
                    return
