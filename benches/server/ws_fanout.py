#!/usr/bin/env python3
"""What watchers of a run cost the server: CPU of the server per message that is delivered over WebSockets.

Starts a server, opens sockets, subscribes each to the metrics and the status of the run, and compares the
CPU of the server with that while nobody watches. The reader is one process with raw sockets, so that it
takes as little as can be of the machine that both share.

    benches/server/ws_fanout.py --sockets 1000 -- maid serve
    benches/server/ws_fanout.py --sockets 1000 --run benches/peers/loads/flat.yaml -- maid serve

With --run, a run of that LoadTest is started first, and the change of CPU per request is told too, which is
what the bar is about: less than 5 % for 1,000 watchers.
"""

import argparse
import json
import os
import selectors
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def cpu_seconds(pid):
    """CPU that the process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid):
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line)
    return int(line.split()[1]) / 1024


def masked_text(text):
    """A text frame of a client; the mask is zero, which masks nothing and is allowed."""
    payload = text.encode()
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload)]) + b"\0\0\0\0" + payload


class Watchers:
    """Sockets that are read and counted, and nothing else."""

    def __init__(self, port, path, count, topics):
        self.selector = selectors.EpollSelector()
        self.messages = self.bytes = 0
        # For each socket, bytes of its present frame that are still to come, and an unfinished header.
        self.missing = {}
        subscribe = masked_text(json.dumps({"subscribe": topics}))
        for _ in range(count):
            peer = socket.create_connection(("127.0.0.1", port), timeout=10)
            peer.sendall(HANDSHAKE.format(path=path, port=port).encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                chunk = peer.recv(4096)
                if not chunk:
                    sys.exit(f"the server closed the connection: {answer!r}")
                answer += chunk
            if not answer.startswith(b"HTTP/1.1 101 "):
                sys.exit(f"the server refused: {answer.decode()}")
            peer.sendall(subscribe)
            peer.setblocking(False)
            self.missing[peer] = (0, answer.split(b"\r\n\r\n", 1)[1])
            self.selector.register(peer, selectors.EVENT_READ)

    def read_for(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                try:
                    chunk = key.fileobj.recv(1 << 16)
                except BlockingIOError:
                    continue
                if not chunk:
                    sys.exit("the server closed a socket")
                self.bytes += len(chunk)
                self.count(key.fileobj, chunk)

    def count(self, peer, chunk):
        missing, rest = self.missing[peer]
        chunk, at = rest + chunk, 0
        while True:
            at += missing
            if at > len(chunk):
                self.missing[peer] = (at - len(chunk), b"")
                return
            size = 2 if len(chunk) < at + 2 else {126: 4, 127: 10}.get(chunk[at + 1], 2)
            if len(chunk) < at + size:
                self.missing[peer] = (0, chunk[at:])
                return
            length = chunk[at + 1] if size == 2 else int.from_bytes(chunk[at + 2 : at + size], "big")
            self.messages += chunk[at] == 0x81
            at, missing = at + size, length


def requests_so_far(base):
    with urllib.request.urlopen(f"{base}/api/maid/status") as answer:
        return json.load(answer)["requests"]


def start_run(base, document):
    body = Path(document).read_bytes()
    kind = "application/yaml" if document.endswith((".yaml", ".yml")) else "application/json"
    request = urllib.request.Request(f"{base}/api/maid/run", body, {"Content-Type": kind}, method="POST")
    urllib.request.urlopen(request).close()


def wait_for(port):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}; is it the port that the server takes?")


def measure(pid, seconds, watchers, base, counts_requests):
    """CPU seconds and finished requests of the time."""
    requests = requests_so_far(base) if counts_requests else 0
    cpu = cpu_seconds(pid)
    if watchers:
        watchers.read_for(seconds)
    else:
        time.sleep(seconds)
    cpu = cpu_seconds(pid) - cpu
    return cpu, (requests_so_far(base) - requests if counts_requests else 0)


def main():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    flags.add_argument("--sockets", type=int, default=1000)
    flags.add_argument("--seconds", type=float, default=20)
    flags.add_argument("--rounds", type=int, default=1, help="times that both are measured in turn")
    flags.add_argument("--port", type=int, default=43121, help="that the server takes")
    flags.add_argument("--path", default="/api/maid/ws")
    flags.add_argument("--topics", default="maid:metrics,maid:status")
    flags.add_argument("--run", help="LoadTest to run meanwhile; must last long enough")
    flags.add_argument("command", nargs="+", help="command that starts the server")
    asked = flags.parse_args()
    base = f"http://127.0.0.1:{asked.port}"
    server = subprocess.Popen(asked.command)
    try:
        wait_for(asked.port)
        if asked.run:
            start_run(base, asked.run)
        time.sleep(2)
        for _ in range(asked.rounds):
            alone, requests_alone = measure(server.pid, asked.seconds, None, base, bool(asked.run))
            before = resident_mb(server.pid)
            watchers = Watchers(asked.port, asked.path, asked.sockets, asked.topics.split(","))
            watchers.read_for(2)
            watchers.messages = watchers.bytes = 0
            watched, requests = measure(server.pid, asked.seconds, watchers, base, bool(asked.run))
            result = {
                "sockets": asked.sockets,
                "messages_per_s": round(watchers.messages / asked.seconds),
                "kb_per_s": round(watchers.bytes / asked.seconds / 1024),
                "cpu_percent_unwatched": round(100 * alone / asked.seconds, 2),
                "cpu_percent_watched": round(100 * watched / asked.seconds, 2),
                "cpu_us_per_message": round(1e6 * (watched - alone) / max(watchers.messages, 1), 2),
                "kb_per_socket": round((resident_mb(server.pid) - before) * 1024 / asked.sockets, 1),
            }
            if asked.run:
                per_request, per_request_alone = watched / max(requests, 1), alone / max(requests_alone, 1)
                result["cpu_us_per_request_unwatched"] = round(1e6 * per_request_alone, 2)
                result["cpu_us_per_request_watched"] = round(1e6 * per_request, 2)
                result["change_percent"] = round(100 * (per_request / per_request_alone - 1), 2)
            print(json.dumps(result), flush=True)
            for peer in watchers.missing:
                peer.close()
            time.sleep(1)
    finally:
        server.terminate()
        server.wait(60)


if __name__ == "__main__":
    main()
