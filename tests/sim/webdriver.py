"""A browser for tests: headless Chromium by chromedriver's own protocol (W3C WebDriver over HTTP on loopback)."""
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from phxtest import fail, skip

KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "Escape": "\ue00c", "Shift": "\ue008"}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,1000"]


class Browser:
    def __init__(self):
        driver = shutil.which("chromedriver")
        browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not driver or not browser:
            skip("chromium and chromium-driver are not installed: the page was not opened in a browser")
        self.profile = tempfile.mkdtemp(prefix="phx-chromium-")
        self.driver = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.url = None
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.url = "http://127.0.0.1:" + line.rsplit(" ", 1)[1].strip(" .\n")
                break
        if not self.url:
            fail("chromedriver did not start")
        options = {"binary": browser, "args": FLAGS + ["--user-data-dir=" + self.profile]}
        caps = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        value = self.send("POST", "/session", {"capabilities": {"alwaysMatch": caps}})
        self.session = "/session/" + value["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("DELETE", self.session)
        except (OSError, SystemExit):
            pass
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            fail(f"{method} {path}: {e.read().decode()[:500]}")

    def open(self, path):
        self.send("POST", self.session + "/url", {"url": "file://" + path})

    def js(self, script, *args):
        return self.send("POST", self.session + "/execute/sync", {"script": script, "args": list(args)})

    def cdp(self, command, **params):
        return self.send("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": params})

    def keys(self, *names, hold=None):
        """Presses keys one after the other; what is no name of a key is typed."""
        actions = [{"type": "keyDown", "value": KEYS[hold]}] if hold else []
        for name in names:
            for key in [KEYS[name]] if name in KEYS else name:
                actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        if hold:
            actions.append({"type": "keyUp", "value": KEYS[hold]})
        self.send("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def find_all(self, css):
        found = self.send("POST", self.session + "/elements", {"using": "css selector", "value": css})
        return [list(x.values())[0] for x in found]

    def label(self, element):
        return self.send("GET", f"{self.session}/element/{element}/computedlabel")

    def role(self, element):
        return self.send("GET", f"{self.session}/element/{element}/computedrole")

    def log(self):
        return [x["message"] for x in self.send("POST", self.session + "/se/log", {"type": "browser"})]

    def screenshot(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.send("GET", self.session + "/screenshot")))

    def wait(self, script, what, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.js("return !!(" + script + ")"):
                return
            time.sleep(0.05)
        fail("in the browser: " + what)
