"""Bar 9: the library found in, when it is large."""

import random
import threading

import databases
from asking import ask_for, p99
from bars import Bar, Row
from server import Server

# Recipes that people have written.
MANY = 10_000
# Who writes them at once.
WRITERS = 4
WORDS = (
    "checkout search login basket payment invoice profile upload report stream batch nightly smoke spike soak catalog "
    "product order refund shipping tracking newsletter feed message session token cache queue webhook export import"
).split()
# A word of most, the beginning of some, a few words at once, and a word of none.
QUERIES = {
    "a word of all": "service",
    "a beginning": "che",
    "three words": "order refund ship",
    "a word of none": "xylophone",
}


def finding_among_many(maid, postgres, lengths):
    """Bar 9: search over many recipes, p99."""
    bar = Bar(9, f"GET /recipes/search over {MANY:,} recipes, p99")
    for kind in databases.kinds(postgres):
        with databases.empty(kind, postgres) as (folder, url):
            with Server(maid, folder, url) as server:
                write(server, MANY)
                search(bar, kind, server, "/api/maid/recipes/search", QUERIES, 20, lengths)
    return bar


def search(bar, kind, server, path, queries, most, lengths):
    """A row for each of `queries`, whose p99 in ms is to be under `most`."""
    for name, query in queries.items():
        query = f"{path}?q={query.replace(' ', '%20')}"
        ask_for(server, query, count=20)
        figure = p99(ask_for(server, query, count=lengths.asks, pause=0))
        bar.rows.append(Row(f"{kind}, {name}", f"{figure:.1f} ms", "", f"under {most} ms", figure < most))


def write(server, count):
    """Writes so many recipes, several at once."""

    def some(first):
        connection = server.connection()
        for number in range(first, count, WRITERS):
            server.ask("POST", "/api/maid/recipes", _recipe(number), connection=connection)

    writers = [threading.Thread(target=some, args=(first,)) for first in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def _recipe(number):
    chance = random.Random(number)
    words = " ".join(chance.sample(WORDS, 3))
    return {
        "title": f"{words.title()} {number}",
        "summary": f"A test of the service for {' and '.join(chance.sample(WORDS, 6))}, as it is before a release.",
        "category": chance.choice(["api", "web", "database", "business", "pattern"]),
        "tags": chance.sample(WORDS, 2),
        "best_practices": [f"Look at {chance.choice(WORDS)} first, and at {chance.choice(WORDS)} then."],
        "loadtest": {
            "version": 1, "name": "A test", "target": {"hosts": ["http://127.0.0.1:9"]},
            "load": {"users": 1, "iterations": 1},
            "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [{"path": "/"}]}]}],
        },
    }
