"""Bar 10: everything searched, when there is much of it."""

import time

import databases
import library
from bars import Bar
from server import Server

# Things that are searched besides what MAID comes with.
MANY = 10_000
# How long the server may take to read them, in seconds.
PATIENCE = 600
# A word of all, the beginning of some, words that few have together, a word of none, a sentence.
QUERIES = {
    "a word of all": "service",
    "a beginning": "che",
    "three words": "order refund ship",
    "a word of none": "xylophone",
    "a question": "which of the tests had a slow checkout after the payment",
}


def searching_among_many(maid, postgres, lengths):
    """Bar 10: search over many documents, p99."""
    bar = Bar(10, f"GET /search over {MANY:,} documents, p99")
    for kind in databases.kinds(postgres):
        with databases.empty(kind, postgres) as (folder, url):
            with Server(maid, folder, url) as server:
                library.write(server, MANY)
                _until_read(server)
                library.search(bar, kind, server, "/api/maid/search", QUERIES, 30, lengths)
    return bar


def _until_read(server):
    """Waits until the first and the last of them are found, and with them all that lie between."""
    began = time.monotonic()
    for number in (MANY - 1, MANY // 2, 0):
        path = f"/api/maid/search?q={number}&kind=recipe"
        while not any(item["title"]["text"].endswith(f" {number}") for item in server.ask("GET", path)["items"]):
            if time.monotonic() - began > PATIENCE:
                raise RuntimeError("the server does not read what is to be searched")
            time.sleep(0.2)
