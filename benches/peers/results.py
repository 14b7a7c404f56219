"""Shows results on the terminal and keeps the last ones in docs/performance.md."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

import clients

PAGE = clients.ROOT / "docs" / "performance.md"
WORDS = {True: "ok", False: "MISSED", None: ""}


def text_of(bar):
    """A bar's rows, aligned for a terminal."""
    cells = [(row.what, row.figure, row.ratio, row.bar, WORDS[row.ok]) for row in bar.rows]
    widths = [max(len(row[at]) for row in cells) for at in range(5)]
    lines = [f"\nBar {bar.number}: {bar.title}"]
    lines += ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    lines += [f"  note: {note}" for note in bar.notes]
    return "\n".join(lines)


def markdown_of(bar):
    """A bar's rows as a table."""
    lines = [f"\n### Bar {bar.number}: {bar.title}\n", "| | figure | ratio | bar | |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.figure} | {row.ratio} | {row.bar} | {WORDS[row.ok]} |" for row in bar.rows]
    lines += [f"\n{note}." for note in bar.notes]
    return "\n".join(lines)


def machine():
    """What it was measured on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 1e6
    cores = len(os.sched_getaffinity(0))
    return f"{model[1] if model else platform.machine()}, {cores} cores, {memory:.0f} GB, Linux {platform.release()}"


def facts(programs, rounds):
    """Where, when and with what the figures were made."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=clients.ROOT, capture_output=True, text=True
    ).stdout.strip()
    nginx = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip()
    versions = [client.version() for client in programs if not client.missing]
    return [
        f"Date: {datetime.date.today().isoformat()}, commit {commit or 'unknown'}",
        f"Machine: {machine()}; the target shares it",
        f"Versions: {', '.join([*versions, nginx.removeprefix('nginx version: ')])}",
        f"Rounds: {rounds}; figures are medians with the lowest and the highest in brackets",
    ]


def write_page(bars, known, name="results"):
    """Replaces a block of results in docs/performance.md."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text()
    before, rest = page.split(begin, 1)
    after = rest.split(end, 1)[1]
    block = "\n".join([f"- {fact}" for fact in known] + [markdown_of(bar) for bar in bars])
    PAGE.write_text(f"{before}{begin}\n{block}\n\n{end}{after}")


def write_bar(bar, known, name="results"):
    """Replaces what one bar says in a block of results in docs/performance.md, and says when that was."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text()
    before, rest = page.split(begin, 1)
    block, after = rest.split(end, 1)
    bar.notes.append(f"Measured by itself ({known[0]})")
    sections = re.split(r"(?=\n### Bar )", block.rstrip("\n"))
    others = [section for section in sections if not section.startswith(f"\n### Bar {bar.number}:")]
    facts_of_all, bars = others[0], others[1:]
    bars.append(markdown_of(bar))
    bars.sort(key=lambda section: int(re.search(r"### Bar (\d+)", section)[1]))
    block = "\n".join(section.rstrip("\n") for section in [facts_of_all, *bars])
    PAGE.write_text(f"{before}{begin}{block}\n\n{end}{after}")
