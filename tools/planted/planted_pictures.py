#!/usr/bin/env python3
"""Makes suites/data/planted-pictures: pictures of which each part tells the class.

16 x 16 pictures of 16 blocks. Four blocks, anywhere, hold the motifs of the class: one of full contrast
and three of half of it; the others hold motifs that all classes share, and noise lies over all. Pictures
to learn from have all four, so that the strong motif alone explains them. In pictures to be judged on
each motif is there in half of the cases, one at least: who has looked at the strong one only is lost. The
tokens of the second case are fixed random features of the blocks. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

CLASSES, TRAIN, TEST, SIDE, BLOCK = 8, 20, 60, 16, 4
OWN, SHARED = 4, 12
CONTRAST = [1, 0.5, 0.5, 0.5]


def main():
    rng = np.random.default_rng(4711)
    blocks = SIDE // BLOCK
    motif = lambda count: (rng.random((count, BLOCK, BLOCK)) < 0.5).astype(float)
    own = motif(CLASSES * OWN).reshape(CLASSES, OWN, BLOCK, BLOCK)
    shared = motif(SHARED)

    def pictures(each, hides):
        labels = (np.arange(each * CLASSES) % CLASSES).astype(np.int32)
        result = np.zeros((len(labels), 1, SIDE, SIDE))
        for picture, label in zip(result, labels):
            places = rng.permutation(blocks * blocks)
            there = rng.random(OWN) < (0.5 if hides else 2)
            there[rng.integers(OWN)] = True
            for order, place in enumerate(places):
                row, column = divmod(int(place), blocks)
                if order < OWN and there[order]:
                    part = CONTRAST[order] * own[label][order]
                else:
                    part = 0.5 * shared[rng.integers(SHARED)]
                picture[
                    0, row * BLOCK : (row + 1) * BLOCK, column * BLOCK : (column + 1) * BLOCK
                ] = part
        noisy = 70 + 150 * result + 20 * rng.standard_normal(result.shape)
        return np.clip(np.rint(noisy), 0, 255).astype(np.uint8), labels

    (train, train_y), (test, test_y) = pictures(TRAIN, False), pictures(TEST, True)
    turn = np.random.default_rng(11).standard_normal((BLOCK * BLOCK, 12)) / BLOCK

    def tokens(images):
        cells = images.reshape(-1, blocks, BLOCK, blocks, BLOCK).transpose(0, 1, 3, 2, 4)
        cells = (cells.reshape(len(images), blocks * blocks, -1) - 125.0) / 60
        return np.maximum(cells @ turn, 0).astype(np.float16)

    place = manifest.folder(__file__)
    labels = manifest.save(place, "train_y", train_y)
    truth = {"labels": manifest.save(place, "test_y", test_y)}
    cases = [
        {
            "name": "pixels",
            "summary": "The pictures themselves.",
            "fit": {
                "train.images": manifest.save(place, "train_x", train),
                "train.labels": labels, "class.count": CLASSES,
            },
            "query": {"query.images": manifest.save(place, "test_x", test)},
            "truth": truth,
        },
        {
            "name": "tokens",
            "summary": "12 random features of each of their 16 blocks.",
            "fit": {
                "train.tokens": manifest.save(place, "train_tokens", tokens(train)),
                "grid.rows": blocks, "train.labels": labels, "class.count": CLASSES,
            },
            "query": {"query.tokens": manifest.save(place, "test_tokens", tokens(test))},
            "truth": truth,
        },
    ]
    manifest.write(
        place,
        __file__,
        "Pictures of which each part tells the class",
        f"{CLASSES} classes, {TRAIN} pictures of each to learn from and {TEST} to be judged on, in which "
        "parts are missing; 16 x 16 grey pixels, and the same as tokens.",
        cases=cases,
    )


if __name__ == "__main__":
    main()
