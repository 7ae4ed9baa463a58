"""Prints MLPProbeReference.swift: scikit-learn's MLPClassifier on rows that no line parts.

python3 Tests/PluginsTests/MLPProbeReference.py > Tests/PluginsTests/MLPProbeReference.swift

Rows come from SplitMix64 as in Tests/MethodHarness/Planted.swift, in the order of MLPProbeTests.swift.
"""
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

from CapsAdapterReference import uniforms

warnings.filterwarnings("ignore")


def quadrants(count, seed):
    """Two coordinates whose signs agree or not, in the first two of four noisy columns."""
    draw = uniforms(seed)
    rows, labels = [], []
    for _ in range(count):
        point = [2 * next(draw) - 1, 2 * next(draw) - 1, 0.0, 0.0]
        labels.append(int(point[0] * point[1] > 0))
        rows.append([x + 0.3 * (next(draw) + next(draw) + next(draw) - 1.5) for x in point])
    return np.array(rows, np.float32), np.array(labels)


def rings(count, seed):
    """Three rings around the origin."""
    draw = uniforms(seed)
    rows, labels = [], []
    for i in range(count):
        angle = 2 * np.pi * next(draw)
        radius = 0.5 + i % 3 + 0.6 * (next(draw) + next(draw) + next(draw) - 1.5)
        rows.append([radius * np.cos(angle), radius * np.sin(angle)])
        labels.append(i % 3)
    return np.array(rows, np.float32), np.array(labels)


def scores(model, x, y):
    p = model.predict_proba(x)
    area = roc_auc_score(y, p[:, 1]) if p.shape[1] == 2 else roc_auc_score(y, p, multi_class="ovr")
    return model.score(x, y), area


print(f"""// Made by MLPProbeReference.py with scikit-learn {sklearn.__version__}, NumPy {np.__version__}; do not edit.
extension Reference {{""")
for name, make in [("quadrants", quadrants), ("rings", rings)]:
    (x, y), (qx, qy) = make(600, 31), make(2000, 32)
    found = np.array([
        scores(MLPClassifier((128,), max_iter=500, random_state=seed).fit(x, y), qx, qy) for seed in range(10)
    ])
    line = scores(LogisticRegression().fit(x, y), qx, qy)
    for place, metric in enumerate(["Accuracy", "AUROC"]):
        column = found[:, place]
        print(f"  /// MLPClassifier of 128 units, ten random states; logistic regression {line[place]:.4f}.")
        print(f"  static let {name}{metric} = (mean: {column.mean():.6f}, least: {column.min():.6f}, most: {column.max():.6f})")

# One hidden layer by the formula, f64.
w1 = np.array([[0.5, -1.0], [0.25, 0.75], [-0.5, 0.5]])
b1 = np.array([0.1, -0.2, 0.0])
w2 = np.array([[1.0, -0.5, 0.25], [0.0, 0.5, -1.0], [-0.75, 0.3, 0.6]])
b2 = np.array([0.05, -0.05, 0.2])
x = np.array([[1.0, 0.5], [-0.5, 2.0], [0.0, -1.0]])
z = np.maximum(x @ w1.T + b1, 0) @ w2.T + b2
print("  /// The logits of three rows by NumPy, f64.")
print("  static let networkLogits: [Double] = [" + ", ".join(repr(float(v)) for v in z.ravel()) + "]")
p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
loss = -np.log(p[range(3), [0, 2, 1]]).mean() + 0.3 / 6 * ((w1**2).sum() + (w2**2).sum())
print("  /// The loss of these rows with labels 0, 2, 1 and alpha 0.3.")
print(f"  static let networkLoss = {loss!r}".replace("np.float64(", "").replace(")", ""))
print("}")
