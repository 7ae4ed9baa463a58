#!/usr/bin/env python3
"""Makes suites/data/planted-text: a text whose best loss is known, and a smaller problem beside it.

Words of a made-up language follow each other by a chain: after each word one of four may come, with
the shares 1/2, 1/4, 1/8, 1/8. No two words begin alike in their first letter pair, so that the whole
uncertainty is in which word comes: 1.2130 nats a word. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

SHARES = [1 / 2, 1 / 4, 1 / 8, 1 / 8]
VOWELS, CONSONANTS = "aeiou", "bcdfghklmnprstvz"


def words(rng, count):
    """Words of 4 to 7 letters, all with other first two letters."""
    starts = [c + v for c in CONSONANTS for v in VOWELS]
    rng.shuffle(starts)
    result = []
    for start in starts[:count]:
        length = int(rng.integers(2, 6))
        letters = (VOWELS, CONSONANTS)
        rest = "".join(str(rng.choice(list(letters[(i + 1) % 2]))) for i in range(length))
        result.append(start + rest)
    return result


def text(rng, lexicon, follow, bytes_wanted):
    word, parts, size = 0, [], 0
    while size < bytes_wanted:
        word = int(follow[word][rng.choice(4, p=SHARES)])
        parts.append(lexicon[word] + " ")
        size += len(parts[-1])
    return np.frombuffer("".join(parts).encode()[:bytes_wanted], np.uint8), len(parts)


def main():
    rng = np.random.default_rng(2024)
    lexicon = words(rng, 60)
    follow = [rng.choice(60, 4, replace=False) for _ in lexicon]
    train, _ = text(rng, lexicon, follow, 65536)
    valid, count = text(rng, lexicon, follow, 8192)
    entropy = -sum(p * np.log(p) for p in SHARES) * count / len(valid)
    place = manifest.folder(__file__)
    cases = [
        {
            "name": "gpt-small",
            "summary": f"Next bytes by a transformer; the best loss is about {entropy:.3f} nats.",
            "query": {
                "text": manifest.save(place, "train", train),
                "layers": 2, "width": 32, "heads": 4, "context": 32,
            },
            "truth": {"valid.text": manifest.save(place, "valid", valid), "target": 0.25},
        }
    ]
    manifest.write(
        place,
        __file__,
        "A text whose best loss is known",
        "65,536 bytes to learn from and 8,192 to be judged on, words of a chain with four followers "
        f"each. Knowing the chain leaves {entropy:.4f} nats a byte.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
