"""Prints CapsAdapterReference.swift: M-Adapter in NumPy, f64, pair by pair.

python3 Tests/PluginsTests/CapsAdapterReference.py > Tests/PluginsTests/CapsAdapterReference.swift
"""
import itertools

import numpy as np

MASK = (1 << 64) - 1


def uniforms(seed):
    """SplitMix64 as in Tests/MethodHarness/Planted.swift."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield ((z ^ (z >> 31)) >> 11) * 2.0**-53


def centres(classes, width, seed):
    draw = uniforms(seed)
    return [[2 * next(draw) - 1 for _ in range(width)] for _ in range(classes)]


def rows(around, spread, count, seed, unit):
    """`Planted(...).rows(...)`, as f64 of the f32 numbers."""
    draw = uniforms(seed)
    out = []
    for i in range(count):
        row = [c + spread * (next(draw) + next(draw) + next(draw) - 1.5)
               for c in around[i % len(around)]]
        if unit:
            square = 0.0
            for v in row:
                square += v * v
            row = [v / square**0.5 for v in row]
        out.append(row)
    return np.array(out, np.float32).astype(np.float64)


def class_text(around):
    """The text features of `Setting`: half centre, half noise."""
    draw = uniforms(3)
    return np.array(
        [[v + 3 * (next(draw) - 0.5) for v in row] for row in around], np.float32).astype(float)


def show(name, values, comment):
    """Prints a static list of numbers."""
    lines, line = [], "   "
    for v in np.ravel(values):
        text = f" {float(v)!r},"
        if len(line) + len(text) > 98:
            lines.append(line)
            line = "   "
        line += text
    print(f"\n  /// {comment}\n  static let {name}: [Double] = [")
    print("\n".join(lines + [line]) + "\n  ]")


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


class Adapter:
    """The terms of the logits, with loops where the plugin has products."""

    def __init__(self, text, images, captions, labels, space="class", balance=False, tau=0.5):
        self.t, self.f, self.g, self.y = unit(text), unit(images), unit(captions), labels
        self.space, self.tau = space, tau
        self.l = np.eye(len(text))[labels]
        if balance:
            self.l = self.l / np.maximum(self.l.sum(0), 1)

    def signature(self, x):
        return softmax((self.t @ x if self.space == "class" else x) / self.tau)

    def divergences(self, x):
        kl = np.zeros((len(x), len(self.f)))
        for i, j in np.ndindex(kl.shape):
            p, q = self.signature(x[i]), self.signature(self.f[j])
            kl[i, j] = sum(a * (np.log(a) - np.log(b)) for a, b in zip(p, q))
        return kl

    def prepare(self, x, frozen=None):
        self.x = unit(x)
        self.kl = self.divergences(self.x)
        self.frozen = frozen
        return self

    def affinities(self, delta):
        return (1 - delta) * self.x @ self.f.T + delta * self.x @ self.g.T

    def terms(self, beta, delta):
        a = self.affinities(delta)
        kl_range, a_range = self.kl, a
        if self.frozen is not None:
            kl_range, a_range = self.frozen.kl, self.frozen.affinities(delta)
        r = (self.kl - kl_range.min()) / (kl_range.max() - kl_range.min())
        r = r * (a_range.max() - a_range.min()) + a_range.min()
        return np.exp(-beta * (1 - a)) @ self.l, -r @ self.l

    def logits(self, alpha, beta, gamma, delta):
        c, k = self.terms(beta, delta)
        return 100 * self.x @ self.t.T + gamma * k + alpha * c

    def search(self, truth, alphas, betas, deltas, gammas):
        best, found = 0, None
        for alpha, beta, delta, gamma in itertools.product(alphas, betas, deltas, gammas):
            right = (self.logits(alpha, beta, gamma, delta).argmax(1) == truth).sum()
            if right > best:
                best, found = right, (alpha, beta, gamma, delta)
        return [*found, best / len(truth)]


# The released code's grid, and what one of its steps is.
FULL = dict(alphas=[0.1 + i * 49.9 / 20 for i in range(20)],
            betas=[1 + i * 49 / 200 for i in range(200)], deltas=[i / 10 for i in range(11)],
            gammas=[0.1 + i * 29.9 / 50 for i in range(50)])
STEPS = dict(alphas=49.9 / 20, betas=49 / 200, deltas=1 / 10, gammas=29.9 / 50)
COARSE = dict(alphas=[0.1, 1, 3, 6, 12, 24, 48], betas=[1, 2, 5, 10, 20, 50],
              deltas=[0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], gammas=[0, 0.1, 1, 3, 10, 30])


def refine(adapter, truth):
    """The coarse search, then its winner's neighbours, which must answer more rows."""
    coarse = adapter.search(truth, **COARSE)
    alpha, beta, gamma, delta, accuracy = coarse
    around = {}
    for name, value in dict(alphas=alpha, betas=beta, deltas=delta, gammas=gamma).items():
        near = [value - STEPS[name], value, value + STEPS[name]]
        around[name] = [v for v in near if 0 <= v <= (1 if name == "deltas" else 1000)]
    fine = adapter.search(truth, **around)
    return coarse, fine if fine[-1] > accuracy else coarse


def card():
    """The example of section 10: F, G, T, two queries."""
    f = np.array([[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]])
    g = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
    adapter = Adapter(np.eye(2), f, g, [0, 0, 1, 1])
    return adapter.prepare(np.array([[0.6, 0.8], [1, 0]])).logits(1, 2, 1, 0.25)


def main():
    c = centres(5, 16, 1)
    text = class_text(c)
    images, captions = rows(c, 1.0, 20, 2, True), rows(c, 1.2, 20, 9, False)
    query, val = rows(c, 1.0, 6, 5, True), rows(c, 1.0, 35, 4, True)
    labels, truth = np.arange(20) % 5, np.arange(35) % 5
    few = np.array([0, 1, 2, 3, 4, 5, 6, 10])  # Classes 0 and 1 more often than the others.
    at = dict(alpha=1.5, beta=3, gamma=2, delta=0.3)

    print(f"/// Values of NumPy {np.__version__}, printed by")
    print("/// `python3 Tests/PluginsTests/CapsAdapterReference.py`.")
    print("enum CapsAdapterReference {")
    show("card", card(), "The example with two queries and four rows, alpha 1, beta 2, gamma 1, "
         "delta 0.25.")
    full = Adapter(text, images, captions, labels)
    show("classSpace", full.prepare(query).logits(**at),
         "Logits `[6, 5]`, alpha 1.5, beta 3, gamma 2, delta 0.3.")
    feature = Adapter(text, images, captions, labels, space="feature")
    show("featureSpace", feature.prepare(query).logits(**at), "The same over feature coordinates.")
    part = Adapter(text, images[few], captions[few], labels[few])
    show("uneven", part.prepare(query).logits(**at), "The same with 3, 2, 1, 1, 1 rows a class.")
    part = Adapter(text, images[few], captions[few], labels[few], balance=True)
    show("balanced", part.prepare(query).logits(**at), "The same as means over each class.")
    frozen = Adapter(text, images, captions, labels).prepare(val)
    show("frozen", full.prepare(query, frozen).logits(**at),
         "Logits with the extremes of the 35 validation rows.")
    grid = ([0.5, 2, 9], [1.5, 4, 11], [0, 0.4, 0.8, 1], [0, 0.7, 5, 20])
    show("search", frozen.search(truth, *grid),
         "Alpha, beta, gamma, delta and accuracy of the first best on the 35 rows.")
    hard = Adapter(text, images, captions, labels).prepare(rows(c, 1.6, 10, 4, True))
    for name, given in dict(
            alphas=dict(betas=[1.5], deltas=[1], gammas=[5]),
            betas=dict(alphas=[20], deltas=[0.3], gammas=[5]),
            deltas=dict(alphas=[20], betas=[4], gammas=[5]),
            gammas=dict(alphas=[40], betas=[4], deltas=[0])).items():
        show(f"{name}OfFull", hard.search(np.arange(10) % 5, **{name: FULL[name], **given}),
             f"The same over the full grid's {name} on 10 rows, the others given.")
    hard = Adapter(text, images, captions, labels).prepare(rows(c, 1.6, 25, 65, True))
    coarse, fine = refine(hard, np.arange(25) % 5)
    show("coarse", coarse, "The same of the coarse grid on 25 rows.")
    show("refined", fine, "The same after its neighbours, one step of the full grid away.")
    print("}")


if __name__ == "__main__":
    main()
