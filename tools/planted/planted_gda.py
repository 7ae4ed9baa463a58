#!/usr/bin/env python3
"""Makes suites/data/planted-gda: Gaussian classes with one correlated covariance, and rough texts.

A row is the direction of c + s_y + N z + noise: the cone that all images share, the class's offset, a
few strong nuisance directions and isotropic noise. The nuisance is most of the distance between two
rows and says nothing about the class, so that it has to be whitened. A text is the direction of another
cone, its class's offset and an error. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

CLASSES, WIDTH, NUISANCES = 20, 64, 8
CONE, OFFSET, NUISANCE, NOISE, TEXT_ERROR = 3.0, 0.16, 0.6, 0.25, 0.15
SPLITS = {"train": 60, "val": 20, "test": 60}  # rows of each class
SHIFTS = {"nuisance": (1.5, 0.0), "move": (1.0, 0.5)}  # strength of the nuisance, move of all rows


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def main():
    rng = np.random.default_rng(240204087)
    directions = np.linalg.qr(rng.standard_normal((WIDTH, NUISANCES + 3)))[0].T
    image_cone, text_cone = CONE * directions[:2]
    aside, nuisances = directions[2], directions[3:]
    offsets = OFFSET * rng.standard_normal((CLASSES, WIDTH))
    place = manifest.folder(__file__)

    def features(name, x):
        return {**manifest.save(place, name, unit(x).astype(np.float16)), "normalize": "l2"}

    def labelled(name, per_class, strength=1.0, move=0.0):
        labels = np.arange(CLASSES * per_class, dtype=np.int32) % CLASSES
        nuisance = rng.standard_normal((len(labels), NUISANCES)) @ nuisances
        noise = rng.standard_normal((len(labels), WIDTH))
        x = image_cone + offsets[labels] + strength * NUISANCE * nuisance + NOISE * noise
        return features(f"{name}_x", x + move * aside), manifest.save(place, f"{name}_y", labels)

    arrays = {}
    for split, per_class in SPLITS.items():
        arrays[f"{split}.features"], arrays[f"{split}.labels"] = labelled(split, per_class)
    error = TEXT_ERROR * rng.standard_normal((CLASSES, WIDTH))
    arrays["text.class"] = features("text_class", text_cone + offsets + error)
    shifts = []
    for name, (strength, move) in SHIFTS.items():
        x, y = labelled(name, 20, strength, move)
        shifts.append({"name": name, "features": x, "labels": y})
    manifest.write(
        place,
        __file__,
        "Gaussian classes with one correlated covariance",
        "Twenty classes whose rows differ most along eight directions that say nothing about the "
        "class. Shifts: the nuisance half as strong again; all rows moved along one direction.",
        feature_source="planted, no encoder",
        classes=[f"class {label}" for label in range(CLASSES)],
        arrays=arrays,
        shifts=shifts,
    )


if __name__ == "__main__":
    main()
