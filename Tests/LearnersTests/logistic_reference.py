"""Prints Tests/LearnersTests/LogisticReference.swift; scikit-learn 1.9.1."""
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

GRID = [1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6]


def rows_of(labels, width, shift, seed):
    state = seed

    def uniform():
        nonlocal state
        state = (state * 1103515245 + 12345) % (1 << 31)
        return state / (1 << 31)

    return np.array([[uniform() + (shift if column == label else 0) for column in range(width)]
                     for label in labels], np.float32)


def collinear(x):
    return np.concatenate([x, x[:, :1] * 2, (x[:, 1:2] - x[:, 2:3]).astype(np.float32)], axis=1)


LABELS = {k: np.arange(90) % k for k in (2, 3)}
UNBALANCED = np.array([0] * 80 + [1] * 8 + [2] * 2)
CASES = {
    "two": (rows_of(LABELS[2], 4, 0.4, 1), LABELS[2]),
    "three": (rows_of(LABELS[3], 4, 0.4, 1), LABELS[3]),
    "ten": (rows_of(np.arange(200) % 10, 12, 0.6, 2), np.arange(200) % 10),
    "unbalanced": (rows_of(UNBALANCED, 4, 0.4, 3), UNBALANCED),
    "separable": (rows_of(LABELS[3], 4, 3, 4), LABELS[3]),
    "twoSeparable": (rows_of(LABELS[2], 4, 3, 4), LABELS[2]),
    "collinear": (collinear(rows_of(LABELS[3], 4, 0.4, 5)), LABELS[3]),
    "fewRows": (rows_of(np.arange(12) % 3, 160, 0.4, 6), np.arange(12) % 3),
    "twoOfFewRows": (rows_of(np.arange(12) % 2, 160, 0.4, 7), np.arange(12) % 2),
}


def fitted(x, y, c):
    """The objective, model and name of the solver that comes lowest; not all converge everywhere."""
    best = None
    for solver in ("newton-cholesky", "lbfgs", "newton-cg"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(C=c, tol=1e-12, max_iter=20000, solver=solver).fit(x, y)
        z = model.decision_function(x)
        if z.ndim == 1:
            z = np.stack([np.zeros_like(z), z], axis=1)
        others = z - z[np.arange(len(y)), y][:, None]
        top = np.maximum(others.max(axis=1), 0)
        others[np.arange(len(y)), y] = -np.inf
        loss = np.where(top == 0, np.log1p(np.exp(others).sum(axis=1)),
                        top + np.log(np.exp(-top) + np.exp(others - top[:, None]).sum(axis=1)))
        value = (model.coef_**2).sum() / 2 + c * loss.sum()
        if best is None or value < best[0]:
            best = (value, model, solver)
    return best


print("/// Values of scikit-learn 1.9.1, printed by `python3 Tests/LearnersTests/logistic_reference.py`.")
print("enum LogisticReference {")
print("  /// The values of C.\n  static let grid = [1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6]\n")
print("  /// ½‖w‖² + C Σ CE of `LogisticRegression(C=c, tol=1e-12)`, the least of its solvers, for each C.")
print("  static let objectives: [String: [Double]] = [")
for name, (x, y) in CASES.items():
    values = [repr(float(fitted(x.astype(np.float64), y, c)[0])) for c in GRID]
    print(f'    "{name}": [\n      ' + ", ".join(values[:4]) + ",\n      " + ", ".join(values[4:])
          + ",\n    ],")
print("  ]\n")
x, y = CASES["two"]
model = fitted(x.astype(np.float64), y, 1.0)[1]
print("  /// The log-odds of the first eight rows of `two` at C = 1.")
print("  static let logOdds: [Double] = [")
odds = [repr(float(v)) for v in model.decision_function(x[:8].astype(np.float64))]
print("    " + ", ".join(odds[:4]) + ",\n    " + ", ".join(odds[4:]) + ",\n  ]")
print("}")
