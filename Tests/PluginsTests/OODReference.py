"""Prints a reference: python3 OODReference.py NAME > FILE, with the names and files

    cooked COOkeDReference.swift    clipn CLIPNReference.swift    clipn-real CLIPNRealReference.swift

Plain NumPy in f64, one formula a line; random draws are those of Sources/Random.
Needs NumPy and SciPy; clipn-real also the features that ASSAY_DATA_PATH leads to.
"""
import json
import os
import pathlib
import sys

import numpy as np
import scipy.stats
from scipy.special import erf, ndtri

MASK = (1 << 64) - 1


def data(rows, columns, seed):
    """`matrix` of Tests/PluginsTests/OODSamples.swift: SplitMix64, uniform in -1 ..< 1, f32."""
    out, state = [], seed
    for _ in range(rows * columns):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        out.append(2 * (((z ^ (z >> 31)) >> 11) * 2.0**-53) - 1)
    return np.array(out, np.float32).astype(np.float64).reshape(rows, columns)


class Philox:
    def __init__(self, key, stream):
        self.key, self.stream, self.position, self.spare = key, stream, 0, None

    def next(self):
        if self.spare is not None:
            spare, self.spare = self.spare, None
            return spare
        low = 0xFFFFFFFF
        w = [self.position & low, self.position >> 32, self.stream & low, self.stream >> 32]
        k = [self.key & low, self.key >> 32]
        for _ in range(10):
            p0, p1 = w[0] * 0xD2511F53, w[2] * 0xCD9E8D57
            w = [(p1 >> 32) ^ w[1] ^ k[0], p1 & low, (p0 >> 32) ^ w[3] ^ k[1], p0 & low]
            k = [(k[0] + 0x9E3779B9) & low, (k[1] + 0xBB67AE85) & low]
        self.position += 1
        self.spare = w[3] << 32 | w[2]
        return w[1] << 32 | w[0]

    def below(self, n):
        product = self.next() * n
        if product & MASK < n:
            threshold = ((1 << 64) - n) % n
            while product & MASK < threshold:
                product = self.next() * n
        return product >> 64

    def normal(self):
        return float(ndtri(((self.next() >> 12) + 0.5) * 2.0**-52))

    def shuffle(self, order):
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def cosine(rate, step, steps):
    return rate * (1 + np.cos(np.pi * step / steps)) / 2


def show(values):
    lines, line = [], "   "
    for value in np.ravel(values):
        text = f" {float(value)!r},"
        if len(line) + len(text) > 98:
            lines.append(line)
            line = "   "
        line += text
    return "[\n" + "\n".join(lines + [line]) + "\n  ]"


def flags(values):
    return "[" + ", ".join(str(int(value)) for value in values) + "]"


ORIGIN = f"""/// Values of NumPy {np.__version__} and SciPy {scipy.__version__} in f64, printed by
/// `python3 Tests/PluginsTests/OODReference.py"""


def head(x, labels, classes, stream, epochs, batch, rate, momentum, penalty):
    """A linear head by SGD as PyTorch defines it."""
    random, order = Philox(7, stream), list(range(len(x)))
    weights, bias = np.zeros((classes, x.shape[1])), np.zeros(classes)
    speed, bias_speed = weights.copy(), bias.copy()
    steps, step = epochs * -(-len(x) // batch), 0
    for _ in range(epochs):
        random.shuffle(order)
        for start in range(0, len(x), batch):
            rows = order[start:start + batch]
            slope = (softmax(x[rows] @ weights.T + bias) - np.eye(classes)[labels[rows]]) / len(rows)
            speed = momentum * speed + slope.T @ x[rows] + penalty * weights
            bias_speed = momentum * bias_speed + slope.sum(0) + penalty * bias
            weights = weights - cosine(rate, step, steps) * speed
            bias = bias - cosine(rate, step, steps) * bias_speed
            step += 1
    return weights, bias


def cooked():
    x, aux, text = unit(data(12, 8, 1)), unit(data(12, 6, 2)), unit(data(5, 8, 3))
    given, bias, network = data(5, 8, 4), data(1, 5, 5)[0], 4 * data(12, 5, 6)
    train, train_aux, labels = unit(data(40, 8, 7)), unit(data(40, 6, 8)), np.arange(40) % 5
    recipe = dict(epochs=3, batch=16, rate=0.1, momentum=0.9, penalty=5e-4)
    members = [softmax(100 * x @ text.T), softmax(10 * x @ given.T + bias), softmax(network)]
    mean = sum(members) / 3
    probe = head(10 * train, labels, 5, 3, **recipe)
    other = head(10 * train_aux, labels, 5, 4, **recipe)
    trained = (members[0] + softmax(10 * x @ probe[0].T + probe[1])
               + softmax(10 * aux @ other[0].T + other[1])) / 3

    def entropy(p):
        return scipy.stats.entropy(p, axis=1)

    return f"""{ORIGIN} cooked`.
enum COOkeDReference {{
  /// `scipy.stats.entropy` of the mean of text, given probe and given logits.
  static let entropy: [Double] = {show(entropy(mean))}

  /// Its greatest probability.
  static let greatest: [Double] = {show(mean.max(1))}

  /// The entropies of the members alone, member by member.
  static let members: [[Double]] = [
    {show(entropy(members[0]))},
    {show(entropy(members[1]))},
    {show(entropy(members[2]))},
  ]

  /// The logarithm of the mean, row by row.
  static let logarithms: [Double] = {show(np.log(mean))}

  /// The entropy with both heads trained: 3 epochs, batch 16, seed 7, stream 3.
  static let trained: [Double] = {show(entropy(trained))}
}}"""


def rules(x, text, no, scale):
    z, zb = scale * x @ text.T, scale * x @ no.T
    p, y = softmax(z), 1 / (1 + np.exp(zb - z))
    return (y * p).sum(1), y[np.arange(len(x)), z.argmax(1)]


def decisions(x, text, no, scale):
    """The two rules that need no threshold, and the probability that each class is denied."""
    z, zb = scale * x @ text.T, scale * x @ no.T
    p, denied = softmax(z), 1 / (1 + np.exp(z - zb))
    kept = p * (1 - denied)
    return 1 - kept.sum(1) > kept.max(1), denied[np.arange(len(x)), z.argmax(1)] > 0.5, denied


def deny(encoder, texts, shares):
    inputs = texts + shares @ encoder["prompts"]
    a = inputs @ encoder["inner"].T
    below = 0.5 * (1 + erf(a / np.sqrt(2)))
    hidden, slope = a * below, below + a * np.exp(-a * a / 2) / np.sqrt(2 * np.pi)
    out = texts + hidden @ encoder["outer"].T
    norm = np.linalg.norm(out, axis=1, keepdims=True)
    return out / norm, (inputs, hidden, slope, norm)


def train(x, t, seed, stream, scale, prompts, hidden, epochs, batch, rate, decay, weights, mask):
    random, (count, width) = Philox(seed, stream), t.shape
    inner = [[random.normal() / np.sqrt(width) for _ in range(width)] for _ in range(hidden * width)]
    encoder = {"inner": np.array(inner), "outer": np.zeros((width, hidden * width)),
               "prompts": np.zeros((prompts, width))}
    first, second = ({k: 0 * v for k, v in encoder.items()} for _ in range(2))
    order, steps, step = list(range(count)), epochs * (count // batch), 0
    for _ in range(epochs):
        random.shuffle(order)
        last = np.zeros(3)
        for start in range(0, count // batch * batch, batch):
            rows = order[start:start + batch]
            shares = np.zeros((batch, prompts))
            for row in range(batch):
                drawn = random.below(prompts + 1)
                shares[row] = 1 / prompts if drawn == prompts else np.eye(prompts)[drawn]
            out, (inputs, h, slope, norm) = deny(encoder, t[rows], shares)
            d = scale * x[rows] @ (out - t[rows]).T
            denied = 1 / (1 + np.exp(-d))
            own = np.eye(batch)
            same = (t[rows][:, None] == t[rows][None]).all(2) if mask else own > 0
            others = (~same).sum()
            root = np.sqrt(2 - 2 * (t[rows] * out).sum(1) + 1e-4)
            last += np.array([-np.log(1 - denied.diagonal()).mean(),
                              -np.log(denied[~same]).sum() / others,
                              (2 - root).mean()]) * batch / (count // batch * batch)
            g = weights[0] * own * denied / batch - weights[1] * ~same * (1 - denied) / others
            g_out = scale * g.T @ x[rows] + weights[2] * t[rows] / (batch * root[:, None])
            g_out = (g_out - out * (g_out * out).sum(1, keepdims=True)) / norm
            back = g_out @ encoder["outer"] * slope
            gradient = {"inner": back.T @ inputs, "outer": g_out.T @ h,
                        "prompts": shares.T @ (back @ encoder["inner"])}
            now = cosine(rate, step, steps)
            step += 1
            for k in encoder:
                first[k] = 0.9 * first[k] + 0.1 * gradient[k]
                second[k] = 0.98 * second[k] + 0.02 * gradient[k]**2
                root_mean = np.sqrt(second[k] / (1 - 0.98**step))
                encoder[k] = ((1 - now * decay) * encoder[k]
                              - now * first[k] / (1 - 0.9**step) / (root_mean + 1e-6))
    return encoder, last


def clipn():
    x, text, no = unit(data(12, 8, 1)), unit(data(5, 8, 2)), unit(data(5, 8, 3))
    agreeing, competing = rules(x, text, no, 10.0)
    agrees, competes, denied = decisions(x, text, no, 10.0)
    images, texts = unit(data(30, 8, 4)), data(30, 8, 5)
    texts[20:] = texts[:10]
    texts = unit(texts)
    encoder, losses = train(
        images, texts, 7, 3, 10.0, prompts=2, hidden=2, epochs=4, batch=8, rate=1e-2, decay=0.2,
        weights=(0.5, 0.4, 0.3), mask=True)
    learned = deny(encoder, text, np.full((5, 2), 0.5))[0]
    # Two templates of each class: both encoders on each of them, then unit length, sum, unit length.
    each = unit(data(10, 8, 6))
    yes = unit(each.reshape(5, 2, 8).sum(1))
    no = unit(deny(encoder, each, np.full((10, 2), 0.5))[0].reshape(5, 2, 8).sum(1))
    prompts = rules(x, yes, no, 10.0)[0]
    late = rules(x, yes, deny(encoder, yes, np.full((5, 2), 0.5))[0], 10.0)[0]
    return f"""{ORIGIN} clipn`.
enum CLIPNReference {{
  /// The sum over classes of yes times soft-max, at scale 10.
  static let agreeing: [Double] = {show(agreeing)}

  /// Yes of the class with the greatest logit.
  static let competing: [Double] = {show(competing)}

  /// Whether each rule holds the row for OOD.
  static let agreeingDecisions: [Int32] = {flags(agrees)}
  static let competingDecisions: [Int32] = {flags(competes)}

  /// The probability that each class is denied, of the first two rows.
  static let denials: [Double] = {show(denied[:2])}

  /// The losses yes, no and distance in the last of 4 epochs; seed 7, stream 3.
  static let losses: [Double] = {show(losses)}

  /// As `agreeing`, with the denying texts that were learned.
  static let learned: [Double] = {show(rules(x, text, learned, 10.0)[0])}

  /// As `learned`, of two prompts a class in place of its text.
  static let prompts: [Double] = {show(prompts)}

  /// What they would be if the sums were encoded: not what is wanted.
  static let sumsFirst: [Double] = {show(late)}
}}"""


def clipn_real():
    """All pets against texts of 24 of them; those of another prompt stand for denials."""
    folder = pathlib.Path(os.environ["ASSAY_DATA_PATH"])
    listed = json.loads((folder / "open/class-overlap/oxford_pets24.json").read_text())["classes"]
    rows = [entry["text_row"] for entry in listed]
    x = unit(np.load(folder / "local-only/clip-vitb32/oxford_pets/test_x.npy").astype(np.float64))
    text, other = (
        unit(np.load(folder / f"open/clip_lt/imagenet_text_vitb32_{name}.npy").astype(np.float64))
        for name in "ba")
    text, no = text[rows], other[rows]
    agreeing, competing = rules(x, text, no, 100.0)
    agrees, competes, _ = decisions(x, text, no, 100.0)
    return f"""{ORIGIN} clipn-real`.
enum CLIPNRealReference {{
  /// The sum over classes of yes times soft-max at scale 100, of every 300th row.
  static let agreeing: [Double] = {show(agreeing[::300])}

  /// Yes of the class with the greatest logit, of the same rows.
  static let competing: [Double] = {show(competing[::300])}

  /// The means of both over all rows.
  static let means = ({float(agreeing.mean())!r}, {float(competing.mean())!r})

  /// How many rows each rule holds for OOD.
  static let decided = ({agrees.sum()}, {competes.sum()})
}}"""


if __name__ == "__main__":
    names = {"cooked": cooked, "clipn": clipn, "clipn-real": clipn_real}
    print(names[sys.argv[1]]())
