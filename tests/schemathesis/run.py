"""Starts a server, lets Schemathesis at it, and ends both: `run.py MAID SCHEMATHESIS [ARGS...]`.

The server has a folder of its own and sends load to this machine alone, whatever it is asked: what
bounds a run is set by the environment, which is above what can be changed over the API. Requests are
the admin's; that others are let in where they should, and nowhere else, is what `tests/it/auth` looks at.
"""

import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
# How long the server may take to be there, and a run to be over, in seconds.
PATIENCE = 30
PASSWORD = "seven lazy otters"
LIMITS = {
    "MAID__LOAD__TARGETS__ALLOW": "",
    "MAID__LOAD__ENV_ALLOW": "",
    "MAID__LOAD__MAX_USERS": "10",
    "MAID__LOAD__MAX_RPS": "20",
    "MAID__LOAD__MAX_RUN_TIME": "1s",
    "MAID__LOAD__STOP_GRACE": "100ms",
    "MAID__HISTORY__MAX_QUEUED": "3",
    "MAID__SERVER__SHUTDOWN_GRACE": "5s",
    "MAID__AUTH__ADMIN_PASSWORD": PASSWORD,
    "MAID__AUTH__REGISTRATION": "closed",
    "MAID__AUTH__ACCESS_TTL": "2h",
    "MAID__AUTH__SESSION_TTL": "2h",
    "MAID__AUTH__SESSION_MAX": "2h",
    "MAID__AUTH__SIGNING_KEY_TTL": "24h",
    "MAID__RATE_LIMIT__ENABLED": "false",
    # What models answer is theirs; that they are asked rightly has tests of its own.
    "MAID__AI__ENABLED": "false",
}


class Target(http.server.BaseHTTPRequestHandler):
    """Something to send load to."""

    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    maid, *schemathesis = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="maid-schemathesis.") as folder:
        log = Path(folder, "server.log")
        server = start(Path(maid).resolve(), Path(folder), log)
        try:
            status = ask(schemathesis, Path(folder), server, log)
        finally:
            server.terminate()
            ended = server.wait(PATIENCE)
        if ended != 0 or "panicked" in log.read_text():
            print(f"the server ended with {ended}:\n{log.read_text()}", file=sys.stderr)
            status = status or 1
    sys.exit(status)


def start(maid, folder, log):
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAID_")}
    folders = {
        "MAID__SERVER__DATA_DIR": folder / "data",
        "MAID__SERVER__FILES_DIR": folder / "files",
        "MAID__REPORTS__DIR": folder / "reports",
    }
    environment = own | LIMITS | {name: str(path) for name, path in folders.items()}
    with log.open("wb") as output:
        return subprocess.Popen(
            [maid, "serve", "--port", "0"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output,
        )


def ask(schemathesis, folder, server, log):
    url = wait(lambda: address(server, log), "the server does not start")
    credentials = {"username": "admin", "password": PASSWORD}
    token = called(f"{url}/api/maid/auth/login", "", credentials)["access_token"]
    target = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=target.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{target.server_port}"
    known = {
        "MAID_SCHEMATHESIS_RUN": one_run(url, origin, token),
        "MAID_SCHEMATHESIS_TARGET": origin,
        "MAID_SCHEMATHESIS_TOKEN": token,
    }
    environment = os.environ | known
    command = [schemathesis[0], "--config-file", str(configured(folder)), "run"]
    command += [f"{url}/api/openapi.json", "--no-color", "--continue-on-failure", *schemathesis[1:]]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def address(server, log):
    if server.poll() is not None:
        sys.exit(f"the server ended with {server.returncode}:\n{log.read_text()}")
    found = re.search(r"serves (http://\S+)", log.read_text())
    return found and found[1]


def configured(folder):
    """The configuration in `folder`; the token is named there and read from the environment."""
    written = (HERE / "schemathesis.toml").read_text()
    written = written.replace('"hooks.py"', json.dumps(str(HERE / "hooks.py")))
    written += '\n[auth.openapi.bearer]\nbearer = "${MAID_SCHEMATHESIS_TOKEN}"\n'
    path = folder / "schemathesis.toml"
    path.write_text(written)
    return path


def one_run(url, origin, token):
    """The id of a run that is over."""
    test = {
        "version": 1,
        "name": "read",
        "target": {"hosts": [origin]},
        "load": {"users": 1, "run_time": "300ms"},
        "scenarios": [{"name": "one", "transactions": [{"name": "one", "requests": [{"path": "/"}]}]}],
    }
    started = called(f"{url}/api/maid/run", token, {"loadtest": test})["run_id"]
    over = lambda: called(f"{url}/api/maid/runs/{started}", token)["status"] in ("completed", "stopped")
    wait(over, "the run does not end")
    return started


def called(url, token, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE) as answer:
        return json.load(answer)


def wait(condition, otherwise):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(otherwise)


main()
