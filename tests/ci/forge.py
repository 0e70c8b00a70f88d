"""What the tests of the CI kits share: a repository as a user of the kit has it, a simulated cluster that it describes, and the
programs that its jobs find in their path."""
import os
import shutil
import stat
import subprocess

from phxtest import PHX, SOURCE, Lab, fail

KIT = os.path.join(SOURCE, "examples", "ci")

HEAD = '''stack "ci"

cluster lab {
  endpoint = "%s"
  node     = "pve"
  token    = env("PHX_TOKEN")
}

'''
VM = '''vm %s {
  id      = %d
  memory  = %s
  disk    = 1GiB
  storage = "local-lvm"
  running = false
  tags    = ["lab"]
}
'''


def guests(*rows):
    return "\n".join(VM % row for row in rows)


class Forge(Lab):
    """A bare repository, a clone of it for the author, a served cluster, and a directory of programs."""

    def __init__(self):
        super().__init__()
        self.bin = self.path("bin")
        self.bare = self.path("forge.git")
        self.author = self.path("author")
        os.mkdir(self.bin)
        os.symlink(PHX, os.path.join(self.bin, "phx"))
        self.serve("--speed", "0")
        self.head = HEAD % self.info()["url"]
        self.token = self.info()["token"]
        self.job_env = {k: v for k, v in self.env.items() if not k.startswith(("PHX_", "GITHUB_", "CI_", "GH_", "GITLAB_"))}
        self.job_env.update(PATH=self.bin + ":" + self.env["PATH"], PHX_ETC=os.environ["PHX_ETC"], HOME=self.dir,
                            GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.com", GIT_COMMITTER_NAME="a",
                            GIT_COMMITTER_EMAIL="a@example.com", GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
        self.git("init", "-q", "--bare", "-b", "main", self.bare, cwd=self.dir)
        self.git("clone", "-q", self.bare, self.author, cwd=self.dir)

    def git(self, *args, cwd=None):
        done = subprocess.run(["git", *args], cwd=cwd or self.author, env=self.job_env, capture_output=True, text=True)
        if done.returncode:
            fail(f"git {' '.join(args)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def script(self, name, text):
        """A program for the jobs."""
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def install(self, *pairs):
        """Copies pieces of the kit into the author's repository, as a user of it would."""
        for source, target in (("shell", "ci"), *pairs):
            path = os.path.join(self.author, target)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            (shutil.copytree if os.path.isdir(os.path.join(KIT, source)) else shutil.copy)(os.path.join(KIT, source), path)

    def config(self, text):
        path = os.path.join(self.author, "infra", "main.phx")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(self.head + text)
        self.phx("fmt", path)

    def commit(self, message, branch):
        """Commits all to a branch of the forge; returns the commit."""
        self.git("checkout", "-q", "-B", branch)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.git("push", "-q", "-f", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch):
        """A merge commit on main, as the button of a forge makes it."""
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--no-ff", "-m", "Merge " + branch, branch)
        self.git("push", "-q", "origin", "main")
        return self.git("rev-parse", "HEAD")

    def checkout(self, commit, name):
        """A fresh work tree of a commit."""
        path = self.path("work/" + name)
        shutil.rmtree(path, ignore_errors=True)
        self.git("clone", "-q", self.bare, path, cwd=self.dir)
        self.git("checkout", "-q", "--detach", commit, cwd=path)
        return path

    def writes(self):
        """What the cluster was told to do, so far."""
        return [r for r in self.log() if r.get("method") not in (None, "GET")]


class Desk(Forge):
    """A work tree with the scripts, and one guest on the cluster."""

    def __init__(self):
        super().__init__()
        self.install()
        self.config(guests(("web", 101, "1GiB")))
        self.env_of_job = dict(self.job_env, PHX_CONFIG="infra", PHX_TOKEN=self.token)
        self.phx("apply", "--yes", os.path.join(self.author, "infra"), env={"PHX_TOKEN": self.token})

    def sh(self, script, *args, status=0, **env):
        done = subprocess.run([os.path.join("ci", script), *args], cwd=self.author, env=dict(self.env_of_job, **env), text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
        if done.returncode != status:
            fail(f"{script} {' '.join(args)}: exit {done.returncode}, expected {status}\n{done.stdout}\n{done.stderr}")
        return done.stdout, done.stderr

    def read(self, name):
        with open(os.path.join(self.author, "phx-out", name), encoding="utf-8") as f:
            return f.read()

    def left(self):
        return sorted(os.listdir(os.path.join(self.author, "phx-out")))
