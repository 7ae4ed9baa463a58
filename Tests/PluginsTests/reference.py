"""Prints Reference.swift: python3 Tests/PluginsTests/reference.py > Tests/PluginsTests/Reference.swift

Data come from SplitMix64 as in Tests/MethodHarness/Planted.swift, in the same order of operations.
"""
import warnings

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

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


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


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

# linear-probe with the text prior: the same classes as unit rows, C 10, text at 100 times unit rows.
x3, q3 = rows(c2, 2.0, N2, 22, True), rows(c2, 2.0, Q2, 23, True)
text3 = 100 * unit(rows(c2, 3.0, K2, 24, True))
x3, q3 = unit(x3), unit(q3)


def anchored(w):
    w = w.reshape(K2, D2)
    z = log_softmax(x3 @ w.T, axis=1)
    slopes = (np.exp(z) - np.eye(K2)[y2]).T @ x3
    value = 0.5 * ((w - text3) ** 2).sum() - C * z[np.arange(N2), y2].sum()
    return value, (w - text3 + C * slopes).ravel()


prior = minimize(anchored, text3.ravel(), jac=True, method="L-BFGS-B",
                 options={"maxiter": 100000, "maxfun": 100000, "ftol": 1e-15, "gtol": 1e-9})
prior_answers = (q3 @ prior.x.reshape(K2, D2).T).argmax(1)

# knn: the data of linear-probe, 7 neighbours.
knn = KNeighborsClassifier(7, metric="cosine", algorithm="brute").fit(x2, y2)
weighted = KNeighborsClassifier(7, metric="cosine", algorithm="brute",
                                weights=lambda d: np.exp(-d / 0.07)).fit(x2, y2)

# tip-adapter-f: K 4, D 8, M 24, 20 epochs of one full batch; AdamW as PyTorch documents it.
K4, D4, M4, Q4 = 4, 8, 24, 5
SCALE, ALPHA, BETA, RATE, DECAY = 10, 1.5, 2.0, 0.02, 0.1
c4 = centres(K4, D4, 31)
x4, y4 = unit(rows(c4, 0.8, M4, 32, True)), np.arange(M4) % K4
text4, q4 = unit(rows(c4, 2.0, K4, 33, True)), unit(rows(c4, 0.8, Q4, 34, True))
onehot = np.eye(K4)[y4]


def cache_logits(w, x):
    return SCALE * x @ text4.T + ALPHA * np.exp(-BETA * (1 - x @ w.T)) @ onehot


def cache_loss(w):
    return -log_softmax(cache_logits(w, x4), axis=1)[np.arange(M4), y4].mean()


def cache_gradient(w):
    affinities = np.exp(-BETA * (1 - x4 @ w.T))
    slopes = (softmax(cache_logits(w, x4), axis=1) - onehot) / M4
    return (ALPHA * BETA * (slopes @ onehot.T) * affinities).T @ x4


keys, first, second = x4.copy(), np.zeros_like(x4), np.zeros_like(x4)
for row, column in ((0, 0), (5, 3), (23, 7)):
    step = np.zeros_like(keys)
    step[row, column] = 1e-5
    slope = (cache_loss(keys + step) - cache_loss(keys - step)) / 2e-5
    assert abs(slope - cache_gradient(keys)[row, column]) < 1e-8
for t in range(1, 21):
    rate = RATE * (1 + np.cos(np.pi * (t - 1) / 20)) / 2
    gradient = cache_gradient(keys)
    keys *= 1 - rate * DECAY
    first = 0.9 * first + 0.1 * gradient
    second = 0.999 * second + 0.001 * gradient**2
    keys -= rate * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-4)

print(f"""/// Values of scikit-learn {sklearn.__version__}, NumPy {np.__version__} and SciPy {scipy.__version__},
/// printed by `python3 Tests/PluginsTests/reference.py`.
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

  /// SciPy's L-BFGS-B on ½‖w - text‖² + C Σ CE with C 10: the objective at the optimum.
  static let textProbeObjective = {float(prior.fun)!r}

  /// Its classes for the 400 queries, one digit each.
  static let textProbeAnswers =
    {text("".join(map(str, prior_answers)))}

  /// `KNeighborsClassifier(7, metric="cosine", algorithm="brute")`: its classes, one digit each.
  static let neighbourAnswers =
    {text("".join(map(str, knn.predict(q2))))}

  /// `predict_proba` of the same with weights exp(-d / 0.07), for the first 10 queries `[10, 5]`.
  static let neighbourShares: [Double] = {floats(weighted.predict_proba(q2[:10]).ravel())}

  /// Tip-Adapter-F's logits `[5, 4]` after 20 epochs of one batch, in NumPy; its gradient agrees with
  /// finite differences to 1e-8, AdamW is that of PyTorch's documentation.
  static let trainedLogits: [Double] = {floats(cache_logits(keys, q4).ravel())}

  /// The logits before the training.
  static let untrainedLogits: [Double] = {floats(cache_logits(x4, q4).ravel())}
}}""")
