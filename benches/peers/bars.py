"""The six bars: what is measured, how the figure is made, and what it must be."""

import json
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import clients


@dataclass
class Row:
    """One line of the results. `ok` is None where there is no bar or no figure."""

    what: str
    figure: str
    ratio: str = ""
    bar: str = ""
    ok: bool | None = None


@dataclass
class Bar:
    """The results of one bar."""

    number: int
    title: str
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)


@dataclass
class Lengths:
    """How long everything takes."""

    rounds: int = 5
    seconds: int = 6
    many_requests: int = 10_000_000

    @classmethod
    def quick(cls):
        return cls(rounds=2, seconds=2, many_requests=1_000_000)


def middle(values):
    """Median with the spread, for people."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def cost_of_static_get(maid, peers, target, lengths):
    """Bar 1. All programs take turns in each round, so that noise hits them alike."""
    bar = Bar(1, f"static GET, {clients.USERS} users: CPU per request")
    limits = {"wrk": 1.10, "k6": 0.15, "Goose": 0.35}
    present = [client for client in [maid, *peers] if not client.missing]
    samples = {client.name: [] for client in present}
    for _ in range(lengths.rounds):
        for client in present:
            samples[client.name].append(client.static_get(target.url, lengths.seconds))
    ours = [sample.cpu_us for sample in samples.get(maid.name, [])]
    for client in [maid, *peers]:
        limit = limits.get(client.name)
        wanted = f"at most {limit:.2f}" if limit else ""
        if client.missing:
            bar.rows.append(Row(client.name, "skipped", bar=wanted))
            bar.notes.append(f"{client.name}: {client.missing}")
            continue
        theirs = samples[client.name]
        rps = statistics.median(sample.rps for sample in theirs)
        row = Row(client.name, f"{middle([s.cpu_us for s in theirs])} µs, {rps:,.0f} requests/s", bar=wanted)
        if ours and client is not maid:
            ratios = [mine / sample.cpu_us for mine, sample in zip(ours, theirs)]
            row.ratio = f"MAID / {client.name}: {middle(ratios)}"
            row.ok = statistics.median(ratios) <= limit if limit else None
        bar.rows.append(row)
    return bar


def cost_of_checked_post(maid, target, lengths):
    """Bar 2."""
    bar = Bar(2, "templated POST with JSON body, extract and check: CPU per request")
    gets, posts = [], []
    for _ in range(lengths.rounds):
        gets.append(maid.closed("static", target.url, lengths.seconds).cpu_us)
        posts.append(maid.closed("post", target.url, lengths.seconds).cpu_us)
    ratios = [post / get for post, get in zip(posts, gets)]
    bar.rows.append(Row("static GET", f"{middle(gets)} µs"))
    bar.rows.append(
        Row("templated POST", f"{middle(posts)} µs", f"POST / GET: {middle(ratios)}", "at most 2.00",
            statistics.median(ratios) <= 2.0)
    )
    return bar


def memory_of_idle_users(maid, target, _lengths):
    """Bar 3. The base is the same test with one user."""
    users, hatch_rate = 10_000, 2_000
    bar = Bar(3, f"{users:,} users with a think time of 1 s")
    base, _ = maid.run("idle", target.url, "-u", 1, "-t", "3s")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        full, _ = maid.run("idle", target.url, report=report)
        phases = json.loads(report.read_text())["phases"]
    grown_kb = (full["generator"]["rss_mb"] - base["generator"]["rss_mb"]) * 1000 / users
    bar.rows.append(
        Row("memory for one user", f"{grown_kb:.1f} KB",
            f"{full['generator']['rss_mb']:.0f} MB with all, {base['generator']['rss_mb']:.0f} MB with one",
            "at most 30 KB", grown_kb <= 30)
    )
    planned = users / hatch_rate
    took = sum(phase["duration_s"] for phase in phases if phase["name"] == "increase")
    bar.rows.append(
        Row("time until all run", f"{took:.2f} s", f"{took / planned:.2f} of {planned:.1f} s planned",
            "at most 1.20", full["users_max"] == users and took <= 1.2 * planned)
    )
    return bar


def memory_over_time(maid, target, lengths):
    """Bar 4. Two runs of the same test, told apart by their length alone."""
    few, many = 100_000, lengths.many_requests
    bar = Bar(4, "memory does not grow with requests")
    rss, exact = {}, True
    for requests in (few, many):
        summary, _ = maid.run("flat", target.url, "-i", requests // clients.USERS, limit_s=3600)
        rss[requests] = summary["generator"]["rss_mb"]
        exact = exact and summary["requests"] == requests
        bar.rows.append(Row(f"RSS after {summary['requests']:,} requests", f"{rss[requests]:.1f} MB"))
    growth = rss[many] / rss[few]
    last = bar.rows[-1]
    last.ratio, last.bar, last.ok = f"{growth:.3f}", "0.95 to 1.05", exact and abs(growth - 1) <= 0.05
    if not exact:
        bar.notes.append("a run sent another number of requests than its iterations ask for")
    return bar


def precision_of_arrival(maid, target, _lengths):
    """Bar 5."""
    rate, seconds = 5_000, 30
    bar = Bar(5, f"arrival of {rate:,} requests/s for {seconds} s")
    summary, _ = maid.run("arrival", target.url)
    share = summary["requests"] / (rate * seconds)
    bar.rows.append(
        Row("requests sent", f"{summary['requests']:,} in {summary['duration_s']:.2f} s",
            f"{share:.4f} of the plan", "0.995 to 1.005", abs(share - 1) <= 0.005)
    )
    lag = summary["generator"]["dispatch_lag_ms"]
    bar.rows.append(
        Row("dispatch lag", f"p99 {lag['p99']:.3f} ms", f"p50 {lag['p50']:.3f} ms, max {lag['max']:.3f} ms",
            "p99 under 1 ms", lag["p99"] < 1)
    )
    return bar


def stall_in_corrected_latency(maid, target, _lengths):
    """Bar 6. Slots come evenly, so a stall of S in a run of T hits a share S/T of them, and the
    slots that wait longer than w are those of its first S - w seconds: a share (S - w)/T. For the
    quantile q that share is 1 - q, hence w = S - (1 - q) T. Only the pool's 20 users wait on the
    wire, far fewer than 1 % of the requests, so the time from sending does not show the stall."""
    run_s, stall_s, at_s = 30, 2.0, 10
    bar = Bar(6, f"a target that stands still once for {stall_s:.0f} s")
    stalled = []
    stopper = threading.Thread(target=lambda: (time.sleep(at_s), stalled.append(target.stall(stall_s))))
    stopper.start()
    try:
        summary, _ = maid.run("stall", target.url)
    finally:
        stopper.join()
    expected_ms = (stalled[0] - 0.01 * run_s) * 1000
    corrected, plain = summary["corrected_latency_ms"]["p99"], summary["latency_ms"]["p99"]
    bar.rows.append(
        Row("corrected p99", f"{corrected:.0f} ms", f"{corrected / expected_ms:.3f} of {expected_ms:.0f} ms expected",
            "0.90 to 1.10", abs(corrected / expected_ms - 1) <= 0.1)
    )
    bar.rows.append(
        Row("uncorrected p99", f"{plain:.1f} ms", f"{plain / expected_ms:.3f} of {expected_ms:.0f} ms",
            "does not show it: under 0.10", plain < 0.1 * expected_ms)
    )
    for reason in summary["generator"]["limited_because"]:
        bar.notes.append(f"MAID says that it was the bottleneck: {reason}")
    return bar
