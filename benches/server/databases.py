"""Empty databases of each kind that can be had here, for the time of a `with` block."""

import contextlib
import subprocess
import tempfile
import uuid


def kinds(postgres):
    """What can be measured here."""
    return ["SQLite", "Postgres"] if postgres else ["SQLite"]


@contextlib.contextmanager
def empty(kind, postgres):
    """A folder for a server, and the URL of its database; an empty one is SQLite in that folder."""
    with tempfile.TemporaryDirectory(prefix="maid-bench-") as folder:
        if kind == "SQLite":
            yield folder, ""
            return
        name = f"maid_bench_{uuid.uuid4().hex}"
        subprocess.run(["psql", postgres, "-q", "-c", f"CREATE DATABASE {name}"], check=True)
        try:
            yield folder, postgres.rsplit("/", 1)[0] + "/" + name
        finally:
            subprocess.run(["psql", postgres, "-q", "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)
