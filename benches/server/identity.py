"""Bars 6 and 7: what it costs to know who asks, and to let people in."""

import collections
import os
import re
import statistics
import tempfile
import time

import child
import clients
from asking import ask_for, p99
from bars import Bar, Row, middle
from crowd import Crowd
from server import GUARDED, Server

STATUS = "/api/maid/status"
# People who sign in at once.
PEOPLE = 50
# Memory of all password hashes that are made at once: auth.password.total_memory_kib, as it is by default.
HASHING_KIB = 65_536
# What 50 connections, their sessions and the database may take beside it.
MARGIN_MB = 16


def cost_of_knowing(maid, wrk, lengths):
    """Bar 6: a request that says who sends it, beside one that need not."""
    bar = Bar(6, f"GET /status, {clients.USERS} connections: the server's CPU per request")
    if wrk.missing:
        bar.rows.append(Row("skipped", "", bar="at most 1.30"))
        bar.notes.append(wrk.missing)
        return bar
    costs = collections.defaultdict(list)
    with Server(maid) as open_to_all, Server(maid, **GUARDED) as guarded:
        token = guarded.sign_in()
        key = guarded.make_key(token)
        asked = [("auth off", open_to_all, None), ("API key", guarded, key), ("access token", guarded, token)]
        for number in range(lengths.rounds):
            for name, server, credential in asked if number % 2 else reversed(asked):
                costs[name].append(_cpu_us_per_request(server, credential, lengths.seconds))
    bar.rows.append(Row("auth off", f"{middle(costs['auth off'])} µs"))
    for name, limit in (("API key", 1.3), ("access token", None)):
        ratios = [known / anybody for known, anybody in zip(costs[name], costs["auth off"])]
        wanted, ok = ("at most 1.30", statistics.median(ratios) <= limit) if limit else ("", None)
        bar.rows.append(Row(name, f"{middle(costs[name])} µs", f"ratio {middle(ratios)}", wanted, ok))
    return bar


def _cpu_us_per_request(server, credential, seconds):
    shown = ["-H", f"Authorization: Bearer {credential}"] if credential else []
    ask_for(server, STATUS, count=5, credential=credential)
    before = server.cpu_s()
    url = f"http://127.0.0.1:{server.port}{STATUS}"
    printed = child.run(["wrk", "-t1", f"-c{clients.USERS}", f"-d{seconds}s", *shown, url]).stdout
    used = server.cpu_s() - before
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise child.Failed(printed)
    return used * 1e6 / int(re.search(r"(\d+) requests in", printed)[1])


def crowd_at_the_door(maid, lengths):
    """Bar 7: many sign in at once, and the memory for it is what was configured; others are served meanwhile."""
    bar = Bar(7, f"{PEOPLE} people sign in at once, all the time")
    grown, waits, rates, turned_away = [], [], [], 0
    with tempfile.TemporaryDirectory(prefix="maid-bench-") as folder:
        with Server(maid, folder, **GUARDED) as server:
            Crowd.register(server, PEOPLE)
            key = server.make_key(server.sign_in())
        for _ in range(lengths.rounds):
            with Server(maid, folder, **GUARDED) as server:
                ask_for(server, STATUS, count=50, credential=key)
                time.sleep(1)
                before = server.rss_mb()
                server.forget_peak()
                began = time.monotonic()
                with Crowd(server, PEOPLE) as crowd:
                    times = ask_for(server, STATUS, seconds=lengths.seconds, credential=key)
                took = time.monotonic() - began
                grown.append(server.peak_rss_mb() - before)
            waits.append(p99(times))
            let_in, refused = _counted(crowd.answers)
            rates.append(let_in / took)
            turned_away += refused
    most = HASHING_KIB * 1024 / 1e6 + MARGIN_MB
    rate = f"{statistics.median(rates):.0f} sign in per second"
    # The highest, not the median: memory is never more.
    bar.rows.append(Row("RSS grows by", f"{middle(grown)} MB", rate, f"never over {most:.0f} MB", max(grown) <= most))
    ok = statistics.median(waits) < 20
    bar.rows.append(Row("GET /status by an API key, p99", f"{middle(waits)} ms", "", "under 20 ms", ok))
    bar.notes.append(
        f"{HASHING_KIB * 1024 / 1e6:.0f} MB may be used for hashing, and {MARGIN_MB} MB for all else; half of this"
        f" machine's {os.cpu_count()} cores hash, each with 20 MB"
    )
    if turned_away:
        bar.notes.append(f"{turned_away} were told to try again later")
    return bar


def _counted(answers):
    """How many were let in, and how many were told to come later. Any other answer is a defect."""
    counts = collections.Counter(answers)
    let_in, refused = counts.pop(200, 0), counts.pop(503, 0)
    if counts or not let_in:
        raise RuntimeError(f"signing in was answered with {dict(counts)}, and {let_in} were let in")
    return let_in, refused
