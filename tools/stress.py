#!/usr/bin/env python3
"""Damages the store of a run and kills the run itself, many times, and holds every report against
that of an undisturbed run.

    tools/stress.py --assay .build/release/assay --flips 10000 --kills 1000 --workers 2

A flip is one bit of the store changed, or (every fourth) the store cut somewhere; then the run is
started again and its report must be the undisturbed one, byte for byte. Where the mark or the version of
the file was hit, or too little is left of it, the run may instead refuse it with a sentence. A kill is `kill -9` of the
host at a random moment; a run starts anew now and then, so that kills meet every stage of it. Ends
with 1 when a report differed, a run failed, or a process left with a trap.
"""
import argparse
import collections
import concurrent.futures
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--assay", default=".build/release/assay")
parser.add_argument("--flips", type=int, default=10_000)
parser.add_argument("--kills", type=int, default=1_000)
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()

assay = os.path.abspath(options.assay)
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SUITE = """{
  "schema": "assay.suite/1", "id": "stress", "version": "1.0.0", "title": "Stress",
  "task": "classify", "datasets": ["fashion"],
  "protocol": {"kind": "few-shot", "shots": [1]}, "seeds": [1, 2], "metrics": ["accuracy"]
}
"""
faults = []
counts = collections.Counter()
lock = threading.Lock()


def command(folder, *extra):
    return [assay, "run", f"{folder}/stress.json", "-m", "nearest-mean", "-m", "zero-shot",
            "--strip-volatile", "--quiet", "-o", f"{folder}/report.json", *extra]


def environment():
    return dict(os.environ, ASSAY_DATA_PATH=f"{root}/suites/data")


def run(folder, *extra):
    return subprocess.run(command(folder, *extra), env=environment(), cwd=folder,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def note(key, fault=None):
    with lock:
        counts[key] += 1
        if fault:
            faults.append(fault)


def prepare(folder):
    os.makedirs(folder)
    with open(f"{folder}/stress.json", "w") as file:
        file.write(SUITE)
    result = run(folder)
    if result.returncode:
        sys.exit(f"the undisturbed run failed: {result.stderr.decode()}")
    return read(f"{folder}/report.json"), read(f"{folder}/report.store")


def flips(folder, number, count):
    random_source = random.Random(options.seed * 1000 + number)
    report, store = prepare(folder)
    for step in range(count):
        damaged = bytearray(store)
        place = random_source.randrange(len(damaged))
        if step % 4 == 3:
            what = f"cut at {place}"
            del damaged[place:]
        else:
            bit = random_source.randrange(8)
            what = f"bit {bit} of byte {place}"
            damaged[place] ^= 1 << bit
        with open(f"{folder}/report.store", "wb") as file:
            file.write(damaged)
        os.unlink(f"{folder}/report.json")
        result = run(folder, "--resume")
        head = len(damaged) < 100 or 60 <= place < 72
        if head and result.returncode == 2 and b"choose another --output" in result.stderr:
            note("refused, as their first bytes are gone")
        elif result.returncode:
            note("flip failed", f"{what}: status {result.returncode}: {result.stderr.decode()}")
        elif read(f"{folder}/report.json") != report:
            note("flip differed", f"{what}: another report")
        elif b"measured anew" in result.stderr:
            note("trials or files found broken")
        else:
            note("columns found broken, or bytes that mean nothing")


def kills(folder, number, count):
    random_source = random.Random(options.seed * 7000 + number)
    report, _ = prepare(folder)
    start = time.monotonic()
    run(folder, "--fresh")
    whole = time.monotonic() - start
    for step in range(count):
        fresh = ["--fresh"] if step % 3 == 0 else []
        process = subprocess.Popen(command(folder, *fresh), env=environment(), cwd=folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random_source.uniform(0, whole * 1.1))
        process.send_signal(signal.SIGKILL)
        note("killed" if process.wait() == -signal.SIGKILL else "had ended before")
        if step % 3 == 2:
            os.path.exists(f"{folder}/report.json") and os.unlink(f"{folder}/report.json")
            # A kill before the store was there leaves nothing to resume.
            there = os.path.exists(f"{folder}/report.store")
            result = run(folder, *(["--resume"] if there else []))
            if result.returncode:
                note("resume failed", f"after kill {step}: {result.stderr.decode()}")
            elif read(f"{folder}/report.json") != report:
                note("resume differed", f"after kill {step}: another report")
            else:
                note("resumed reports equal")


with tempfile.TemporaryDirectory(prefix="assay-stress-") as base:
    with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
        for name, work, total in (("flip", flips, options.flips), ("kill", kills, options.kills)):
            parts = [total // options.workers + (i < total % options.workers)
                     for i in range(options.workers)]
            start = time.monotonic()
            list(pool.map(lambda i: work(f"{base}/{name}{i}", i, parts[i]),
                          range(options.workers)))
            print(f"{total} {name}s in {time.monotonic() - start:.0f} s", flush=True)
for key in sorted(counts):
    print(f"{counts[key]:7} {key}")
for fault in faults[:20]:
    print("FAULT:", fault)
sys.exit(1 if faults else 0)
