#!/usr/bin/env python3
"""Measures MAID beside other load generators on this machine: the six bars of docs/performance.md.

A full run takes about ten minutes and rewrites the results in docs/performance.md. It ends with 1
when a bar is missed.
"""

import argparse
import os
import resource
import shutil
import sys

import bars
import child
import clients
import results
from target import Target

PEERS = [clients.Wrk(), clients.H2load(), clients.K6(), clients.Oha(), clients.Goose()]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=int, choices=range(1, 7), metavar="N", help="measure bar N alone")
    parser.add_argument("--quick", action="store_true", help="two short rounds: to see that it works")
    parser.add_argument("--peers-only", action="store_true", help="measure the peers without MAID")
    return parser.parse_args()


def raise_file_limit():
    """10,000 users need as many sockets, here and in the target."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def measurements(maid):
    """What each bar runs, by its number."""
    return {
        1: lambda target, lengths: bars.cost_of_static_get(maid, PEERS, target, lengths),
        2: lambda target, lengths: bars.cost_of_checked_post(maid, target, lengths),
        3: lambda target, lengths: bars.memory_of_idle_users(maid, target, lengths),
        4: lambda target, lengths: bars.memory_over_time(maid, target, lengths),
        5: lambda target, lengths: bars.precision_of_arrival(maid, target, lengths),
        6: lambda target, lengths: bars.stall_in_corrected_latency(maid, target, lengths),
    }


def measure(number, work, lengths):
    """One bar against a fresh target; a program that fails costs its bar, not the others."""
    workers = max(1, len(os.sched_getaffinity(0)) // 2)
    try:
        with Target(workers) as target:
            return work(target, lengths)
    except child.Failed as failure:
        row = bars.Row("not measured", "a program failed", ok=False)
        return bars.Bar(number, "failed", [row], [str(failure).replace("\n", "; ")])


def main():
    options = arguments()
    clients.install_packages()
    if not shutil.which("nginx"):
        sys.exit("error: nginx is the target of every bar; install it (Debian package nginx-light)")
    raise_file_limit()
    maid = clients.Maid()
    chosen = [options.only] if options.only else list(range(1, 7))
    if options.peers_only:
        maid.missing, chosen = "left out by --peers-only", [1]
    else:
        maid.prepare()
        if maid.missing:
            sys.exit(f"error: {maid.missing}")
    for peer in PEERS if 1 in chosen else []:
        print(f"getting {peer.name} ready ...", flush=True)
        peer.prepare()
    lengths = bars.Lengths.quick() if options.quick else bars.Lengths()
    work = measurements(maid)
    done = []
    for number in chosen:
        print(f"measuring bar {number} ...", flush=True)
        done.append(measure(number, work[number], lengths))
        print(results.text_of(done[-1]), flush=True)
    known = results.facts([maid, *PEERS] if 1 in chosen else [maid], lengths.rounds)
    print("\n" + "\n".join(known))
    if not (options.only or options.quick or options.peers_only):
        results.write_page(done, known)
        print(f"written to {results.PAGE.relative_to(clients.ROOT)}")
    return int(any(row.ok is False for bar in done for row in bar.rows))


if __name__ == "__main__":
    sys.exit(main())
