"""Corruptions of feature rows, for encoders of which no image and so no corrupted image is at hand.

They are no corruptions of images: they disturb the features that an encoder gave, in known ways and
amounts. Rows are [N, D] and of unit length before; readers bring them to unit length after.

| kind | what it does | severities 1 to 5 |
|---|---|---|
| gaussian_noise | adds noise of its own to each row | its length, in lengths of the row |
| dimension_dropout | sets dimensions to 0, other ones in each row | their share |
| quantisation | rounds each dimension to even levels over 6 standard deviations | bits |
| rotation | turns all rows by one angle in the same D / 2 random planes | degrees |
| mean_shift | adds one and the same vector to all rows | its length, in lengths of the row |
| contrast | draws all rows to the mean of the reference | the share of the difference that is left |

Mean and standard deviation are those of reference rows that no test row is among.
"""

import numpy as np

AMOUNTS = {
    "gaussian_noise": (0.25, 0.5, 1.0, 1.5, 2.0),
    "dimension_dropout": (0.1, 0.3, 0.5, 0.7, 0.9),
    "quantisation": (5, 4, 3, 2, 1),
    "rotation": (10, 20, 30, 40, 50),
    "mean_shift": (0.25, 0.5, 0.75, 1.0, 1.25),
    "contrast": (0.7, 0.5, 0.3, 0.2, 0.1),
}


def unit(x):
    x = np.asarray(x, np.float64)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def corrupted(x, kind, severity, reference, seed):
    """Rows x [N, D] under one corruption; the same seed gives the same numbers."""
    amount = AMOUNTS[kind][severity - 1]
    # What is the same for all severities of a kind, such as planes, is drawn from `shared`.
    number = list(AMOUNTS).index(kind)
    shared, own = (np.random.default_rng([seed, number, part]) for part in (0, severity))
    x, reference = unit(x), unit(reference)
    return KINDS[kind](x, amount, reference, shared, own)


def gaussian_noise(x, length, _reference, _shared, own):
    return x + own.normal(0, length / np.sqrt(x.shape[1]), x.shape)


def dimension_dropout(x, share, _reference, _shared, own):
    return np.where(own.random(x.shape) < share, 0, x)


def quantisation(x, bits, reference, _shared, _own):
    centre, spread = reference.mean(0), reference.std(0)
    steps = 2**bits - 1
    place = np.clip((x - centre) / (6 * spread) + 0.5, 0, 1)
    return centre + (np.rint(place * steps) / steps - 0.5) * 6 * spread


def rotation(x, degrees, _reference, shared, _own):
    # An orthonormal basis in random order; its columns 2 i and 2 i + 1 span the planes.
    basis, upper = np.linalg.qr(shared.normal(size=(x.shape[1], x.shape[1])))
    turned = x @ (basis * np.sign(np.diag(upper)))
    last = x.shape[1] // 2 * 2
    first, second = turned[:, 0:last:2].copy(), turned[:, 1:last:2].copy()
    angle = np.deg2rad(degrees)
    turned[:, 0:last:2] = np.cos(angle) * first - np.sin(angle) * second
    turned[:, 1:last:2] = np.sin(angle) * first + np.cos(angle) * second
    return turned @ (basis * np.sign(np.diag(upper))).T


def mean_shift(x, length, reference, shared, _own):
    # Along dimensions as far as they vary, so that the shift lies where features lie.
    return x + length * unit(shared.normal(size=x.shape[1]) * reference.std(0))


def contrast(x, share, reference, _shared, _own):
    centre = reference.mean(0)
    return centre + share * (x - centre)


KINDS = {
    function.__name__: function
    for function in (
        gaussian_noise, dimension_dropout, quantisation, rotation, mean_shift, contrast)
}
