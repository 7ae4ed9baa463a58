#!/usr/bin/env python3
"""Makes suites/data/planted-cues: rows whose shape and texture can show different classes.

The first 16 numbers of a row are its shape, the last 16 its texture, each near one corner. Training
rows have no shape, the class text has no texture. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

CLASSES, NOISE = 16, 0.1


def rows(rng, shape, texture, strength=1.0):
    """Rows of a shape and a texture; -1 stands for none."""
    x = np.zeros((len(shape), 2 * CLASSES))
    for half, cue, size in ((0, shape, strength), (CLASSES, texture, 1.0)):
        known = np.flatnonzero(cue >= 0)
        x[known, half + cue[known]] = np.broadcast_to(size, len(cue))[known]
        x[np.ix_(known, np.arange(half, half + CLASSES))] += NOISE * rng.standard_normal(
            (len(known), CLASSES)
        )
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float16)


def main():
    rng = np.random.default_rng(7)
    place = manifest.folder(__file__)
    save = lambda name, array: manifest.save(place, name, array)
    train = np.repeat(np.arange(CLASSES), 8)
    test = np.tile(np.arange(CLASSES), 40)
    pose = (rng.random(len(test)) < 0.3).astype(np.int16)
    shape, texture = np.divmod(np.arange(CLASSES * CLASSES), CLASSES)
    conflict = shape != texture
    shape, texture = np.tile(shape[conflict], 2), np.tile(texture[conflict], 2)
    none = np.full(len(train), -1)
    manifest.write(
        place,
        __file__,
        "Rows with a shape and a texture",
        "In the test rows both cues agree; in an odd pose the shape is weak. In 'cue-conflict' they "
        "do not: labels are the shapes, conflicting classes the textures.",
        classes=[f"class {number}" for number in range(CLASSES)],
        arrays={
            "train.features": save("train_x", rows(rng, none, train)),
            "train.labels": save("train_y", train.astype(np.int16)),
            "test.features": save("test_x", rows(rng, test, test, np.where(pose == 1, 0.3, 1.0))),
            "test.labels": save("test_y", test.astype(np.int16)),
            "text.class": save("text", np.eye(CLASSES, 2 * CLASSES).astype(np.float16)),
        },
        groups={"pose": {"array": save("pose", pose), "names": ["usual", "odd"]}},
        shifts=[
            {
                "name": "cue-conflict",
                "features": save("conflict_x", rows(rng, shape, texture)),
                "labels": save("conflict_shape", shape.astype(np.int16)),
                "conflicting": save("conflict_texture", texture.astype(np.int16)),
            }
        ],
    )


if __name__ == "__main__":
    main()
