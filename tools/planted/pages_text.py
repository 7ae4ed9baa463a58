#!/usr/bin/env python3
"""Makes suites/data/pages-text: the pages of this project as bytes, for a text model of the card's size.

The pages grow, so that another run gives another text: the stored one is that of version 0.1.0. Needs
Python 3.9 and NumPy.
"""

import pathlib

import numpy as np

import manifest


def main():
    place = manifest.folder(__file__)
    root = pathlib.Path(__file__).resolve().parents[2]
    pages = sorted(root.glob("docs/**/*.md")) + [root / "README.md", root / "CONTRIBUTING.md"]
    # Tables of numbers and listings of contracts are no prose.
    lines = [
        line for page in pages if "contracts" not in page.parts
        for line in page.read_text().splitlines() if not line.startswith(("|", "    ", "  "))
    ]
    text = np.frombuffer("\n".join(lines).encode(), np.uint8)
    cut = len(text) - 16384
    case = {
        "name": "gpt",
        "summary": "Next bytes by a transformer of 2 blocks and 64 numbers a token.",
        "query": {
            "text": manifest.save(place, "train", text[:cut]),
            "layers": 2, "width": 64, "heads": 4, "context": 64,
        },
        "truth": {"valid.text": manifest.save(place, "valid", text[cut:]), "target": 0.45},
    }
    manifest.write(
        place, __file__, "The pages of this project as a text",
        f"{cut:,} bytes of English prose to learn from, the last 16,384 to be judged on.",
        cases=[case],
    )


if __name__ == "__main__":
    main()
