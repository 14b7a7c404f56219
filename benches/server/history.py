"""Fills a database with many finished runs, as the server would have stored them."""

import csv
import io
import json
import random
import sqlite3
import subprocess
import uuid

COLUMNS = (
    "id tenant_id owner name name_folded status passed instance_id config_json metrics_json start_time end_time "
    "duration_seconds users_max total_requests failed_requests avg_response_time_ms p95_response_time_ms "
    "p99_response_time_ms throughput_rps baseline created_at updated_at"
).split()

SUMMARY = json.dumps({"latency_ms": {"p50": 1.0}, "by_request": [{"name": f"GET /{n}"} for n in range(20)]})
CONFIG = json.dumps({"name": "a test", "load": {"users": 10}, "scenarios": [{"name": "s" * 400}]})


def rows(count):
    """Runs a minute apart, with ids in the order of time."""
    chance = random.Random(1)
    instance = uuid.UUID(int=1)
    for number in range(count):
        millis = 1_750_000_000_000 + number * 60_000
        tail = chance.getrandbits(74)
        value = (millis << 80) | (7 << 76) | ((tail >> 62) << 64) | (2 << 62) | (tail & ((1 << 62) - 1))
        seconds = millis / 1000
        stamp = _stamp(seconds)
        p95 = chance.lognormvariate(3, 1)
        yield [
            uuid.UUID(int=value), "default", "dev", f"test {number % 50}", f"test {number % 50}", chance.choice(["completed", "stopped"]),
            chance.random() < 0.8, instance, CONFIG, SUMMARY, stamp, stamp, 30.0, 10, 100_000, 10,
            p95 / 3, p95, p95 * 2, 3_000.0 * chance.random(), False, stamp, stamp,
        ]


def _stamp(seconds):
    import datetime

    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.isoformat(timespec="milliseconds")


def into_sqlite(path, count):
    database = sqlite3.connect(path)
    marks = ", ".join("?" * len(COLUMNS))
    plain = ([v.bytes if isinstance(v, uuid.UUID) else v for v in row] for row in rows(count))
    with database:
        database.executemany(f"INSERT INTO maid_runs ({', '.join(COLUMNS)}) VALUES ({marks})", plain)
    database.execute("ANALYZE")
    database.close()


def into_postgres(url, count):
    text = io.StringIO()
    csv.writer(text).writerows(rows(count))
    copy = f"\\copy maid_runs ({', '.join(COLUMNS)}) from pstdin with (format csv)"
    subprocess.run(["psql", url, "-q", "-v", "ON_ERROR_STOP=1", "-c", copy], input=text.getvalue(), text=True, check=True)
    subprocess.run(["psql", url, "-q", "-c", "ANALYZE maid_runs"], check=True)
