"""Bars 1 to 5: what is measured, how the figure is made, and what it must be."""

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import databases
from asking import ask_for, p99
from bars import Bar, Row, middle
from history import into_postgres, into_sqlite
from server import Server
from target import Target
from watchers import Watchers

# Runs in the history of bars 3 and 4.
MANY = 100_000


@dataclass
class Lengths:
    """How long everything takes."""

    rounds: int = 5
    seconds: int = 6
    asks: int = 500
    starts: int = 7
    # Entries of the audit log that are checked, those behind which others are written, and how many others.
    checked: int = 100_000
    logged: int = 1_000_000
    writes: int = 100

    @classmethod
    def quick(cls):
        return cls(rounds=2, seconds=3, asks=100, starts=2, checked=10_000, logged=50_000, writes=30)


def _loadtest(url, users, seconds):
    request = {"name": "GET /", "path": "/"}
    return {
        "version": 1,
        "name": "bench",
        "target": {"hosts": [url]},
        "load": {"users": users, "run_time": f"{seconds}s"},
        "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [request]}]}],
    }


def status_under_load(maid, lengths):
    """Bar 1: the server answers while a run takes every core."""
    bar = Bar(1, "GET /status while a run saturates every core")
    cores = os.cpu_count()
    for name, workers in (("as configured by default", 0), ("the engine on every core", cores)):
        times, busy = [], []
        for _ in range(lengths.rounds):
            with Target(cores) as target, Server(maid, LOAD__WORKERS=workers) as server:
                run_id = server.run(_loadtest(target.url, 64, lengths.seconds + 2))
                time.sleep(1)
                before, at = _machine_idle(), time.monotonic()
                times.append(p99(ask_for(server, "/api/maid/status", seconds=lengths.seconds)))
                busy.append(1 - (_machine_idle() - before) / (time.monotonic() - at) / cores)
                server.until_over(run_id)
        share = f"cores {statistics.median(busy):.0%} busy"
        bar.rows.append(Row(name, f"{middle(times)} ms", share, "under 10 ms", statistics.median(times) < 10))
    return bar


def _machine_idle():
    fields = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    return (int(fields[3]) + int(fields[4])) / os.sysconf("SC_CLK_TCK")


def cost_of_watchers(maid, lengths):
    """Bar 2: many watch, and the run hardly notices."""
    bar = Bar(2, "1,000 pages watch one run by WebSocket: the run's CPU per request")
    alone, watched, ratios, received = [], [], [], []
    for _ in range(lengths.rounds):
        costs = []
        for count in (0, 1000):
            with Target(max(1, os.cpu_count() // 2)) as target, Server(maid) as server:
                with Watchers(server.port, count) as watchers:
                    run = server.until_over(server.run(_loadtest(target.url, 32, lengths.seconds)))
                costs.append(run["generator"]["cpu_us_per_request"])
                received.append(watchers.bytes / max(1, count) / lengths.seconds)
        alone.append(costs[0])
        watched.append(costs[1])
        ratios.append(costs[1] / costs[0])
    ratio = statistics.median(ratios)
    bar.rows.append(Row("nobody watches", f"{middle(alone)} µs"))
    bar.rows.append(
        Row("1,000 watch", f"{middle(watched)} µs", f"ratio {middle(ratios)}", "at most 1.05", ratio <= 1.05)
    )
    bar.notes.append(f"each watcher was sent {received[-1] / 1000:.1f} KB a second")
    return bar


def _databases(maid, postgres):
    """Each database with many runs in it, as (name, folder, URL)."""
    for kind in databases.kinds(postgres):
        with databases.empty(kind, postgres) as (folder, url):
            with Server(maid, folder, url):
                pass
            if url:
                into_postgres(url, MANY)
            else:
                into_sqlite(Path(folder, "data", "maid.db"), MANY)
            yield kind, folder, url


def history_of_many_runs(maid, postgres, lengths):
    """Bar 3: the first page of a long history."""
    bar = Bar(3, "first page of a history of 100,000 runs, p99")
    for name, folder, url in _databases(maid, postgres):
        with Server(maid, folder, url) as server:
            for order in ("", "?sort=-p95_ms", "?sort=name", "?status=stopped"):
                ask_for(server, f"/api/maid/history{order}", count=5)
                worst = p99(ask_for(server, f"/api/maid/history{order}", count=lengths.asks, pause=0))
                bar.rows.append(Row(f"{name} /history{order}", f"{worst:.1f} ms", "", "under 20 ms", worst < 20))
    if not postgres:
        bar.notes.append("Postgres was not measured: MAID_TEST_POSTGRES is not set")
    return bar


def start_with_many_runs(maid, postgres, lengths):
    """Bar 4: from the start of the process to the first answer."""
    bar = Bar(4, "start to first answer with 100,000 runs stored")
    for name, folder, url in _databases(maid, postgres):
        times = []
        for _ in range(lengths.starts):
            with Server(maid, folder, url) as server:
                times.append(server.started_s * 1e3)
        figure = statistics.median(times)
        bar.rows.append(Row(name, f"{middle(times)} ms", "", "under 300 ms", figure < 300))
    return bar


def at_rest(maid, lengths):
    """Bar 5: what a server that does nothing holds and uses."""
    bar = Bar(5, "a server at rest")
    with Target(1) as target, Server(maid) as server:
        ask_for(server, "/api/maid/history", count=50)
        fresh, used = _rest(server, lengths.seconds)
        bar.rows.append(Row("RSS", f"{fresh:.1f} MB", "", "under 60 MB", fresh < 60))
        bar.rows.append(Row("CPU", f"{used:.2%} of a core", "", "under 1 %", used < 0.01))
        for _ in range(lengths.rounds):
            server.until_over(server.run(_loadtest(target.url, 100, lengths.seconds // 2)))
        after, used = _rest(server, lengths.seconds)
        runs = f"after {lengths.rounds} runs"
        bar.rows.append(Row(f"RSS {runs}", f"{after:.1f} MB", "", "under 60 MB", after < 60))
        bar.rows.append(Row(f"CPU {runs}", f"{used:.2%} of a core", "", "under 1 %", used < 0.01))
    return bar


def _rest(server, seconds):
    """Memory in MB and CPU in cores of a server that is left alone."""
    time.sleep(2)
    before, at = server.cpu_s(), time.monotonic()
    time.sleep(seconds)
    return server.rss_mb(), (server.cpu_s() - before) / (time.monotonic() - at)
