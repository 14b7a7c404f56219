#!/usr/bin/env python3
"""What watching a run costs the server: its CPU per message that is delivered over WebSockets.

A light run goes on at a steady rate while nobody watches and while many do; the difference in the CPU of the
server, divided by the messages that arrived, is the figure. Bar 2 of bench.py asks what it means for a run that
takes every core; this tells why.

    benches/server/ws_fanout.py --maid target/release/maid --sockets 1000
"""

import argparse
import json
import os
import resource
import selectors
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "peers"))

from server import Server  # noqa: E402
from target import Target  # noqa: E402
from watchers import text_frame  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
HANDSHAKE = (
    "GET /api/maid/ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def cpu_seconds(pid):
    """CPU that the process has used so far: of its own, and of the kernel for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


class Counted:
    """Sockets whose messages are counted."""

    def __init__(self, port, count, topics):
        self.selector = selectors.EpollSelector()
        self.messages = self.bytes = 0
        # For each socket, bytes of its present frame that are still to come, and an unfinished header.
        self.missing = {}
        for _ in range(count):
            peer = socket.create_connection(("127.0.0.1", port), timeout=10)
            peer.sendall(HANDSHAKE.format(port=port).encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                chunk = peer.recv(4096)
                if not chunk:
                    sys.exit(f"the server closed the connection: {answer!r}")
                answer += chunk
            if not answer.startswith(b"HTTP/1.1 101 "):
                sys.exit(f"the server refused: {answer.decode()}")
            peer.sendall(text_frame(json.dumps({"subscribe": topics}).encode()))
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
                self._count(key.fileobj, chunk)

    def _count(self, peer, chunk):
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

    def close(self):
        for peer in self.missing:
            peer.close()


def light_run(url, seconds):
    request = {"name": "GET /", "path": "/"}
    return {
        "version": 1,
        "name": "watched",
        "target": {"hosts": [url]},
        "load": {"arrival": {"rate": 20, "max_users": 5}, "run_time": f"{seconds}s"},
        "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [request]}]}],
    }


def main():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    flags.add_argument("--maid", default="target/release/maid", help="the program")
    flags.add_argument("--sockets", type=int, default=1000)
    flags.add_argument("--seconds", type=int, default=20, help="of each measurement")
    flags.add_argument("--rounds", type=int, default=3)
    flags.add_argument("--topics", default="maid:metrics,maid:status")
    asked = flags.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    lasts = asked.rounds * (2 * asked.seconds + 10) + 10
    with Target(1) as target, Server(os.path.abspath(asked.maid)) as server:
        server.run(light_run(target.url, lasts))
        time.sleep(3)
        for _ in range(asked.rounds):
            print(json.dumps(measure(server, asked)), flush=True)
        server.ask("POST", "/api/maid/stop", {})


def measure(server, asked):
    pid = server.process.pid
    before = cpu_seconds(pid)
    time.sleep(asked.seconds)
    alone = [after - was for after, was in zip(cpu_seconds(pid), before)]
    rss = server.rss_mb()
    watchers = Counted(server.port, asked.sockets, asked.topics.split(","))
    watchers.read_for(2)
    watchers.messages = watchers.bytes = 0
    before = cpu_seconds(pid)
    watchers.read_for(asked.seconds)
    watched = [after - was for after, was in zip(cpu_seconds(pid), before)]
    own, kernel = (1e6 * (more - less) / max(watchers.messages, 1) for more, less in zip(watched, alone))
    result = {
        "sockets": asked.sockets,
        "messages_per_s": round(watchers.messages / asked.seconds),
        "kb_per_s": round(watchers.bytes / asked.seconds / 1000),
        "cpu_percent_unwatched": round(100 * sum(alone) / asked.seconds, 2),
        "cpu_percent_watched": round(100 * sum(watched) / asked.seconds, 2),
        "cpu_us_per_message": round(own + kernel, 2),
        "of_that_in_the_kernel": round(kernel, 2),
        "kb_per_socket": round((server.rss_mb() - rss) * 1000 / asked.sockets, 1),
    }
    watchers.close()
    time.sleep(1)
    return result


if __name__ == "__main__":
    main()
