#!/usr/bin/env python3
"""Builds the option tables of phx from a description of the Proxmox VE API.

usage: options.py ENDPOINTS.json OUTDIR

ENDPOINTS.json: {path: {method: {"parameters": {name: schema}, "permissions": …}}}; firewall-macros.json (a list of
names) stands beside it. OUTDIR (etc/pve/VERSION) holds `overlay`, the hand-written part, and receives the tables,
`endpoints` and `firewall-macros`. Only facts are taken over: names, types, ranges, enums, formats, patterns, defaults,
permissions. Same input, same bytes.

A table is lines of fields separated by tabs; backslash, tab and newline inside a field are written \\\\ \\t \\n:
  phx-options 1 NAME        first line
  words NAME NAME,…         names that formats know
  format NAME               a property string; its keys follow
  key NAME TYPE attribute…
  option NAME[0-N] TYPE attribute…
In `endpoints` (first line `phx-endpoints 1`) instead of options:
  path TEMPLATE [rest]      rest: the last parameter takes all that is left of the path
  method METHOD PERMISSION flag…
  param NAME[0-N] TYPE attribute…
"""

import json
import os
import re
import shlex
import sys

METHODS = ["GET", "POST", "PUT", "DELETE"]
TYPES = {"string", "integer", "number", "boolean", "array"}
# Order of the attributes in a line.
ATTRIBUTES = [
    "opt", "dk", "path", "min", "max", "minlen", "maxlen", "pat", "enum", "fmt", "keys", "words", "alias", "keyalias",
    "def", "req", "items", "impact", "unit", "canon", "attr", "root", "priv", "write_only", "create_only", "update_only",
    "read_only", "generated", "reprinted", "transient", "informative", "disk", "nic", "presence", "state",
    "restore",
]
# Formats whose values may be one of a list of names.
FORMAT_WORDS = {
    "pve-fw-protocol-spec": "pve-fw-protocol-spec",
    "pve-fw-icmp-type-spec": "pve-fw-icmp-type-spec",
    "pve-fw-conntrack-helper": "pve-fw-conntrack-helper",
    "pve-fw-sport-spec": "services",
    "pve-fw-dport-spec": "dport-names",
    "pve-qm-bootdisk": "boot-disks",
}


def fail(message):
    sys.exit("options.py: " + message)


def number(value):
    """A limit as text: 9.0 and "9" are 9."""
    value = float(value)
    return str(int(value)) if value == int(value) else repr(value)


def scalar(value):
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return number(value)
    return value


def field(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


class Overlay:
    """The hand-written facts, by statement."""

    def __init__(self, path):
        self.families = {}
        self.formats = {}
        self.words = {}
        self.tables = {}
        self.defaults = {}
        self.sets = []
        self.rest = set()
        self.current = None
        with open(path, encoding="utf-8") as file:
            for at, line in enumerate(file, 1):
                words = self.split(line)
                if words:
                    self.where = "%s:%d: " % (path, at)
                    self.statement(words)

    @staticmethod
    def split(line):
        lexer = shlex.shlex(line, posix=True)
        lexer.whitespace_split = True
        lexer.escape = ""
        lexer.quotes = '"'
        lexer.commenters = "#"
        return list(lexer)

    def statement(self, words):
        verb, words = words[0], words[1:]
        handler = getattr(self, "on_" + verb, None)
        if handler is None:
            fail(self.where + "unknown statement " + verb)
        handler(words)

    def attributes(self, words):
        result = {}
        for word in words:
            name, equals, value = word.partition("=")
            if name not in ATTRIBUTES and name != "nodef":
                fail(self.where + "unknown attribute " + name)
            result[name] = value if equals else True
        return result

    def on_family(self, words):
        kind, name, count = words
        self.families[(kind, name)] = int(count)

    def on_format(self, words):
        self.current = {}
        if words[0] in self.formats:
            fail(self.where + "format defined twice: " + words[0])
        self.formats[words[0]] = self.current

    def on_key(self, words):
        if words[1] not in TYPES:
            fail(self.where + "unknown type " + words[1])
        self.current[words[0]] = dict(self.attributes(words[2:]), type=words[1])

    def on_words(self, words):
        self.words.setdefault(words[0], []).extend(words[1:])

    def on_families(self, words):
        """All members of some families as a list of words."""
        name, kind = words[:2]
        for family in words[2:]:
            count = self.families[(kind, family)]
            self.words.setdefault(name, []).extend("%s%d" % (family, n) for n in range(count))

    def on_table(self, words):
        calls, at = [], 1
        while at < len(words):
            calls.append((words[at], words[at + 1]))
            if at + 2 < len(words) and words[at + 2] != "|":
                fail(self.where + "expected | between calls")
            at += 3
        self.tables[words[0]] = calls

    def on_rest(self, words):
        self.rest.update(words)

    def on_default(self, words):
        self.defaults[words[0]] = self.attributes(words[1:])

    def on_set(self, words):
        option, dot, keys = words[1].partition(".")
        self.sets.append(
            (self.where, words[0].split(","), option.split(","), keys.split(",") if dot else None,
             self.attributes(words[2:])))


class Formats:
    """Property-string formats: equal ones are one; each gets a name of its own."""

    def __init__(self):
        self.by_text = {}
        self.named = {}

    def add(self, wanted, keys):
        text = json.dumps(keys, sort_keys=True)
        if text in self.by_text:
            return self.by_text[text]
        name, n = wanted, 2
        while name in self.named:
            name, n = "%s-%d" % (wanted, n), n + 1
        self.by_text[text] = name
        self.named[name] = keys
        return name


class Builder:
    def __init__(self, description, overlay):
        self.description = description
        self.overlay = overlay

    def schema(self, name, source, vendor_formats):
        """One parameter or key as attributes; its property string, if it has one, under `props`."""
        if "alias" in source:
            result = {"type": "string", "opt": True, "alias": source["alias"]}
            if "keyAlias" in source:
                result["keyalias"] = source["keyAlias"]
            return result
        result = {"type": source.get("type", "string")}
        if result["type"] not in TYPES:
            fail("%s: unknown type %s" % (name, result["type"]))
        if int(source.get("optional") or 0):
            result["opt"] = True
        if source.get("default_key"):
            result["dk"] = True
        for attribute, key in (("min", "minimum"), ("max", "maximum"), ("minlen", "minLength"), ("maxlen", "maxLength")):
            if source.get(key) is not None:
                result[attribute] = number(source[key])
        if source.get("requires") is not None:
            result["req"] = source["requires"]
        if source.get("pattern") is not None:
            # phx's matcher counts to 512; the one longer count belongs to a call that phx never makes.
            result["pat"] = re.sub(r"\{0,\d{4,}\}", "*", source["pattern"])
        if source.get("default") is not None:
            result["def"] = scalar(source["default"])
        if source.get("enum"):
            if any("," in value for value in source["enum"]):
                fail("%s: comma in an enum" % name)
            result["enum"] = ",".join(source["enum"])
        if source.get("items"):
            form = source["items"].get("format")
            result["items"] = form if isinstance(form, str) else source["items"].get("type", "string")
        self.format(name, source.get("format"), result, vendor_formats)
        return result

    def format(self, name, form, result, vendor_formats):
        if form is None:
            return
        if isinstance(form, dict):
            result["props"] = {key: self.schema(name + "." + key, value, vendor_formats)
                               for key, value in form.items()}
            return
        result["fmt"] = form
        if form in FORMAT_WORDS:
            result["words"] = FORMAT_WORDS[form]
        if form == "pve-qm-ide":
            result["props"] = {key: self.schema(name + "." + key, value, vendor_formats)
                               for key, value in vendor_formats["ide[n]"]["format"].items()}
        elif form in self.overlay.formats:
            result["props"] = {key: dict(value) for key, value in self.overlay.formats[form].items()}

    def call(self, method, path):
        try:
            return self.description[path][method]
        except KeyError:
            fail("no such call: %s %s" % (method, path))

    def params(self, method, path):
        creators = self.description["/nodes/{node}/qemu"]["POST"]["parameters"]
        source = self.call(method, path)["parameters"] or {}
        return {name: self.schema(name, schema, creators) for name, schema in source.items()}

    def label(self, kind, name):
        """scsi[n] → scsi[0-30]."""
        if not name.endswith("[n]"):
            return name
        key = (kind, name[:-3])
        if key not in self.overlay.families:
            fail("no family %s %s in the overlay" % key)
        return "%s[0-%d]" % (name[:-3], self.overlay.families[key] - 1)


def kind_of(path):
    return "container" if "/lxc" in path else "vm"


def line(record, name, schema):
    fields = [record, name, schema["type"]]
    for attribute in ATTRIBUTES:
        value = schema.get(attribute)
        if value is True:
            fields.append(attribute)
        elif value is not None and value is not False:
            fields.append(attribute + "=" + value)
    return "\t".join(field(text) for text in fields) + "\n"


def name_formats(formats, wanted, schema):
    """Moves a schema's property string into `formats`."""
    if "props" in schema:
        for key in schema["props"].values():
            if "props" in key:
                fail(wanted + ": property string inside a property string")
        schema["keys"] = formats.add(schema.get("fmt", wanted), schema.pop("props"))


def format_lines(formats, words):
    used = sorted({key["words"] for keys in formats.named.values() for key in keys.values() if "words" in key} | words)
    return used, "".join(
        "format\t" + name + "\n" + "".join(line("key", key, formats.named[name][key])
                                           for key in sorted(formats.named[name]))
        for name in sorted(formats.named))


def word_lines(overlay, used):
    result = []
    for name in used:
        if name not in overlay.words:
            fail("no words %s in the overlay" % name)
        result.append("words\t%s\t%s\n" % (name, ",".join(sorted(set(overlay.words[name])))))
    return "".join(result)


def merge_calls(builder, table):
    """The union of a table's calls: what creates comes first, and decides."""
    merged, first = {}, True
    for method, path in builder.overlay.tables[table]:
        in_path = set(re.findall(r"{(\w+)}", path))
        for name, schema in builder.params(method, path).items():
            if name not in merged:
                merged[name] = schema
                if name in in_path and not first:
                    merged[name]["update_only"] = True
        first = False
    return merged


def apply_overlay(overlay, table, options):
    for where, tables, names, keys, attributes in overlay.sets:
        if table not in tables:
            continue
        for name in names:
            option = options.get(name + "[n]") if name + "[n]" in options and (
                name not in options or keys is not None) else options.get(name)
            if option is None:
                fail("%sno option %s in %s" % (where, name, table))
            if keys is None:
                set_attributes(option, attributes)
                continue
            for key in keys:
                if key not in option.get("props", {}):
                    fail("%sno key %s.%s in %s" % (where, name, key, table))
                set_attributes(option["props"][key], attributes)
    for option in options.values():
        for attribute, value in overlay.defaults.get(table, {}).items():
            option.setdefault(attribute, value)


def set_attributes(schema, attributes):
    for attribute, value in attributes.items():
        if attribute == "nodef":
            schema.pop("def", None)
        else:
            schema[attribute] = value


def table_text(builder, table):
    overlay = builder.overlay
    kind = "container" if table.endswith("container") else "vm"
    options = merge_calls(builder, table)
    apply_overlay(overlay, table, options)
    formats = Formats()
    for name in sorted(options):
        name_formats(formats, name.replace("[n]", ""), options[name])
    used, text = format_lines(formats, {option["words"] for option in options.values() if "words" in option})
    lines = [line("option", builder.label(kind, name), options[name]) for name in sorted(options)]
    return "phx-options\t1\t%s\n" % table + word_lines(overlay, used) + text + "".join(lines)


def permission(expression):
    """(perm /vms/{vmid} VM.Audit) and the like; `root` when there is no rule."""
    if expression is None:
        return "root"
    if "check" in expression:
        return check_text(expression["check"])
    return expression["user"]


def check_text(check):
    verb, rest = check[0], check[1:]
    if verb in ("and", "or"):
        return "(%s %s)" % (verb, " ".join(check_text(part) for part in rest))
    if verb == "perm":
        text = "(perm %s %s" % (rest[0], ",".join(rest[1]))
        for name, value in zip(rest[2::2], rest[3::2]):
            if name == "any":
                text += " any" if value else ""
            elif name == "require_param":
                text += " require_param=" + value
            else:
                fail("unknown permission option " + name)
        return text + ")"
    if verb == "perm-modify":
        return "(perm-modify %s)" % rest[0]
    if verb == "userid-param":
        return "(userid-param %s)" % rest[0]
    if verb == "userid-group":
        return "(userid-group %s)" % " ".join([",".join(rest[0])] + list(rest[1:]))
    fail("unknown permission check " + verb)


def endpoints_text(builder):
    formats, words, body = Formats(), set(), []
    for path in sorted(builder.description):
        body.append("path\t%s%s\n" % (field(path), "\trest" if path in builder.overlay.rest else ""))
        in_path = set(re.findall(r"{([^}]+)}", path))
        for method in METHODS:
            if method not in builder.description[path]:
                continue
            call = builder.description[path][method]
            fields = ["method", method, permission(call.get("permissions"))]
            fields += ["protected"] if call.get("protected") else []
            fields += ["additional"] if call.get("additional") else []
            body.append("\t".join(fields) + "\n")
            params = builder.params(method, path)
            for name in sorted(params):
                if name in in_path:
                    params[name]["path"] = True
                name_formats(formats, name.replace("[n]", ""), params[name])
                if "words" in params[name]:
                    words.add(params[name]["words"])
                for dropped in ("unit", "canon", "generated"):
                    params[name].pop(dropped, None)
                body.append(line("param", endpoint_label(builder, path, name), params[name]))
    used, text = format_lines(formats, words)
    return "phx-endpoints\t1\n" + word_lines(builder.overlay, used) + text + "".join(body)


def endpoint_label(builder, path, name):
    if name.endswith("[n]") and not re.match(r"/nodes/\{node\}/(qemu|lxc)(/|$)", path):
        # Elsewhere (cluster links) the count does not matter to phx: as many as the format's digits allow.
        return name[:-3] + "[0-7]"
    return builder.label(kind_of(path), name)


def write(outdir, name, text):
    with open(os.path.join(outdir, name), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def main(arguments):
    if len(arguments) != 3:
        sys.exit("usage: options.py ENDPOINTS.json OUTDIR")
    source, outdir = arguments[1:]
    with open(source, encoding="utf-8") as file:
        description = json.load(file)
    with open(os.path.join(os.path.dirname(source), "firewall-macros.json"), encoding="utf-8") as file:
        macros = json.load(file)
    overlay = Overlay(os.path.join(outdir, "overlay"))
    # Types of ICMP used to be written as ports of destination, and still may be.
    overlay.words["dport-names"] = overlay.words["services"] + overlay.words["pve-fw-icmp-type-spec"]
    builder = Builder(description, overlay)
    for table in overlay.tables:
        write(outdir, table, table_text(builder, table))
    write(outdir, "endpoints", endpoints_text(builder))
    write(outdir, "firewall-macros", "".join(name + "\n" for name in sorted(macros)))


if __name__ == "__main__":
    main(sys.argv)
