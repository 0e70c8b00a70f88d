"""The HTML report in a real browser: it runs nothing but itself, every control works by keyboard and has a name, it follows the
colour scheme, and a thousand guests stay usable (times are printed, not judged)."""
from phxtest import *
from webdriver import Browser

STACK = '''stack "page"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
'''
FROM = 'ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:1"'
HEAD = STACK + "defaults container { " + FROM + '; bridge = "vmbr0" }'
SMALL = HEAD + '''
container keeps { id = 101; memory = 512MiB; network { ip = dhcp } }
container goes { id = 102; network { ip = dhcp } }
'''
CHANGED = HEAD + '''
container keeps { id = 101; memory = 1GiB; nesting = true; notes = "<script>document.title = 'taken over'</script> \\"&'"; network { ip = dhcp } }
container new { id = 103; depends_on = [container.keeps]; network { ip = dhcp } }
'''
MANY = STACK + "container base { id = 200; template = true; network { bridge = \"vmbr0\"; ip = dhcp }; " + FROM + ''' }
for i in 1..1000 {
  container "c${i}" { id = 1000 + i; clone = container.base; memory = 512MiB; network { ip = dhcp } }
}
'''
FOCUS = '''const e = document.activeElement; if (!e || e === document.body) return "";
return e.id || (e.tagName === "SUMMARY" ? "summary" : "") || (e.name ? e.name + "=" + e.value : "") || (e.href && e.href.baseVal !== undefined ? "graph" : "") ||
  e.getAttribute("aria-label") || e.className || e.tagName;'''


def shown(b):
    return b.js('return document.getElementById("shown").textContent')


def walk(b):
    """What the Tab key reaches, in its order, once round."""
    b.js("document.activeElement && document.activeElement.blur(); window.getSelection().removeAllRanges()")
    reached = []
    for _ in range(60):
        b.keys("Tab")
        at = b.js(FOCUS)
        if not at or (reached and at == reached[0]):
            break
        reached.append(at)
    return reached


def check_names(b):
    for css in ("button", "input", "form", "[role=region]", "main section", "svg"):
        for e in b.find_all(css):
            check(b.label(e), f"a {css} has no accessible name")
    for css, role in (("main", "main"), ("header", "banner"), ("form", "search"), ("main section", "region")):
        check(b.role(b.find_all(css)[0]) == role, f"{css} is no landmark {role}")
    levels = [int(x[1]) for x in b.js('return [...document.querySelectorAll("h1,h2,h3")].map(x => x.tagName)')]
    check(levels[0] == 1 and levels.count(1) == 1 and all(y - x <= 1 for x, y in zip(levels, levels[1:])), f"headings: {levels}")


def check_small(b, page, shots):
    b.open(page)
    b.wait('document.documentElement.dataset.ready', "the page is never ready")
    same(b.js("return document.title"), "phx plan: page on pve", "title: what a guest's notes say is text")
    same(b.js('return performance.getEntriesByType("resource").length'), 0, "requests of the page")
    same(shown(b), "3 of 3 shown", "changes")
    check_names(b)
    b.screenshot(os.path.join(shots, "light.png"))

    reached = walk(b)
    for control in ("skip", "theme", "search", "action=create", "action=update", "action=delete", "impact=data-loss", "impact=restart",
                    "open-all", "close-all", "summary", "graph", "Dependency graph, scrollable"):
        check(control in reached, f"the Tab key does not reach {control}: {reached}")
    check(reached.index("skip") == 0 and reached.index("search") < reached.index("open-all") < reached.index("graph"), f"order of focus: {reached}")

    b.js('document.querySelector(".skip").focus()')
    b.keys("Enter")
    same(b.js("return document.activeElement.id"), "changes", "the skip link leads to the changes")
    b.keys("/")
    same(b.js("return document.activeElement.id"), "search", "`/` leads to the search")
    b.keys("nesting")
    b.wait('document.getElementById("shown").textContent === "1 of 3 shown"', "searching for `nesting` does not leave one: " + shown(b))
    b.keys("Escape")
    same(shown(b), "3 of 3 shown", "Escape empties the search")
    b.js('document.querySelector("input[value=delete]").focus()')
    b.keys("Space")
    same(shown(b), "2 of 3 shown", "Space takes an action out")
    b.js('document.querySelector("button[type=reset]").focus()')
    b.keys("Enter")
    b.wait('document.getElementById("shown").textContent === "3 of 3 shown"', "Enter on `Show all` shows all")
    opened = 'return document.querySelectorAll("#list > div > details[open]").length'
    for button, n in (("open-all", 3), ("close-all", 0)):
        b.js("document.getElementById(arguments[0]).focus()", button)
        b.keys("Enter")
        same(b.js(opened), n, f"unfolded after {button}")
    b.js('document.querySelector("#list summary").focus()')
    b.keys("Enter")
    same(b.js(opened), 1, "Enter unfolds a change")
    b.screenshot(os.path.join(shots, "unfolded.png"))
    b.js('document.querySelector(".loud a").focus()')
    b.keys("Enter")
    b.wait('document.activeElement.tagName === "SUMMARY" && document.activeElement.textContent.includes("container.goes")',
           "the link under DATA LOSS leads to the change")

    back = 'return getComputedStyle(document.body).backgroundColor'
    light = b.js(back)
    b.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    dark = b.js(back)
    check(light != dark, "the page does not follow a dark colour scheme")
    b.screenshot(os.path.join(shots, "dark.png"))
    b.js('document.getElementById("theme").focus()')
    b.keys("Enter")
    same(b.js(back), light, "the button chooses light under a dark scheme")
    b.keys("Enter")
    same(b.js(back), dark, "then dark")
    b.cdp("Emulation.setEmulatedMedia", features=[])
    same(b.js(back), dark, "and dark stays dark under a light one")
    same(b.log(), [], "messages of the browser")


def check_many(b, page, shots):
    b.open(page)
    b.wait('document.documentElement.dataset.ready', "the page of 1,000 guests is never ready", 60)
    same(shown(b), "1001 of 1001 shown", "changes")
    times = b.js('''const n = performance.getEntriesByType("navigation")[0];
return {ready: +document.documentElement.dataset.ready, interactive: Math.round(n.domInteractive), load: Math.round(n.loadEventEnd)}''')
    search = b.js('''const s = document.getElementById("search"), t = performance.now(); s.value = "container.c77"; s.form.dispatchEvent(new Event("change"));
document.body.offsetHeight; return Math.round(performance.now() - t)''')
    same(shown(b), "11 of 1001 shown", "container.c77 and c770 to c779")
    again = b.js('''const s = document.getElementById("search"), t = performance.now(); s.value = ""; s.form.dispatchEvent(new Event("change"));
document.body.offsetHeight; return Math.round(performance.now() - t)''')
    unfold = b.js('''const t = performance.now(); document.getElementById("open-all").click(); document.body.offsetHeight; return Math.round(performance.now() - t)''')
    b.screenshot(os.path.join(shots, "many.png"))
    same(b.log(), [], "messages of the browser")
    print(f"1,000 guests: {os.path.getsize(page) // 1024} KiB; ready after {times['ready']} ms (interactive {times['interactive']}, loaded {times['load']}); "
          f"first search {search} ms, next {again} ms; unfolding all {unfold} ms")


with Lab() as lab:
    shots = os.environ.get("PHX_SCREENSHOTS") or lab.dir
    with Browser() as browser:
        lab.apply(lab.write("small.phx", SMALL))
        lab.plan(lab.write("changed.phx", CHANGED), "--allow-destroy", "container.goes", "--html", lab.path("small.html"))
        check_small(browser, lab.path("small.html"), shots)
        lab.phx("plan", "--offline", "--html", lab.path("many.html"), "--gitlab", lab.path("many.json"), lab.write("many.phx", MANY))
        check_many(browser, lab.path("many.html"), shots)
print("ok")
