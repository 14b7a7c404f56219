"""The target: nginx on a free loopback port, under a configuration of its own."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


class Target:
    """nginx for the time of a `with` block."""

    def __init__(self, workers):
        self.workers = workers

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="maid-bench-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        text = (HERE / "nginx.conf").read_text()
        for name, value in {"workers": self.workers, "folder": self._folder.name, "port": port}.items():
            text = text.replace("{" + name + "}", str(value))
        conf = Path(self._folder.name, "nginx.conf")
        conf.write_text(text)
        # Workers of a root nginx change to another account, which must reach its own files.
        os.chmod(self._folder.name, 0o755)
        self._nginx = subprocess.Popen(
            ["nginx", "-p", self._folder.name, "-c", conf], stdin=subprocess.DEVNULL
        )
        self._wait(port)
        return self

    def __exit__(self, *_):
        self._nginx.terminate()
        self._nginx.wait(timeout=10)
        self._folder.cleanup()

    def _wait(self, port):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if self._nginx.poll() is not None:
                raise RuntimeError("nginx did not start; its message is above")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx did not listen within 10 s")

    def stall(self, seconds):
        """Stops all workers for a while and returns how long they really stood still."""
        pid = self._nginx.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        began = time.monotonic()
        for worker in workers:
            os.kill(int(worker), signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for worker in workers:
                os.kill(int(worker), signal.SIGCONT)
        return time.monotonic() - began
