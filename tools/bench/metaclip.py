"""Sub-string matching of metadata: speed beside pyahocorasick.

    metaclip.py PLUGIN

Made-up words with Zipf frequencies: 100,000 entries of one to three words, 100,000 texts of 4 to 16
words. Both count the texts of every entry and run in one process on one thread, interleaved, least
processor time of the rounds. Building is timed by a call without texts.
"""
import importlib.metadata
import json
import sys
import time
from collections import Counter

import ahocorasick
import one_thread  # noqa: F401
import numpy as np
from abi import Instance
from tally import ratio

plugin = sys.argv[1]
ENTRIES, TEXTS, ROUNDS = 100_000, 100_000, 3


def made_up(rng):
    syllables = [c + v for c in "bcdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "an", "er")]
    words = set()
    while len(words) < 60_000:
        words.add("".join(rng.choice(syllables, rng.integers(1, 5))))
    words = sorted(words)
    rng.shuffle(words)
    frequency = 1 / np.arange(1, len(words) + 1)
    frequency /= frequency.sum()

    def phrases(count, least, most):
        sizes = rng.integers(least, most + 1, count)
        drawn = rng.choice(len(words), sizes.sum(), p=frequency)
        ends = np.cumsum(sizes)
        return [" ".join(words[w] for w in drawn[e - s:e]) for s, e in zip(sizes, ends)]

    entries = list(dict.fromkeys(words[:ENTRIES // 3] + phrases(4 * ENTRIES, 2, 3)))[:ENTRIES]
    texts = [text + "." if i % 2 else text for i, text in enumerate(phrases(TEXTS, 4, 16))]
    return entries, texts


def tensors(name, strings):
    data = [s.encode() for s in strings]
    offsets = np.concatenate([[0], np.cumsum([len(s) for s in data])]).astype(np.int64)
    return {f"{name}.bytes": np.frombuffer(b"".join(data), np.uint8), f"{name}.offsets": offsets}


def by_plugin(entries, texts):
    method = Instance(plugin, "metaclip", json.dumps(
        {"mode": "matched", "p": 0.1, "t": 0, "per_text": False}))
    n, counts = len(texts), np.zeros(len(entries), np.int64)
    inputs = {**tensors("texts", texts), **tensors("entries", entries)}
    method.fit({})
    start = time.process_time()
    method.predict(inputs, {
        "kept": np.zeros(n, np.uint8), "keep_prob": np.zeros(n), "entry_count": counts})
    return time.process_time() - start, counts


def built(entries):
    automaton = ahocorasick.Automaton()
    for index, entry in enumerate(entries):
        automaton.add_word(f" {entry} ", index)
    automaton.make_automaton()
    return automaton


def spaced(text):
    text = f" {text} "
    for mark in ",.;:?!`":
        text = text.replace(mark, f" {mark} ")
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def by_peer(automaton, texts):
    counts = Counter()
    for text in texts:
        counts.update({index for _, index in automaton.iter(spaced(text))})
    return counts


def main():
    entries, texts = made_up(np.random.default_rng(0))
    size = sum(len(text) for text in texts)
    best = {}

    def keep(name, seconds):
        best[name] = min(best.get(name, 1e9), seconds)

    for _ in range(ROUNDS):
        seconds, counts = by_plugin(entries, texts)
        keep("plugin", seconds)
        keep("plugin build", by_plugin(entries, [])[0])
        start = time.process_time()
        automaton = built(entries)
        middle = time.process_time()
        found = by_peer(automaton, texts)
        keep("peer build", middle - start)
        keep("peer match", time.process_time() - middle)
    difference = max(abs(found[index] - count) for index, count in enumerate(counts.tolist()))
    match = best["plugin"] - best["plugin build"]
    stats = automaton.get_stats()
    print(f"sub-string matching, {ENTRIES:,} entries, {TEXTS:,} texts of {size / 1e6:.1f} MB, "
          f"{counts.sum():,} matches; one thread, least processor time of {ROUNDS}")
    peer = f"pyahocorasick {importlib.metadata.version('pyahocorasick')}"
    print(f"  {size / match / 1e6:.0f} MB/s, peer {size / best['peer match'] / 1e6:.0f} MB/s; "
          f"{stats['nodes_count']:,} nodes: {17 * stats['nodes_count'] / 1e6:.0f} MB, "
          f"peer {stats['total_size'] / 1e6:.0f} MB")
    ratio("sub-strings, build", f"{ENTRIES:,} entries", peer, best["peer build"],
          best["plugin build"], 1)
    ratio("sub-strings, match", f"{TEXTS:,} texts", peer, best["peer match"], match, 1,
          [(difference, 0)])


main()
