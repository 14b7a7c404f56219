#!/usr/bin/env python3
"""Measures the admin UI on this machine: the bars of docs/ui.md, in a real Chromium, against the release binary.

The first load, and the page of a run that has gone on for an hour. Takes about a minute; ends with 1 when a bar is missed.
"""

import argparse
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "peers"), str(ROOT / "server")]

import results  # noqa: E402
from bars import Bar, Row, middle  # noqa: E402
from server import GUARDED, PASSWORD, Server  # noqa: E402

BROWSER = ROOT.parent / "tests" / "browser" / "run.mjs"


def play(story, server, **more):
    """What a story of the browser's tests prints."""
    with tempfile.TemporaryDirectory(prefix="maid-bench-") as pictures:
        world = {
            "url": f"http://127.0.0.1:{server.port}", "admin": server.sign_in(), "password": PASSWORD, "pictures": pictures, **more,
        }
        done = subprocess.run(["node", BROWSER, story], input=json.dumps(world), text=True, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def first_load(server, rounds):
    bar = Bar(1, "the first load of the home page, signed in, nothing kept by the browser")
    loads = play("ui/first", server, rounds=rounds)
    of = lambda name: [load[name] for load in loads]  # noqa: E731
    script, ready = statistics.median(of("script_kib")), statistics.median(of("interactive_ms"))
    bar.rows.append(Row("script, as it is sent", f"{script:.0f} KiB", "", "at most 300 KiB", script <= 300))
    bar.rows.append(Row("styles, as they are sent", f"{statistics.median(of('style_kib')):.0f} KiB"))
    bar.rows.append(Row("until it can be used", f"{middle(of('interactive_ms'))} ms", "", "under 1,000 ms", ready < 1000))
    bar.rows.append(Row("until its largest part is painted", f"{middle(of('largest_ms'))} ms"))
    bar.rows.append(Row("time in which it answers nobody", f"{middle(of('blocked_ms'))} ms"))
    bar.rows.append(Row("how far it shifts (CLS)", f"{max(of('shifted')):.3f}", "", "under 0.1", max(of("shifted")) < 0.1))
    return bar


def finished(server):
    """A short run of some static server, over."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), quiet) as target:
        threading.Thread(target=target.serve_forever, daemon=True).start()
        test = {
            "version": 1, "name": "An hour", "target": {"hosts": [f"http://127.0.0.1:{target.server_port}"]},
            "load": {"users": 1, "iterations": 3},
            "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [{"path": "/"}]}]}],
        }
        admin = server.sign_in()
        run = server.ask("POST", "/api/maid/run", {"loadtest": test}, credential=admin)["run_id"]
        until = time.monotonic() + 60
        while server.ask("GET", f"/api/maid/runs/{run}", credential=admin)["status"] != "completed":
            if time.monotonic() > until:
                raise RuntimeError("the run does not end")
            time.sleep(0.05)
        target.shutdown()
    return run


def an_hour(server):
    bar = Bar(2, "the page of a run after an hour at 4 updates a second, 20 requests")
    shown = play("ui/hour", server, run=finished(server), bars=False)
    frames, core, grown = shown["frames_per_s"], shown["core_percent"], shown["grown_kib"] / 1024
    bar.rows.append(Row("frames", f"{frames} a second", "", "at least 50", frames >= 50))
    bar.rows.append(Row("the page's thread", f"{core} % of a core", "", "under 30 %", core < 30))
    bar.rows.append(Row("memory, since a quarter of the hour", f"{grown:+.1f} MiB", "", "at most 8 MiB", grown <= 8))
    return bar


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--maid", default="target/release/maid", help="the binary")
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    with Server(os.path.realpath(wanted.maid), **GUARDED) as server:
        done = [first_load(server, wanted.rounds), an_hour(server)]
    for bar in done:
        print(results.text_of(bar), flush=True)
    print(f"\n{results.machine()}, {wanted.maid}")
    sys.exit(1 if any(row.ok is False for bar in done for row in bar.rows) else 0)


if __name__ == "__main__":
    main()
