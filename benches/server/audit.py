"""Bar 8: a long audit log is checked quickly, and written to as fast as a short one."""

import json
import os
import statistics
import subprocess
import time

import databases
import entries
from asking import p99
from bars import Bar, Row, middle
from server import GUARDED, Server

# Each write makes an API key, and the keys of an admin must not run out.
SETTINGS = {**GUARDED, "AUTH__MAX_KEYS": "10000"}
KEY = {"name": "bench", "scopes": ["maid.read"]}


def cost_of_a_long_log(maid, postgres, lengths):
    """Bar 8: reading all of it, and adding to its end."""
    bar = Bar(8, f"the audit log: {lengths.checked:,} entries checked, one more behind {lengths.logged:,}")
    for kind in databases.kinds(postgres):
        bar.rows.append(_checked(maid, kind, postgres, lengths))
        bar.rows += _written(maid, kind, postgres, lengths)
    if not postgres:
        bar.notes.append("Postgres was not measured: MAID_TEST_POSTGRES is not set")
    return bar


def _checked(maid, kind, postgres, lengths):
    """From the start of `maid audit verify` to its end."""
    with databases.empty(kind, postgres) as (folder, url):
        _fill(maid, folder, url, lengths.checked)
        times = [_verify(maid, folder, url, lengths.checked) for _ in range(lengths.rounds)]
    return Row(f"{kind} maid audit verify", f"{middle(times)} s", "", "under 2 s", statistics.median(times) < 2)


def _written(maid, kind, postgres, lengths):
    """The same write on a log that has just begun and on a long one."""
    with databases.empty(kind, postgres) as short, databases.empty(kind, postgres) as long:
        _fill(maid, *long, lengths.logged)
        with Server(maid, *short, **SETTINGS) as first, Server(maid, *long, **SETTINGS) as second:
            writers = [Writer(first), Writer(second)]
            rounds = [_take_turns(writers, lengths.writes) for _ in range(lengths.rounds)]
        _verify(maid, *long, lengths.logged)
    rows = []
    for what, figure, bar in (("median", statistics.median, "under 1.20"), ("p99", p99, "")):
        few, many = ([figure(times[at]) for times in rounds] for at in (0, 1))
        ratios = [after / before for before, after in zip(few, many)]
        ok = statistics.median(ratios) < 1.2 if bar else None
        rows.append(Row(f"{kind} POST /keys, {what}, on a short log", f"{middle(few)} ms"))
        rows.append(Row(f"{kind} POST /keys, {what}, on a long log", f"{middle(many)} ms", middle(ratios), bar, ok))
    return rows


class Writer:
    """An admin who makes API keys, one after the other; each has an entry in the log before it."""

    def __init__(self, server):
        self.server, self.token, self.connection = server, server.sign_in(), server.connection()
        for _ in range(10):
            self.write()

    def write(self):
        """How long it took, in ms."""
        at = time.perf_counter()
        self.server.ask("POST", "/api/maid/keys", KEY, connection=self.connection, credential=self.token)
        return (time.perf_counter() - at) * 1e3


def _take_turns(writers, count):
    """Times of each writer. They take turns with every write, so that a busy disk hits them alike."""
    times = [[] for _ in writers]
    for number in range(count):
        for at in (0, 1) if number % 2 else (1, 0):
            times[at].append(writers[at].write())
    return times


def _fill(maid, folder, url, count):
    # The server makes the tables, the secret and the first entry.
    with Server(maid, folder, url, **SETTINGS):
        pass
    entries.append(folder, url, count)


def _verify(maid, folder, url, count):
    """How long a check of the whole log took, in s. One that finds a fault, or too little, is no figure."""
    env = {**os.environ, "MAID__DATABASE__URL": url}
    began = time.perf_counter()
    argv = [maid, "audit", "verify", "--form", "json"]
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True)
    took = time.perf_counter() - began
    if done.returncode or json.loads(done.stdout)["entries"] < count:
        raise RuntimeError(f"maid audit verify: {done.returncode} {done.stdout[:500]} {done.stderr[:500]}")
    return took
