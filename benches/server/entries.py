"""Fills an audit log with many entries, sealed as the server would have sealed them.

The rules are those of docs/security.md, "The seals". Entries are appended to those that the server has written
itself, and `maid audit verify` follows both, so a seal that is made wrongly here does not go unnoticed.
"""

import csv
import datetime
import hmac
import io
import json
import random
import sqlite3
import subprocess
import time
import uuid
from pathlib import Path

COLUMNS = "seq at tenant_id actor actor_kind action outcome target address mac detail_json".split()
# What stands for a text that is missing.
MISSING = b"\xff" * 8


class Chain:
    """The end of a log whose server has this folder."""

    def __init__(self, folder, seq, seal):
        self.seq, self.seal = seq, seal
        self._key = _key(Path(folder, "data", "secret.key").read_bytes())

    def rows(self, count):
        """The next `count` rows of the log, which then ends behind them."""
        for millis, texts in _events(count):
            self.seq += 1
            numbers = self.seq.to_bytes(8, "big") + (millis * 1000).to_bytes(8, "big")
            sealed = b"maid.audit.entry.1" + self.seal + numbers + b"".join(map(_measured, texts))
            self.seal = hmac.digest(self._key, sealed, "sha256")
            at = datetime.datetime.fromtimestamp(millis / 1000, datetime.timezone.utc)
            yield [self.seq, at.isoformat(timespec="milliseconds"), *texts[:7], self.seal, texts[7]]

    def mac_of_end(self):
        """The seal on the row that says where the log ends."""
        return hmac.digest(self._key, b"maid.audit.head.1last" + self.seq.to_bytes(8, "big") + self.seal, "sha256")


def _key(secret):
    """HKDF-SHA256 of the installation's secret, for the audit log; one block is all of it."""
    return hmac.digest(hmac.digest(b"maid root secret", secret, "sha256"), b"audit\x01", "sha256")


def _measured(text):
    if text is None:
        return MISSING
    data = text.encode()
    return len(data).to_bytes(8, "big") + data


def _events(count):
    """What 50 people did, a second apart until now: times in ms, and texts in the order in which they are sealed."""
    chance = random.Random(1)
    people = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(50)]
    start = int(time.time() * 1000) - count * 1000
    session = json.dumps({"session": people[0], "provider": None})
    key = json.dumps({"name": "nightly", "owner": people[0], "scopes": ["maid.read", "maid.write"], "metadata": {}})
    for number in range(count):
        millis = start + number * 1000
        about = str(uuid.UUID(int=(millis << 80) | (7 << 76) | (2 << 62) | chance.getrandbits(62)))
        action, outcome, target, detail = chance.choice([
            ("test.start", "done", about, None), ("login.ok", "done", None, session),
            ("apikey.create", "done", about, key), ("permission.denied", "denied", "POST /api/maid/run", None),
        ])
        address = f"192.0.2.{chance.getrandbits(8)}"
        yield millis, ["default", chance.choice(people), "user", action, outcome, target, address, detail]


def append(folder, url, count):
    """Appends `count` entries to the log of a server that is stopped."""
    _into_postgres(folder, url, count) if url else _into_sqlite(folder, count)


def _into_sqlite(folder, count):
    database = sqlite3.connect(Path(folder, "data", "maid.db"))
    # All indexes grow at once; without room for them each row would wait for the disk.
    database.execute("PRAGMA cache_size = -500000")
    chain = Chain(folder, *database.execute("SELECT seq, seal FROM maid_audit_heads WHERE name = 'last'").fetchone())
    with database:
        marks = ", ".join("?" * len(COLUMNS))
        database.executemany(f"INSERT INTO maid_audit ({', '.join(COLUMNS)}) VALUES ({marks})", chain.rows(count))
        end = (chain.seq, chain.seal, chain.mac_of_end())
        database.execute("UPDATE maid_audit_heads SET seq = ?, seal = ?, mac = ? WHERE name = 'last'", end)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _into_postgres(folder, url, count):
    seq, seal = _psql(url, "SELECT seq, encode(seal, 'hex') FROM maid_audit_heads WHERE name = 'last'").split("|")
    chain = Chain(folder, int(seq), bytes.fromhex(seal))
    copy = f"\\copy maid_audit ({', '.join(COLUMNS)}) from pstdin with (format csv)"
    argv = ["psql", url, "-q", "-v", "ON_ERROR_STOP=1", "-c", copy]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as psql, io.TextIOWrapper(psql.stdin) as text:
        lines = csv.writer(text)
        mac = COLUMNS.index("mac")
        for row in chain.rows(count):
            row[mac] = "\\x" + row[mac].hex()
            lines.writerow(row)
    if psql.returncode:
        raise RuntimeError("psql did not take the entries; its message is above")
    end = f"seq = {chain.seq}, seal = '\\x{chain.seal.hex()}', mac = '\\x{chain.mac_of_end().hex()}'"
    _psql(url, f"UPDATE maid_audit_heads SET {end} WHERE name = 'last'")
    _psql(url, "VACUUM ANALYZE maid_audit")


def _psql(url, statement):
    argv = ["psql", url, "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
