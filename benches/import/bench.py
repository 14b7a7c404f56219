"""Measures imports of large documents: time and memory of `maid import`, against the bars.

    make bench-import                      builds a release first
    benches/import/bench.py --maid PATH    measures that binary

An OpenAPI description of 5 MB with 900 operations, as JSON and as YAML, must be imported in less than 1 s with less than
100 MB of memory; a recording of 40 MB is measured beside them.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

MB = 1_000_000
DOCUMENTS = {"openapi.json": "openapi", "openapi.yaml": "openapi", "recording.har": "har"}
BARS = {"openapi.json": (1.0, 100), "openapi.yaml": (1.0, 100)}


def description(size):
    """An OpenAPI description of about `size` bytes of JSON: many operations, schemas that refer to each other."""
    schemas = {}
    paths = {}
    # What 900 operations take is the same; the rest is schemas, as in real descriptions.
    for number in range(300):
        name = f"Thing{number}"
        item = {"$ref": f"#/components/schemas/{name}"}
        body = {"required": True, "content": {"application/json": {"schema": item}}}
        listed = {"type": "object", "properties": {"items": {"type": "array", "items": item}}}
        answer = {"200": {"description": "ok", "content": {"application/json": {"schema": listed}}}}
        limit = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 1}}
        one = {"name": "thingId", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        paths[f"/things{number}"] = {
            "get": {"operationId": f"list{number}", "tags": [f"t{number % 20}"], "parameters": [limit], "responses": answer},
            "post": {"operationId": f"make{number}", "tags": [f"t{number % 20}"], "requestBody": body, "responses": answer},
        }
        paths[f"/things{number}/{{thingId}}"] = {
            "get": {"operationId": f"show{number}", "tags": [f"t{number % 20}"], "parameters": [one], "responses": answer},
        }
    each = (size - len(json.dumps(paths))) // 300
    text = "What this property means, when it is there, and what becomes of it otherwise. "
    for number in range(300):
        properties, length = {"id": {"type": "string", "format": "uuid", "readOnly": True}}, 0
        while length < each:
            at = len(properties)
            kind = [
                {"type": "string", "minLength": 3, "maxLength": 40},
                {"type": "integer", "minimum": 1, "maximum": 100},
                {"type": "string", "enum": ["red", "green", "blue"]},
                {"type": "array", "items": {"type": "number", "minimum": 0.5}},
                {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
                {"$ref": f"#/components/schemas/Thing{(number + 1) % 300}"},
            ][at % 6 if at < 12 else at % 5]
            properties[f"property{at}"] = kind | {"description": text * (1 + at % 3)}
            length += len(json.dumps(properties[f"property{at}"])) + 16
        schemas[f"Thing{number}"] = {"type": "object", "required": ["property1", "property2"], "properties": properties}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:8080/v1"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def yaml_of(value, indent=0):
    """A value as block YAML, texts in double quotes."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, inner in value.items():
            if isinstance(inner, (dict, list)) and inner:
                lines.append(f"{pad}{json.dumps(key)}:\n{yaml_of(inner, indent + 2)}")
            else:
                lines.append(f"{pad}{json.dumps(key)}: {json.dumps(inner)}")
        return "\n".join(lines)
    if isinstance(value, list) and value:
        lines = []
        for inner in value:
            if isinstance(inner, (dict, list)) and inner:
                lines.append(f"{pad}-\n{yaml_of(inner, indent + 2)}")
            else:
                lines.append(f"{pad}- {json.dumps(inner)}")
        return "\n".join(lines)
    return f"{pad}{json.dumps(value)}"


def recording(size):
    """A recording of about `size` bytes, most of them bodies of answers."""
    body = json.dumps({"items": [{"id": f"id-{n:08d}", "name": "a product"} for n in range(800)]})
    entry = {
        "startedDateTime": "2026-01-31T12:00:00Z",
        "time": 12.5,
        "request": {"method": "GET", "url": "", "headers": [{"name": "accept", "value": "application/json"}]},
        "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": body}},
    }
    entries, length = [], len(json.dumps(entry))
    for number in range(size // length):
        request = entry["request"] | {"url": f"http://127.0.0.1:8080/products/id-{number % 800:08d}?page={number}"}
        entries.append(entry | {"request": request})
    return {"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": entries}}


def measured(command):
    """Seconds and peak memory in MB of a command."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            said.seek(0)
            sys.exit(f"{command}: {child.returncode}\n{said.read()[:2000].decode()}")
    return took, usage.ru_maxrss * 1024 / MB


def write(folder):
    """Writes the documents that are imported."""
    large = description(5 * MB)
    (folder / "openapi.json").write_text(json.dumps(large))
    (folder / "openapi.yaml").write_text(yaml_of(large))
    (folder / "recording.har").write_text(json.dumps(recording(40 * MB)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--maid", default="target/release/maid", help="the binary")
    arguments.add_argument("--rounds", type=int, default=5, help="the best of so many counts")
    wanted = arguments.parse_args()
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: a child's peak begins with what its parent holds.
        writer = multiprocessing.Process(target=write, args=(pathlib.Path(folder),))
        writer.start()
        writer.join()
        for name, kind in DOCUMENTS.items():
            file = pathlib.Path(folder) / name
            command = [wanted.maid, "import", kind, str(file), "-o", str(file.with_suffix(".out"))]
            rounds = [measured(command) for _ in range(wanted.rounds)]
            took, memory = min(took for took, _ in rounds), min(memory for _, memory in rounds)
            print(f"{name:<14} {file.stat().st_size / MB:6.1f} MB   {took:6.3f} s   {memory:6.1f} MB")
            bar = BARS.get(name)
            if bar and (took >= bar[0] or memory >= bar[1]):
                missed.append(f"{name}: the bars are {bar[0]} s and {bar[1]} MB")
    if missed:
        sys.exit("\n".join(missed))


if __name__ == "__main__":
    main()
