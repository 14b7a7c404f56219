"""Bar 10: everything searched, when there is much of it."""

import databases
import library
from bars import Bar
from server import Server

# Things that are searched besides what MAID comes with.
MANY = 10_000
# How long they may take to be read, in seconds.
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
            server = Server(maid, folder, url)
            with server:
                library.write(server, MANY)
            # Words and vectors of all of them, before anybody searches.
            server.command("search", "reindex", patience_s=PATIENCE)
            with server:
                library.search(bar, kind, server, "/api/maid/search", QUERIES, 30, lengths)
    return bar
