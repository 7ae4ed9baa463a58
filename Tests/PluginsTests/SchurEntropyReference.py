"""Prints SchurEntropyReference.swift: the card's formulas in NumPy.

python3 Tests/PluginsTests/SchurEntropyReference.py > Tests/PluginsTests/SchurEntropyReference.swift
"""
import numpy as np
from scipy.linalg import sqrtm
from vendi_score import vendi

from SlicedWassersteinReference import planted


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def score(eigenvalues):
    lam = np.maximum(eigenvalues, 1e-10)
    return np.exp(-(lam * np.log(lam / lam.sum())).sum())


def inverse(c):
    return np.linalg.pinv(c + 1e-12 * np.eye(len(c)), rcond=1e-10, hermitian=True)


def line(name, values, comment):
    print(f"\n  /// {comment}")
    print(f"  static let {name}: [Double] = [")
    for v in np.ravel(values):
        print(f"    {float(v)!r},")
    print("  ]")


def main():
    text = unit(planted(5, 6, 0.2, 41, 60, 42, True))
    image = unit(planted(4, 7, 0.4, 43, 60, 44, True))
    n = len(text)
    print(f"/// Values of NumPy {np.__version__}, and of vendi-score 0.0.3 where said, printed by")
    print("/// `python3 Tests/PluginsTests/SchurEntropyReference.py`.")
    print("enum SchurEntropyReference {")
    ctt, cii, cti = text.T @ text / n, image.T @ image / n, text.T @ image / n
    part = cti.T @ inverse(ctt) @ cti
    rest = cii - part
    line("linear", [score(np.linalg.eigvalsh(rest)), score(np.linalg.eigvalsh(part)),
                    np.trace(rest), np.trace(part)],
         "Linear kernel: SCE, text diversity, traces of image and text.")
    line("eigenvalues", np.linalg.eigvalsh(rest)[::-1][:3],
         "The three largest eigenvalues of the complement.")

    sigma, rho = 0.5, 1e-3

    def gram(x):
        return np.exp(-((x[:, None] - x[None]) ** 2).sum(-1) / (2 * sigma**2))

    ktt, kii = gram(text), gram(image)
    h = ktt @ np.linalg.inv(ktt + n * rho * np.eye(n))
    h = (h + h.T) / 2
    left = np.real(sqrtm(np.eye(n) - h))
    right = np.real(sqrtm(h))
    line("gaussian", [score(np.linalg.eigvalsh(left @ kii @ left / n)),
                      score(np.linalg.eigvalsh(right @ kii @ right / n))],
         "Exact Gaussian kernel, sigma 0.5, rho 1e-3: SCE, text diversity.")
    line("vendi", [vendi.score_K(kii, q=q) for q in (1, 1.5, 2, 2.5, "inf")]
         + [1 / ((kii / n) ** 2).sum()],
         "`vendi_score.vendi.score_K(K, q)` of the images for q 1, 1.5, 2, 2.5, inf; then RKE.")
    line("correction", (inverse(ctt) @ cti)[:2, :3], "Top left of A for least squares.")

    def cosines(a, b):
        return (a / np.linalg.norm(a, axis=0)).T @ (b / np.linalg.norm(b, axis=0)) / a.shape[1]

    line("cosineCorrection", (inverse(cosines(text, text)) @ cosines(text, image))[:2, :3],
         "The same from cosines between columns.")
    new_text, new_image = text[:2], image[7:9]
    line("corrected", new_image - new_text @ (inverse(ctt) @ cti),
         "Images 7 and 8 corrected for texts 0 and 1.")
    print("}")


main()
