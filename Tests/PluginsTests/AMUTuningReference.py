"""Prints AMUTuningReference.swift: AMU-Tuning in NumPy, f64, its gradients by finite differences.

python3 Tests/PluginsTests/AMUTuningReference.py > Tests/PluginsTests/AMUTuningReference.swift
"""
import numpy as np

from CapsAdapterReference import centres, class_text, rows, show, softmax, unit


def factor(z, kind, power, reference):
    p = softmax(z)
    down = np.sort(p)[::-1]
    e = 2 * (np.log(np.exp((p - p.max()) / 2).sum()) + p.max())
    return {
        "none": 1.0,
        "moment": (np.mean(((p - p.mean()) / p.std(ddof=1)) ** 4) / reference) ** -power,
        "entropy": np.exp(power * -(p * np.log2(p)).sum() / np.log2(len(p))),
        "max": 1 / p.max() ** power,
        "max-min": 1 / (p.max() - p.min()) ** power,
        "top5": 1 / (down[0] - down[min(4, len(p) - 1)]) ** power,
        "var": p.std(ddof=1),
        "energy": 1 / e**power,
    }[kind]


def forward(z, a, v, alpha, kappa):
    """The standardised bias and the fused logits of one row."""
    u = v @ a
    standard = (u - u.mean()) / u.std(ddof=1)
    return standard, z + alpha * kappa * standard


def entropy(logits, label):
    return -np.log(softmax(logits)[label])


class Problem:
    def __init__(self, text, x, a, labels, alpha=0.5, lam=0.35, kind="moment", power=0.4):
        self.t, self.alpha, self.lam = unit(text), alpha, lam
        self.z = 100 * unit(x) @ self.t.T
        self.a, self.y = unit(a), labels
        self.reference = len(text) / 4
        self.kappa = [factor(z, kind, power, self.reference) for z in self.z]
        self.kind, self.power = kind, power

    def start(self):
        k, n = len(self.t), len(self.a)
        return np.array([k / n * self.a[self.y == c].sum(0) for c in range(k)])

    def loss(self, v):
        total = 0
        for z, a, y, kappa in zip(self.z, self.a, self.y, self.kappa):
            standard, fused = forward(z, a, v, self.alpha, kappa)
            total += self.lam * entropy(fused, y) + (1 - self.lam) * entropy(standard, y)
        return total / len(self.y)

    def gradient(self, v, h=1e-6):
        g = np.zeros_like(v)
        for index in np.ndindex(v.shape):
            up, down = v.copy(), v.copy()
            up[index] += h
            down[index] -= h
            g[index] = (self.loss(up) - self.loss(down)) / (2 * h)
        return g

    def train(self, steps, rate=1e-3, decay=0.01, eps=1e-4, after=None):
        """AdamW on all rows at once; the rate falls to 0 along a cosine."""
        v, m, s = self.start(), 0, 0
        for t in range(1, steps + 1):
            now = rate * (1 + np.cos(np.pi * (t - 1) / steps)) / 2
            loss, g = self.loss(v), self.gradient(v)
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
            v = v - now * decay * v
            v = v - now * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + eps)
            if after is not None:
                after.append(v)
        return v, loss

    def logits(self, x, a, v):
        out = []
        for row, other in zip(100 * unit(x) @ self.t.T, unit(a)):
            kappa = factor(row, self.kind, self.power, self.reference)
            out.append(forward(row, other, v, self.alpha, kappa)[1])
        return out


def main():
    c, d = centres(5, 16, 1), centres(5, 8, 21)
    text, labels = class_text(c), np.arange(20) % 5
    train = rows(c, 1.0, 20, 2, True), rows(d, 0.8, 20, 22, False)
    query = rows(c, 1.0, 4, 5, True), rows(d, 0.8, 4, 25, False)
    print(f"/// Values of NumPy {np.__version__}, printed by")
    print("/// `python3 Tests/PluginsTests/AMUTuningReference.py`.")
    print("enum AMUTuningReference {")
    for kind in ("none", "moment", "entropy", "max", "max-min", "top5", "var", "energy"):
        problem = Problem(text, *train, labels, kind=kind)
        show({"max-min": "maxMin", "var": "deviation"}.get(kind, kind), problem.logits(*query, problem.start()),
             f"Logits `[4, 5]` at the start, uncertainty {kind}.")
    z, u = np.array([2.0, 1, 0, -1]), np.array([0.2, 0.9, 0.4, 0.1])
    kappa = factor(z, "moment", 0.4, 1)
    standard, fused = forward(z, u, np.eye(4), 0.5, kappa)
    show("card", [*fused, 0.35 * entropy(fused, 1) + 0.65 * entropy(standard, 1)],
         "The example of four classes: fused logits, then the loss.")
    problem = Problem(text, *train, labels)
    for steps in (1, 5):
        v, loss = problem.train(steps)
        show(f"trained{steps}", [*np.ravel(problem.logits(*query, v)), loss],
             f"Logits after {steps} steps on all rows, then the last loss.")
    problem = Problem(text, *train, labels, alpha=2, lam=1)
    v, loss = problem.train(5, rate=0.1, decay=0.5)
    show("fast", [*np.ravel(problem.logits(*query, v)), loss],
         "The same with alpha 2, lambda 1, rate 0.1 and weight decay 0.5.")
    val, truth = (rows(c, 1.0, 50, 4, True), rows(d, 0.8, 50, 24, False)), np.arange(50) % 5

    def accuracy(problem, v):
        return (np.array(problem.logits(*val, v)).argmax(1) == truth).mean()

    problem, after = Problem(text, *train, labels, alpha=20, lam=1), []
    problem.train(6, rate=0.1, after=after)
    show("selection", [accuracy(problem, v) for v in after],
         "Accuracies on 50 validation rows after each of 6 steps, alpha 20, lambda 1, rate 0.1.")
    pairs = [(alpha, lam) for alpha in (0, 40, 25) for lam in (0.9, 0.1)]
    problems = [Problem(text, *train, labels, alpha=alpha, lam=lam) for alpha, lam in pairs]
    show("search", [accuracy(problem, problem.train(2)[0]) for problem in problems],
         "The same after 2 steps, for alphas 0, 40 and 25 with lambdas 0.9 and 0.1 each.")
    print("}")


if __name__ == "__main__":
    main()
