#!/usr/bin/env python3
"""Measures the models inside MAID on this machine: the AI bars of docs/ai.md.

Decoding, the first word, the next caller after one who left, a hundred callers at once, a load test that runs
meanwhile, and memory. Takes about three minutes; ends with 1 when a bar is missed.
"""

import argparse
import http.client
import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "peers"), str(ROOT / "server")]

import results  # noqa: E402
from bars import Bar, Row, middle  # noqa: E402
from server import Server  # noqa: E402
from target import Target  # noqa: E402

STORY = "Tell a long story about a dragon who tests websites."


class Stream:
    """An answer as it comes."""

    def __init__(self, server, text, max_tokens, **more):
        body = {
            "model": "default", "messages": [{"role": "user", "content": text}], "max_tokens": max_tokens,
            "temperature": 0, "stream": True, "stream_options": {"include_usage": True}, **more,
        }
        self.began = time.perf_counter()
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=180)
        self.connection.request("POST", "/v1/chat/completions", json.dumps(body), {"content-type": "application/json"})
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.first_s = self.last_s = None
        self.tokens = 0

    def events(self):
        for line in self.response:
            if line.startswith(b"data: {"):
                yield json.loads(line[6:])

    def read(self, until_first=False):
        for event in self.events():
            if event.get("usage"):
                self.tokens = event["usage"]["completion_tokens"]
            elif event["choices"][0]["delta"].get("content"):
                self.last_s = time.perf_counter() - self.began
                self.first_s = self.first_s or self.last_s
                if until_first:
                    return self
        return self

    def leave(self):
        self.response.close()
        self.connection.close()


def decoding(server, rounds):
    bar = Bar(1, "Words of the model")
    Stream(server, "Hello", 2).read()
    firsts, speeds = [], []
    for _ in range(rounds):
        answer = Stream(server, STORY, 200).read()
        speeds.append((answer.tokens - 1) / (answer.last_s - answer.first_s))
        firsts.append(Stream(server, f"What is {len(speeds)} and one? Answer briefly.", 5).read().first_s)
    speed, first = statistics.median(speeds), statistics.median(firsts)
    bar.rows.append(Row("decoding", f"{middle(speeds)} tokens/s", "", "at least 40", speed >= 40))
    bar.rows.append(Row("the first streamed word", f"{middle(firsts)} s", "", "under 1 s", first < 1))
    waits = []
    for _ in range(rounds):
        Stream(server, STORY, 400).read(until_first=True).leave()
        waits.append(Stream(server, "Say hello.", 5).read().first_s)
    wait = statistics.median(waits)
    bar.rows.append(Row("the next caller after one who left", f"{middle(waits)} s", "", "under 1 s", wait < 1))
    return bar


def crowd(server):
    bar = Bar(2, "A hundred callers at once")
    statuses, lock = {}, threading.Lock()

    def call():
        answer = Stream(server, "Say hello.", 4)
        answer.read()
        with lock:
            statuses[answer.status] = statuses.get(answer.status, 0) + 1

    callers = [threading.Thread(target=call) for _ in range(100)]
    began = time.perf_counter()
    for caller in callers:
        caller.start()
    slowest = 0.0
    while any(caller.is_alive() for caller in callers):
        asked = time.perf_counter()
        server.ask("GET", "/healthz")
        slowest = max(slowest, time.perf_counter() - asked)
        time.sleep(0.02)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    sound = set(statuses) <= {200, 429} and statuses.get(200, 0) > 0
    bar.rows.append(Row("answered, or told to come again", told, "", "200 and 429 alone", sound))
    bar.rows.append(Row("all of them", f"{time.perf_counter() - began:.1f} s", "", "", None))
    bar.rows.append(Row("/healthz meanwhile, slowest", f"{slowest * 1000:.0f} ms", "", "", None))
    return bar


def beside_a_run(maid, rounds, seconds):
    bar = Bar(3, "A load test meanwhile: 500 requests a second")
    lags = {False: [], True: []}
    with Target(1) as target, Server(maid) as server:
        Stream(server, "Hello", 2).read()
        for writes in [False, True] * rounds:
            stop = threading.Event()

            def write():
                while not stop.is_set():
                    answer = Stream(server, STORY, 300)
                    for _ in answer.events():
                        if stop.is_set():
                            break
                    answer.leave()

            writer = threading.Thread(target=write)
            if writes:
                writer.start()
            load = {"arrival": {"rate": 500, "max_users": 100, "stages": [{"duration": f"{seconds}s", "target": 500}]}}
            request = {"name": "GET /", "path": "/"}
            run = server.until_over(server.run({
                "version": 1, "name": "bench", "target": {"hosts": [target.url]}, "load": load,
                "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [request]}]}],
            }))
            stop.set()
            if writes:
                writer.join()
            lags[writes].append(run["generator"]["dispatch_lag_ms"]["p99"])
            time.sleep(1)
    alone, beside = statistics.median(lags[False]), statistics.median(lags[True])
    bar.rows.append(Row("dispatch lag p99, nobody asks the model", f"{middle(lags[False])} ms", "", "", None))
    ratio = f"{beside / alone:.1f} times" if alone else ""
    bar.rows.append(Row("dispatch lag p99, the model writes", f"{middle(lags[True])} ms", ratio, "under 5 ms", beside < 5))
    return bar


def memory(maid):
    bar = Bar(4, "Memory")
    with Server(maid, AI__IDLE_UNLOAD="5s") as server:
        rest = server.rss_mb()
        Stream(server, STORY, 200).read()
        server.ask("POST", "/v1/embeddings", {"model": "default", "input": ["a", "b"]})
        loaded = server.rss_mb()
        until = time.monotonic() + 60
        while time.monotonic() < until and server.ask("GET", "/api/maid/ai/status")["chat"]["state"] != "idle":
            time.sleep(0.5)
        time.sleep(1)
        after = server.rss_mb()
    for what, figure in (("before anybody asks", rest), ("both models in memory", loaded), ("let go of", after)):
        bar.rows.append(Row(what, f"{figure:.0f} MB", "", "", None))
    return bar


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--maid", default="target/release/maid", help="the binary")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10, help="length of a load test")
    wanted = parser.parse_args()
    maid = os.path.realpath(wanted.maid)
    missed = []
    with Server(maid) as server:
        bars = [lambda: decoding(server, wanted.rounds), lambda: crowd(server)]
        done = [bar() for bar in bars]
    done += [beside_a_run(maid, max(2, wanted.rounds // 2), wanted.seconds), memory(maid)]
    for bar in done:
        print(results.text_of(bar), flush=True)
        missed += [row for row in bar.rows if row.ok is False]
    print(f"\n{results.machine()}, {maid}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
