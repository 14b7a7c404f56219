"""Many WebSockets that read what a server sends and look at none of it: cheap for the machine."""

import base64
import os
import selectors
import socket
import threading
import time

# What the page of a run asks for, and how often it asks for a sign of life.
TOPICS = b'{"subscribe":["maid:metrics","maid:status","maid:test-completed"]}'
PING, PING_EVERY_S = b'{"ping":1}', 5


class Watchers:
    """`count` pages that show a run, as far as the server sees them, for the time of a `with` block."""

    def __init__(self, port, count):
        self.port, self.count, self.bytes = port, count, 0
        self._selector, self._over = selectors.EpollSelector(), threading.Event()

    def __enter__(self):
        for _ in range(self.count):
            self._open()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()

    def _open(self):
        connection = socket.create_connection(("127.0.0.1", self.port))
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(
            f"GET /api/maid/ws HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = connection.recv(4096)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"the server refused a WebSocket: {head[:300]}")
        connection.sendall(text_frame(TOPICS))
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self):
        buffer = bytearray(1 << 16)
        ping, asked = text_frame(PING), time.monotonic()
        while not self._over.is_set():
            if time.monotonic() - asked > PING_EVERY_S:
                asked = time.monotonic()
                for key in list(self._selector.get_map().values()):
                    _send(key.fileobj, ping)
            for key, _ in self._selector.select(timeout=0.2):
                try:
                    self.bytes += key.fileobj.recv_into(buffer)
                except (BlockingIOError, ConnectionError):
                    pass


def _send(connection, frame):
    try:
        connection.send(frame)
    except (BlockingIOError, ConnectionError):
        pass


def text_frame(text):
    """A masked text frame; the mask is zero, which leaves the text as it is."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text
