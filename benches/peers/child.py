"""Runs a program to its end and says what it cost."""

import os
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass


class Failed(Exception):
    """A program ended badly; the message holds the end of what it printed."""


@dataclass
class Cost:
    """What a finished program printed and used."""

    stdout: str
    stderr: str
    code: int
    cpu_s: float
    max_rss_mb: float


def run(argv, limit_s=600, env=None, fine=(0,)):
    """Runs a program; CPU is user and system time of the process with all its threads."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env,
        )
        timer = threading.Timer(limit_s, lambda: os.kill(process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    cost = Cost(*texts, process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)
    if cost.code not in fine:
        tail = (cost.stderr or cost.stdout).strip()[-600:]
        raise Failed(f"{' '.join(map(str, argv))}\nended with {cost.code}\n{tail}")
    return cost
