"""Which classes of a text list name what a set of images shows."""

import numpy as np

# A text that is the nearest to this share of the rows of a class is taken to name that class too.
SHARE = 0.1


def plain(name):
    return name.lower().replace("_", " ").replace("-", " ").strip()


def naming(text, text_names, x, y, names):
    """The rows of `text` [T, D] that name a class of the labelled rows x [N, D], y [N].

    A row does where its name is that of a class, or where it is the nearest of all texts to a share
    of the class's rows: names alone miss that an airliner is an airplane. `names` is name by label.
    """
    def unit(rows):
        rows = np.asarray(rows, np.float64)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    nearest = (unit(x) @ unit(text).T).argmax(axis=1)
    wanted = {plain(name) for name in names.values()}
    chosen = {row for row, name in enumerate(text_names) if plain(name) in wanted}
    for label in np.unique(y):
        counts = np.bincount(nearest[y == label], minlength=len(text))
        chosen.update(np.flatnonzero(counts >= SHARE * counts.sum()).tolist())
    return np.array(sorted(chosen))
