#!/usr/bin/env python3
"""Measures MAID as a server on this machine: the ten server bars of docs/performance.md.

A full run takes about eighteen minutes and rewrites the results in docs/performance.md; one of a single bar
rewrites what is said of that. It ends with 1 when a bar is missed. Postgres is measured where MAID_TEST_POSTGRES names one, as `make bench` sees to.
"""

import argparse
import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "peers"))

import clients  # noqa: E402
import results  # noqa: E402

import audit  # noqa: E402
import identity  # noqa: E402
import library  # noqa: E402
import measures  # noqa: E402
import search  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=int, choices=range(1, 11), metavar="N", help="measure bar N alone")
    parser.add_argument("--quick", action="store_true", help="short rounds: to see that it works")
    return parser.parse_args()


def main():
    options = arguments()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    clients.install_packages()
    maid = clients.Maid()
    maid.prepare()
    if maid.missing:
        sys.exit(f"error: {maid.missing}")
    wrk = clients.Wrk()
    wrk.prepare()
    lengths = measures.Lengths.quick() if options.quick else measures.Lengths()
    postgres = os.environ.get("MAID_TEST_POSTGRES")
    work = {
        1: lambda: measures.status_under_load(maid.program, lengths),
        2: lambda: measures.cost_of_watchers(maid.program, lengths),
        3: lambda: measures.history_of_many_runs(maid.program, postgres, lengths),
        4: lambda: measures.start_with_many_runs(maid.program, postgres, lengths),
        5: lambda: measures.at_rest(maid.program, lengths),
        6: lambda: identity.cost_of_knowing(maid.program, wrk, lengths),
        7: lambda: identity.crowd_at_the_door(maid.program, lengths),
        8: lambda: audit.cost_of_a_long_log(maid.program, postgres, lengths),
        9: lambda: library.finding_among_many(maid.program, postgres, lengths),
        10: lambda: search.searching_among_many(maid.program, postgres, lengths),
    }
    done = []
    for number in [options.only] if options.only else sorted(work):
        bar = work[number]()
        print(results.text_of(bar), flush=True)
        done.append(bar)
    if not options.quick:
        known = results.facts([maid, wrk], lengths.rounds)
        if options.only:
            results.write_bar(done[0], known, "server results")
        else:
            results.write_page(done, known, "server results")
        print(f"\nwritten to {results.PAGE}")
    missed = [row for bar in done for row in bar.rows if row.ok is False]
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
