"""Prints Reference.swift: python3 Tests/PluginsTests/reference.py > Tests/PluginsTests/Reference.swift

Data come from SplitMix64 as in Tests/MethodHarness/Planted.swift, in the same order of operations.
"""
import warnings

import numpy as np
import sklearn
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53


def centres(k, d, seed):
    random = SplitMix64(seed)
    return [[2 * random.uniform() - 1 for _ in range(d)] for _ in range(k)]


def rows(c, spread, count, seed, unit):
    random = SplitMix64(seed)
    out = []
    for i in range(count):
        row = []
        for centre in c[i % len(c)]:
            noise = random.uniform() + random.uniform() + random.uniform() - 1.5
            row.append(centre + spread * noise)
        if unit:
            square = 0.0
            for v in row:
                square += v * v
            norm = square**0.5
            row = [v / norm for v in row]
        out.append(row)
    return np.array(out, np.float32).astype(np.float64)


def floats(values):
    lines, line = [], "   "
    for v in values:
        text = f" {float(v)!r},"
        if len(line) + len(text) > 98:
            lines.append(line)
            line = "   "
        line += text
    return "[\n" + "\n".join(lines + [line]) + "\n  ]"


def text(digits):
    parts = [digits[i : i + 80] for i in range(0, len(digits), 80)]
    return "\n    + ".join(f'"{p}"' for p in parts)


# gda: K 4, D 6, N 40, the oracle of the method's card: W = c coef, b - log prior scaled alike.
K, D, N = 4, 6, 40
c = centres(K, D, 11)
x, y = rows(c, 0.6, N, 12, True), np.arange(N) % K
shrinkage = D / (N - 1 + D)
lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=[1 / K] * K).fit(x, y)
factor = shrinkage * (N - 1) / N
weights = factor * lda.coef_
bias = factor * (lda.intercept_ - np.log(1 / K)) + np.log(1 / K)

# linear-probe: K 5, D 12, N 100, overlapping classes, C 10.
K2, D2, N2, Q2, C = 5, 12, 100, 400, 10.0
c2 = centres(K2, D2, 21)
x2, y2 = rows(c2, 2.0, N2, 22, False), np.arange(N2) % K2
q2 = rows(c2, 2.0, Q2, 23, False)
probe = LogisticRegression(C=C, tol=1e-10, max_iter=100000).fit(x2, y2)
z = probe.decision_function(x2)
ce = np.log(np.exp(z - z.max(1, keepdims=True)).sum(1)) + z.max(1) - z[np.arange(N2), y2]
objective = 0.5 * (probe.coef_**2).sum() + C * ce.sum()

print(f"""/// Values of scikit-learn {sklearn.__version__} with NumPy {np.__version__}, printed by
/// `python3 Tests/PluginsTests/reference.py`.
enum Reference {{
  /// `LinearDiscriminantAnalysis(solver="lsqr", shrinkage: D / (N - 1 + D))`, scaled: W `[K, D]`.
  static let gdaWeights: [Double] = {floats(weights.ravel())}

  /// Its intercepts, scaled likewise, with uniform priors.
  static let gdaBias: [Double] = {floats(bias)}

  /// `LogisticRegression(C=10, tol=1e-10)`: ½‖w‖² + C Σ CE at the optimum.
  static let probeObjective = {float(objective)!r}

  /// Its classes for the 400 queries, one digit each.
  static let probeAnswers =
    {text("".join(map(str, probe.predict(q2))))}
}}""")
