#!/usr/bin/env python3
"""Makes suites/data/planted-curation: texts whose concepts follow Zipf's law, with planted features.

A text says what its row shows, its class, and in the case 'several' up to two further concepts; one
in seven says nothing that the metadata lists. Rows are Gaussian around the centre of their class.
The true matches are those that were written into the texts, and are checked against the plain
search of the published matcher. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

TEXTS, CLASSES, WIDTH, NOISE = 5000, 100, 16, 1.0
TEST_EACH, TEST_MORE = 8, 1200
FRAMES = ["a photo of {}.", "{}", "old {}, for sale", "my {}!", "is this {}?", "{}: a close view"]
NOTHING = ["IMG {}", "untitled ({})", "photo, {}", "order no. {}"]
MARKS = ",.;:?!`"


def words(rng, count):
    """Different made-up words, none a part of another between spaces."""
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    found = []
    while len(found) < count:
        word = "".join(rng.choice(syllables, rng.integers(2, 5)))
        if word not in found:
            found.append(word)
    return found


def matches(text, entries):
    """The published matcher: spaces around marks and ends, then a plain search."""
    spaced = f" {text} "
    for mark in MARKS:
        spaced = spaced.replace(mark, f" {mark} ")
    for blank in "\t\n\r":
        spaced = spaced.replace(blank, " ")
    return [number for number, entry in enumerate(entries) if f" {entry} " in spaced]


def sentence(rng, entries, concepts):
    """A text that matches exactly these entries."""
    if not concepts:
        return NOTHING[rng.integers(len(NOTHING))].format(rng.integers(1000, 10_000))
    names = [entries[concept] for concept in concepts]
    if rng.random() < 0.2:
        # Neither another case nor a longer word is the entry.
        names.insert(1, names[0].capitalize() + "s")
    joint = [" and ", " with ", ", "][rng.integers(3)]
    return FRAMES[rng.integers(len(FRAMES))].format(joint.join(names))


def main():
    rng = np.random.default_rng(2024)
    stock = words(rng, CLASSES + CLASSES // 4)
    # Every fourth entry has two words.
    entries = [
        stock[i] if i % 4 else f"{stock[i]} {stock[CLASSES + i // 4]}" for i in range(CLASSES)
    ]
    zipf = 1 / np.arange(1, CLASSES + 1)
    zipf /= zipf.sum()
    centres = rng.standard_normal((CLASSES, WIDTH))
    shown = rng.choice(CLASSES, TEXTS, p=zipf)
    is_named = rng.random(TEXTS) >= 1 / 7
    labels = np.where(is_named, shown, -1)
    test = np.concatenate(
        [np.repeat(np.arange(CLASSES), TEST_EACH), rng.choice(CLASSES, TEST_MORE, p=zipf)]
    )

    def features(classes):
        noise = NOISE * rng.standard_normal((len(classes), WIDTH))
        return (centres[classes] + noise).astype(np.float16)

    place = manifest.folder(__file__)
    truth = {
        "entries": CLASSES,
        "pool.features": manifest.save(place, "pool_x", features(shown)),
        "pool.labels": manifest.save(place, "pool_y", labels.astype(np.int16)),
        "test.features": manifest.save(place, "test_x", features(test)),
        "test.labels": manifest.save(place, "test_y", test.astype(np.int16)),
        "probe.draws": TEXTS,
    }
    (place / "entries.txt").write_text("\n".join(entries) + "\n")
    cases = []
    for name, summary, most in [
        ("single", "Each text names its class alone.", 0),
        ("several", "Each text names its class and up to two more concepts.", 2),
    ]:
        texts, pairs = [], []
        for row in range(TEXTS):
            concepts = []
            if is_named[row]:
                more = rng.choice(CLASSES, rng.integers(0, most + 1), p=zipf)
                concepts = list(dict.fromkeys([int(shown[row]), *map(int, more)]))
            texts.append(sentence(rng, entries, concepts))
            assert matches(texts[row], entries) == sorted(concepts)
            pairs += [(concept, row) for concept in sorted(concepts)]
        (place / f"{name}.txt").write_text("\n".join(texts) + "\n")
        query = {
            f"{group}.{part}": {"file": f"{file}.txt", "lines": part}
            for group, file in [("texts", name), ("entries", "entries")]
            for part in ("bytes", "offsets")
        }
        match = manifest.save(place, f"{name}_match", np.array(pairs, np.int16))
        cases.append(
            {"name": name, "summary": summary, "query": query, "truth": {"match": match, **truth}}
        )
    manifest.write(
        place,
        __file__,
        "Texts whose concepts follow Zipf's law, with planted features",
        f"{TEXTS} texts, {CLASSES} entries, each a class. Test rows: {TEST_EACH} of each class and "
        f"{TEST_MORE} as frequent as in the texts.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
