#!/usr/bin/env python3
"""Make suites/data/planted-recommend and suites/data/planted-exposures with NumPy.

    tools/planted/planted_recommend.py suites/data

Who finds what relevant is known here, and so is the probability that an item is shown, which rises
with its popularity. A pair is clicked if it is shown and relevant. A power of the exposure
probability sets how unequal exposure is.
"""

import argparse
import json
import pathlib
import struct

import numpy as np

SOURCE = "Made by tools/planted/planted_recommend.py (NumPy {}, PCG64, seed {}); no outside data."
LICENCE = "CC0-1.0"
DTYPES = {"u1": "U8", "i2": "I16", "f2": "F16", "i4": "I32", "f4": "F32"}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def world(rng, users, items):
    """The probabilities of relevance and of exposure, [U, I] each."""
    tastes, traits = rng.standard_normal((users, 4)), rng.standard_normal((items, 4))
    quality = rng.standard_normal(items)
    relevance = sigmoid(0.9 * tastes @ traits.T + 0.7 * quality - 0.5)
    # Better items are more popular, but not by that alone; exposure also depends on taste.
    popularity = 0.5 * quality + np.sqrt(0.75) * rng.standard_normal(items)
    activity = 0.5 * rng.standard_normal((users, 1))
    exposure = sigmoid(1.5 * popularity + activity + 0.5 * tastes[:, :1] @ traits[:, :1].T - 1)
    return relevance, exposure


def pairs(mask):
    return np.argwhere(mask).astype(np.uint8 if max(mask.shape) <= 256 else np.int16)


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": DTYPES[array.dtype.str[1:]], "shape": array.shape,
                        "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(
        np.ascontiguousarray(a).tobytes() for a in tensors.values()))


def named(file, **keys):
    return {name.replace("_", "."): {"file": file, "key": key} for name, key in keys.items()}


def write_manifest(folder, seed, cases, **about):
    document = {"schema": "assay.dataset/1", "id": folder.name, "version": "1.0.0", **about,
                "source": SOURCE.format(np.__version__, seed), "licence": LICENCE, "cases": cases}
    text = json.dumps(document, indent=2) if len(cases) < 40 else json.dumps(document).replace(
        '{"name": "', '\n{"name": "')
    (folder / "dataset.json").write_text(text + "\n")


def learning(folder):
    """Four powers of exposure; a tenth of the clicks to validate on; 20 pairs a user to rank."""
    seed, users, items = 1, 600, 200
    rng = np.random.default_rng(seed)
    relevance, exposure = world(rng, users, items)
    relevant = rng.random((users, items)) < relevance
    chance = rng.random((users, items))
    held = rng.random((users, items)) < 0.1
    counts = {"user.count": users, "item.count": items}

    complete = rng.random((users, items)) < relevance
    shown = {"interactions": pairs(complete & ~held), "val.interactions": pairs(complete & held)}
    for prefix in ("", "val."):
        shown[f"{prefix}propensity"] = np.ones(len(shown[f"{prefix}interactions"]), np.uint8)
    write_safetensors(folder / "complete.safetensors", shown)
    fit_names = {name.replace(".", "_"): name for name in shown}

    cases = []
    for power in (0.5, 1, 2, 4):
        propensity = (exposure ** power).astype(np.float16)
        clicked = relevant & (chance < propensity)
        tensors = {}
        for prefix, part in (("", clicked & ~held), ("val.", clicked & held)):
            tensors[f"{prefix}interactions"] = pairs(part)
            tensors[f"{prefix}propensity"] = propensity[part]
        asked = np.zeros((users, items), bool)
        for user in range(users):
            unclicked = np.flatnonzero(~clicked[user])
            asked[user, rng.choice(unclicked, 20, replace=False)] = True
        tensors["pairs"], tensors["relevance"] = pairs(asked), relevant[asked].astype(np.uint8)
        frequency = (clicked & ~held).sum(axis=0)
        is_rare = frequency <= np.median(frequency)
        tensors["rare"] = np.flatnonzero(is_rare[np.nonzero(asked)[1]]).astype(np.int16)
        file = f"power-{power}.safetensors"
        write_safetensors(folder / file, tensors)
        query, truth = named(file, query_pairs="pairs"), named(file, relevance="relevance")
        rare = {"rows": {"file": file, "key": "rare"}}
        for name, source, items_asked, extra in (
                ("all", file, "all", {}), ("rare", file, "rare", rare),
                ("complete", "complete.safetensors", "all", {})):
            cases.append({
                "name": f"power-{power}-{name}",
                "setting": {
                    "exposure": "complete" if name == "complete" else "popularity",
                    "items": items_asked, "power": power},
                "fit": {**named(source, **fit_names), **counts},
                "query": {n: {**array, **extra} for n, array in query.items()},
                "truth": {n: {**array, **extra} for n, array in truth.items()}})
    write_manifest(
        folder, seed, cases, title="Clicks on planted relevance, by exposure to popular items",
        description=(
            "600 users, 200 items. A pair is clicked if it is shown, with a known propensity that "
            "is raised to 'power', and relevant. To be ranked: 20 random pairs of each user that "
            "are not clicked ('items=rare': those of the less clicked half of the items). With "
            "'exposure=complete' every pair was shown and relevance drawn anew: what the same "
            "pairs can be predicted by when exposure hides nothing."))


def redraws(folder):
    """Many draws of relevance and exposure of one world, whose loss is known."""
    seed, users, items, draws, power = 2, 250, 80, 50, 1.5
    rng = np.random.default_rng(seed)
    relevance, exposure = world(rng, users, items)
    relevance = relevance.astype(np.float32)
    propensity = (exposure ** power).astype(np.float16)
    every = np.ones((users, items), bool)
    tensors, cases, file = {"pairs": pairs(every), "relevance": relevance[every]}, [], (
        "draws.safetensors")
    for draw in range(draws):
        relevant = rng.random((users, items)) < relevance
        clicked = relevant & (rng.random((users, items)) < propensity)
        tensors[f"{draw}.interactions"] = pairs(clicked)
        tensors[f"{draw}.propensity"] = propensity[clicked]
        cases.append({
            "name": f"draw-{draw}", "setting": {"draw": draw},
            "fit": {**named(file, interactions=f"{draw}.interactions",
                            propensity=f"{draw}.propensity"),
                    "user.count": users, "item.count": items},
            "query": named(file, query_pairs="pairs"),
            "truth": named(file, relevance="relevance")})
    write_safetensors(folder / file, tensors)
    write_manifest(
        folder, seed, cases, title="Redraws of clicks on planted relevance",
        description=(
            f"{users} users, {items} items. {draws} draws of which pairs are relevant and shown "
            f"(power {power} of the propensity), to see what an estimate of the loss from clicks "
            "does over draws, at predictions that stay. The relevance that the host keeps is the "
            "probability itself, so that the cross-entropy against it is the ideal loss."))


def main():
    parser = argparse.ArgumentParser(description="Make the planted data of task recommend.")
    parser.add_argument("folder", type=pathlib.Path, help="where the dataset folders go")
    target = parser.parse_args().folder
    for name, make in (("planted-recommend", learning), ("planted-exposures", redraws)):
        (target / name).mkdir(parents=True, exist_ok=True)
        make(target / name)


if __name__ == "__main__":
    main()
