"""One client that asks a server again and again, and how long the answers took."""

import time


def p99(times):
    return sorted(times)[max(0, -(-len(times) * 99 // 100) - 1)]


def ask_for(server, path, seconds=None, count=None, pause=0.01, credential=None):
    """Response times of one client that asks again and again on one connection, in ms."""
    connection, times, began = server.connection(), [], time.monotonic()
    while (count is None or len(times) < count) and (seconds is None or time.monotonic() - began < seconds):
        at = time.perf_counter()
        server.ask("GET", path, connection=connection, credential=credential)
        times.append((time.perf_counter() - at) * 1e3)
        time.sleep(pause)
    return times
