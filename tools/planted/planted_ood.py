#!/usr/bin/env python3
"""Makes suites/data/planted-ood-members and suites/data/planted-ood-hubs.

`members`, for methods that average classifiers. A row has a place in two unlike spaces: features,
which text and probe read, and "pixels", which only a network reads that is trained here and handed
over by its logits. Near OOD rows resemble a class in one of the two spaces, far ones in neither.
Variants: clean; noisy-labels (40 % of the training labels are drawn anew over all ten classes, so
that 36 % are wrong, for probe and network); poor-names (the texts of 4 of 10 classes belong to
nothing).

`hubs`, for methods that learn what a text denies. All images share a direction; texts point along
it a little or a lot, and those that do are close to every image. Which ones do can be read from the
texts, and learned from pairs of images and texts about other concepts. Two sets of ten classes; near
OOD rows are unseen concepts of the families of the classes, far ones of other families.

Draws are those of NumPy's PCG64; rows are stored as f16. Needs Python 3.9 and NumPy.
"""

import pathlib

import numpy as np

import manifest

MEMBERS, HUBS = 2026, 4052


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


class Folder:
    """A dataset folder with its arrays."""

    def __init__(self, world):
        data = pathlib.Path(__file__).resolve().parents[2] / "suites" / "data"
        self.path = data / f"planted-ood-{world}"
        self.path.mkdir(exist_ok=True)

    def save(self, name, array):
        return manifest.save(self.path, name, array)

    def rows(self, name, array):
        return {**self.save(name, array.astype(np.float16)), "normalize": "l2"}

    def write(self, title, description, cases):
        manifest.write(self.path, __file__, title, description, cases=cases)


def mixtures(folder, random, labels, sets):
    """For each OOD set the rows of a shuffled query over a stack of ID rows and all OOD sets."""
    known, start, rows = np.arange(len(labels)), len(labels), {}
    folder.save("labels", np.concatenate([labels, np.full(sum(sets.values()), -1)]).astype(np.int32))
    for name, count in sets.items():
        order = random.permutation(np.concatenate([known, np.arange(start, start + count)]))
        folder.save(f"{name}_rows", order.astype(np.int32))
        rows[name] = {"rows": {"file": f"{name}_rows.npy"}}
        start += count
    return rows


# MARK: Members


def network(x, labels, classes, random):
    """A hidden layer of 64, trained for 30 epochs by SGD: rate 0.1 along a cosine, momentum 0.9."""
    first = random.normal(size=(x.shape[1], 64)) / np.sqrt(x.shape[1])
    second = random.normal(size=(64, classes)) / 8
    tensors = [first, np.zeros(64), second, np.zeros(classes)]
    speeds = [np.zeros_like(tensor) for tensor in tensors]
    steps, step = 30 * -(-len(x) // 64), 0
    for _ in range(30):
        order = random.permutation(len(x))
        for start in range(0, len(x), 64):
            rows = order[start:start + 64]
            hidden = np.maximum(x[rows] @ tensors[0] + tensors[1], 0)
            slope = softmax(hidden @ tensors[2] + tensors[3])
            slope[np.arange(len(rows)), labels[rows]] -= 1
            slope /= len(rows)
            back = (slope @ tensors[2].T) * (hidden > 0)
            gradients = [x[rows].T @ back, back.sum(0), hidden.T @ slope, slope.sum(0)]
            rate = 0.05 * (1 + np.cos(np.pi * step / steps))
            step += 1
            for index, gradient in enumerate(gradients):
                speeds[index] = 0.9 * speeds[index] + gradient + 5e-4 * tensors[index]
                tensors[index] = tensors[index] - rate * speeds[index]
    return lambda x: np.maximum(x @ tensors[0] + tensors[1], 0) @ tensors[2] + tensors[3]


def members(classes=10, width=24, train=500, test=600, ood=300):
    random = np.random.default_rng(MEMBERS)
    folder = Folder("members")
    centres = [unit(random.normal(size=(classes, width))) for _ in range(2)]

    def around(places):
        return unit(places + 0.9 * unit(random.normal(size=places.shape)))

    def strangers(count):
        return unit(random.normal(size=(count, width)))

    def resembling(space, count):
        mixed = unit(centres[space][np.arange(count) % classes] + 0.7 * strangers(count))
        return mixed, strangers(count)

    labels = np.arange(train) % classes
    known = np.arange(test) % classes
    seen = [around(centre[labels]) for centre in centres]
    half = ood // 2
    one, other = resembling(0, half), resembling(1, ood - half)
    near = [np.concatenate([one[0], other[1]]), np.concatenate([one[1], other[0]])]
    asked = [np.concatenate([around(centres[s][known]), around(near[s]), around(strangers(ood))])
             for s in range(2)]
    noisy = np.where(random.random(train) < 0.4, random.integers(0, classes, train), labels)
    text = unit(centres[0] + 0.8 * unit(random.normal(size=centres[0].shape)))
    poor = text.copy()
    poor[:4] = strangers(4)
    queries = mixtures(folder, random, known, {"near": ood, "far": ood})
    train_x, query_x = folder.rows("train_x", seen[0]), folder.rows("query_x", asked[0])
    texts = {"text": folder.rows("text", text), "poor_text": folder.rows("poor_text", poor)}
    given = {name: folder.save(name, values.astype(np.int32))
             for name, values in (("train_y", labels), ("noisy_y", noisy))}
    logits = {name: folder.save(f"{name}_logits", network(
        3 * seen[1], values, classes, random)(3 * asked[1]).astype(np.float16))
        for name, values in (("train_y", labels), ("noisy_y", noisy))}
    variants = [("clean", "train_y", "text"), ("noisy-labels", "noisy_y", "text"),
                ("poor-names", "train_y", "poor_text")]
    folder.write(
        "Planted rows that text, probe and a network see differently",
        "Near OOD rows resemble a class either in the features or in the network's own space, far "
        "ones in neither. Variants have 40 % of the training labels drawn anew, or texts of 4 classes that "
        "belong to nothing.",
        [{"name": f"{variant}-{name}", "setting": {"variant": variant, "ood": name},
          "fit": {"train.features": train_x, "train.labels": given[y], "text.class": texts[t],
                  "class.count": classes},
          "query": {"query.features": {**query_x, **rows},
                    "query.logits": {**logits[y], **rows}},
          "truth": {"labels": {"file": "labels.npy", **rows}}}
         for variant, y, t in variants for name, rows in queries.items()])


# MARK: Hubs


def hubs(classes=10, width=48, pairs=2000, test=400, ood=200, levels=(0.1, 2.0)):
    random = np.random.default_rng(HUBS)
    common = unit(random.normal(size=width))

    def concepts(families, each):
        family = unit(random.normal(size=(families, 1, width)))
        own = unit(random.normal(size=(families, each, width)))
        return unit(np.sqrt(0.19) * family + 0.9 * own)

    def texts(places, level):
        noise = unit(random.normal(size=places.shape))
        return unit(places + np.asarray(levels)[level][:, None] * common + 0.15 * noise)

    def images(places):
        share = 1 + 0.1 * random.normal(size=(len(places), 1))
        return unit(places + share * common + 0.7 * unit(random.normal(size=places.shape)))

    spoken = concepts(pairs // 4, 4).reshape(-1, width)
    folder = Folder("hubs")
    pair_text = folder.rows("pair_text", texts(spoken, random.integers(0, 2, pairs)))
    pair_image = folder.rows("pair_image", images(spoken))
    known, cases = np.arange(test) % classes, []
    for name in ("a", "b"):
        family = concepts(classes // 2, 4)
        own, unseen = family[:, :2].reshape(-1, width), family[:, 2:].reshape(-1, width)
        others = concepts(classes, 1).reshape(-1, width)
        places = [own[known]] + [c[np.arange(ood) % len(c)] for c in (unseen, others)]
        text = texts(own, np.arange(classes) % 2)
        # A handful of words changes the feature of a text little, and always the same way.
        shift = 0.3 * unit(random.normal(size=width))
        denying = unit(text + shift + 0.1 * unit(random.normal(size=text.shape)))
        query = folder.rows(f"{name}_x", images(np.concatenate(places)))
        fit = {"text.class": folder.rows(f"{name}_text", text),
               "text.no": folder.rows(f"{name}_no", denying), "pairs.image": pair_image,
               "pairs.text": pair_text, "class.count": classes}
        for ood_name, rows in mixtures(
                folder, random, known, {f"{name}_near": ood, f"{name}_far": ood}).items():
            short = ood_name[2:]
            cases.append({
                "name": f"{name}-{short}", "setting": {"classes": name, "ood": short}, "fit": fit,
                "query": {"query.features": {**query, **rows}},
                "truth": {"labels": {"file": "labels.npy", **rows}}})
    folder.write(
        "Planted texts of which half are close to every image",
        "Pairs of images and texts about concepts that are in no class tell by how much. text.no is "
        "the text of each class shifted a little, as a negation in words shifts it.", cases)


if __name__ == "__main__":
    members()
    hubs()
