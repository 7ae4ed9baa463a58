#!/usr/bin/env python3
"""Makes suites/data/planted-factors: rows whose form stays and whose surface fades in an odd pose.

The first 16 numbers of a row are its form, the last 16 its surface, each around a direction of its
class. The class text has the form alone, so that pose does not concern it; what is learned from rows
leans on both. Needs Python 3.9 and NumPy.
"""

import numpy as np

import manifest

CLASSES, WIDTH = 10, 16
# Noise of form and surface: rows of 16 of each class settle most questions, single ones do not.
FORM_NOISE, SURFACE_NOISE = 0.42, 0.3
ODD_SHARE, ODD_STRENGTH = 0.3, 0.3


def main():
    rng = np.random.default_rng(11)
    place = manifest.folder(__file__)
    save = lambda name, array: manifest.save(place, name, array)
    form, surface = (rng.standard_normal((CLASSES, WIDTH)) for _ in range(2))
    form, surface = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (form, surface))

    def rows(labels):
        """Rows [N, 32], f16, and whether each is in the odd pose."""
        odd = rng.random(len(labels)) < ODD_SHARE
        strength = np.where(odd, ODD_STRENGTH, 1.0)[:, None]
        noise = rng.standard_normal((2, len(labels), WIDTH))
        x = np.concatenate([
            form[labels] + FORM_NOISE * noise[0],
            strength * surface[labels] + SURFACE_NOISE * noise[1]], axis=1)
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        return x.astype(np.float16), odd.astype(np.int16)

    arrays, pose = {}, None
    for split, count in (("train", 40), ("val", 20), ("test", 150)):
        labels = np.tile(np.arange(CLASSES), count)
        x, pose = rows(labels)
        arrays[f"{split}.features"] = save(f"{split}_x", x)
        arrays[f"{split}.labels"] = save(f"{split}_y", labels.astype(np.int16))
    arrays["text.class"] = save(
        "text", np.concatenate([form, np.zeros_like(surface)], axis=1).astype(np.float16))
    manifest.write(
        place, __file__, "Rows whose surface fades in an odd pose",
        "Text features know the form alone, which pose leaves as it is.",
        classes=[f"class {number}" for number in range(CLASSES)], arrays=arrays,
        groups={"pose": {"array": save("pose", pose), "names": ["usual", "odd"]}})


if __name__ == "__main__":
    main()
