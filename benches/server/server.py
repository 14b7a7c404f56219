"""A MAID server for the time of a `with` block."""

import http.client
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

# Of the user admin, and of whoever else there is.
PASSWORD = "seven lazy otters"
# Everybody on the machine may do everything.
OPEN = {"AUTH__REQUIRED": "false"}
# Whoever asks says who they are, and may ask as often as they like.
GUARDED = {"AUTH__REQUIRED": "true", "AUTH__ADMIN_PASSWORD": PASSWORD, "RATE_LIMIT__ENABLED": "false"}


class Server:
    """`maid serve` in a folder of its own, on a free port; open to everybody unless the settings say otherwise."""

    def __init__(self, path, folder=None, database="", **settings):
        self.path = path
        self.settings = {"DATABASE__URL": database, **OPEN, **settings}
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="maid-bench-")
        self.folder = Path(folder or self._own.name)

    def __enter__(self):
        began = time.perf_counter()
        self.log = open(self.folder / "server.log", "w+")
        self.process = subprocess.Popen(
            [self.path, "serve", "--no-color", "--port", "0"],
            cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log,
        )
        self.port = self._port()
        self.started_s = self._answers(began)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()
        if self._own:
            self._own.cleanup()

    def _environment(self):
        return {**os.environ, **{f"MAID__{key}": str(value) for key, value in self.settings.items()}}

    def command(self, *arguments, patience_s):
        """Another command of MAID, with the same settings and in the same folder."""
        subprocess.run(
            [self.path, *arguments], cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=patience_s, check=True,
        )

    def _port(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for line in (self.folder / "server.log").read_text().splitlines():
                if " serves http" in line:
                    return int(line.rsplit(":", 1)[1])
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "server.log").read_text())
            time.sleep(0.002)
        raise RuntimeError("the server did not start within 60 s")

    def _answers(self, began):
        """Seconds from the start of the process to its first answer."""
        self.ask("GET", "/readyz")
        return time.perf_counter() - began

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, connection=None, credential=None):
        connection = connection or self.connection()
        headers = {"content-type": "application/json"} if body is not None else {}
        if credential:
            headers["authorization"] = f"Bearer {credential}"
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        data = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {data[:500]}")
        return json.loads(data) if data[:1] in b"{[" else data

    def sign_in(self):
        """An access token of the user admin."""
        login = {"username": "admin", "password": PASSWORD}
        return self.ask("POST", "/api/maid/auth/login", login)["access_token"]

    def make_key(self, token):
        """An API key that may read, of whoever has the access token."""
        new = {"name": "bench", "scopes": ["maid.read"]}
        return self.ask("POST", "/api/maid/keys", new, credential=token)["key"]

    def run(self, loadtest):
        return self.ask("POST", "/api/maid/run", {"loadtest": loadtest})["run_id"]

    def until_over(self, run_id):
        while True:
            run = self.ask("GET", f"/api/maid/runs/{run_id}")
            if run["status"] not in ("queued", "running"):
                return run
            time.sleep(0.1)

    def cpu_s(self):
        """CPU that the process has used, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self):
        return self._memory_mb("VmRSS:")

    def forget_peak(self):
        """From now on peak_rss_mb() is the most since now."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def peak_rss_mb(self):
        return self._memory_mb("VmHWM:")

    def _memory_mb(self, name):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError("the server has gone")
