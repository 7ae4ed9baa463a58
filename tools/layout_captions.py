#!/usr/bin/env python3
"""Lay out suites/data/captions: COCO captions as a pool of texts, class names as metadata.

    tools/layout_captions.py SUGAR_CREPE DETIC CLIP_LT

The folders hold: the seven .json files of SugarCrepe with its LICENSE; lvis_v1_train_cat_info.json
and Objects365_names_fix.csv of Detic; imagenet_class_names.txt of the CLIP-LT code with its LICENSE.
The true matches come from the plain search of the published matcher. Needs Python 3.9 and NumPy.
"""

import argparse
import json
import pathlib
import re

import numpy as np

MARKS = ",.;:?!`"
NOTICE = """The captions are from SugarCrepe (its 'caption', never a 'negative_caption'), whose licence follows;
they come from the COCO 2017 validation annotations, copyright COCO Consortium, CC BY 4.0
(creativecommons.org/licenses/by/4.0). Changed: line breaks became spaces, duplicates were dropped.

The metadata joins three lists of class names: LVIS and Objects365 as in Detic (Apache-2.0; copyright
Facebook, Inc. and its affiliates; text in the LICENSE file of this project) and ImageNet-1k as in
CLIP-LT, whose licence follows that of SugarCrepe. Changed: underscores became spaces, qualifiers in LVIS
names were dropped, Objects365 names were brought to lower case, duplicates were dropped.
"""


def captions(folder):
    """(image, caption) pairs in the order of their first appearance."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        for item in json.loads(path.read_text("utf-8")).values():
            text = " ".join(item["caption"].split("\n")).strip()
            found.setdefault((int(pathlib.Path(item["filename"]).stem), text))
    return list(found)


def names(detic, clip_lt):
    """Class names in the order of the lists, each once."""
    lvis = json.loads((detic / "lvis_v1_train_cat_info.json").read_text("utf-8"))
    found = [re.sub(r"_?\(.*\)", "", entry["name"]).replace("_", " ") for entry in lvis]
    for line in (detic / "Objects365_names_fix.csv").read_text("utf-8").splitlines():
        found += [part.strip().lower() for part in line.split(",")[2].split("/")]
    found += (clip_lt / "imagenet_class_names.txt").read_text("utf-8").splitlines()
    return list(dict.fromkeys(name for name in found if name))


def spaced(text):
    """The text as the published matcher reads it."""
    text = f" {text} "
    for mark in MARKS:
        text = text.replace(mark, f" {mark} ")
    for blank in "\t\n\r":
        text = text.replace(blank, " ")
    return text


def main():
    parser = argparse.ArgumentParser(description="Lay out the captions dataset.")
    for name in ("sugar_crepe", "detic", "clip_lt"):
        parser.add_argument(name, type=pathlib.Path)
    given = parser.parse_args()
    place = pathlib.Path(__file__).resolve().parents[1] / "suites" / "data" / "captions"
    place.mkdir(parents=True, exist_ok=True)
    pool, entries = captions(given.sugar_crepe), names(given.detic, given.clip_lt)
    pairs = []
    for row, (_, caption) in enumerate(pool):
        text = spaced(caption)
        pairs += [(e, row) for e, entry in enumerate(entries) if f" {entry} " in text]
    (place / "texts.txt").write_text("".join(f"{text}\n" for _, text in pool), "utf-8")
    (place / "entries.txt").write_text("".join(f"{entry}\n" for entry in entries), "utf-8")
    np.save(place / "image.npy", np.array([image for image, _ in pool], np.int64))
    np.save(place / "match.npy", np.array(pairs, np.int16))
    licences = [(folder / "LICENSE").read_text() for folder in (given.sugar_crepe, given.clip_lt)]
    (place / "LICENSE.txt").write_text("\n".join([NOTICE, *licences]))

    query = {
        f"{name}.{part}": {"file": f"{name}.txt", "lines": part}
        for name in ("texts", "entries")
        for part in ("bytes", "offsets")
    }
    truth = {"entries": len(entries), "match": {"file": "match.npy"}}
    manifest = {
        "schema": "assay.dataset/1",
        "id": "captions",
        "version": "1.0.0",
        "title": f"{len(pool):,} captions, and {len(entries):,} class names as metadata",
        "description": "COCO captions on "
        f"{len(set(image for image, _ in pool)):,} images; class names of LVIS, Objects365 and "
        "ImageNet. Case 'images' also tells which image a caption belongs to. True matches: a plain "
        "search of each name in each caption. Made by tools/layout_captions.py.",
        "source": "SugarCrepe (captions of COCO 2017 val); Detic and CLIP-LT (class names)",
        "licence": "see LICENSE.txt: MIT and CC BY 4.0 (captions), Apache-2.0 and MIT (names)",
        "parts": [
            {
                "part": "texts.txt, image.npy",
                "source": "SugarCrepe (RAIVN Lab, 2023); captions from COCO 2017 val",
                "licence": "MIT (SugarCrepe); the captions themselves CC BY 4.0 (COCO Consortium)",
            },
            {
                "part": "entries.txt, first two lists",
                "source": "Detic: LVIS v1 and Objects365 class names",
                "licence": "Apache-2.0",
            },
            {
                "part": "entries.txt, third list",
                "source": "CLIP-LT: ImageNet-1k class names",
                "licence": "MIT",
            },
            {"part": "match.npy", "source": "computed", "licence": "Apache-2.0"},
        ],
        "cases": [
            {
                "name": "texts",
                "summary": "Every caption by itself.",
                "query": query,
                "truth": truth,
            },
            {
                "name": "images",
                "summary": "Captions with the image that each belongs to.",
                "query": {**query, "image.id": {"file": "image.npy"}},
                "truth": truth,
            },
        ],
        "files": {"licence": "LICENSE.txt"},
    }
    (place / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
