"""The training of cutmix's cnn-s on pictures: Assay beside PyTorch, one thread each.

The same pictures, network, batches of 64, Nesterov's momentum and CutMix of half of the batches.
Assay's time is that of a trial of twice as many epochs less that of a trial, PyTorch's that of the
epochs, both processor time and the least of three. PyTorch is large and not among the requirements of the other benches.

    cutmix.py ASSAY [EPOCHS]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import one_thread  # noqa: F401

import numpy as np
import torch
from torch import nn
from torch.nn import functional as f

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "suites/data/planted-pictures"
ASSAY, EPOCHS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20


def assay(epochs):
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        subprocess.run(
            [
                ASSAY, "run", str(ROOT / "suites/classify-images.json"), "-m",
                f"cutmix:epochs={epochs}", "--seeds", "1", "-j", "1", "-o", str(report),
            ],
            check=True, capture_output=True,
        )
        trials = json.loads(report.read_text())["trials"]
        timing = next(t for t in trials if t["setting"]["case"] == "pixels")["timing"]
        return timing["cpu_seconds"]


def build():
    layers, inputs = [], 1
    for outputs, stride in ((32, 1), (32, 2), (64, 1), (64, 2), (128, 1)):
        layers += [
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
        ]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 8))


def peer():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x = torch.tensor(np.load(DATA / "train_x.npy").astype(np.float32))
    x = (x - x.mean()) / x.std()
    y = torch.tensor(np.load(DATA / "train_y.npy").astype(np.int64))
    net = build()
    optimiser = torch.optim.SGD(
        net.parameters(), 0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)
    random = np.random.default_rng(0)

    def epoch():
        for rows in torch.randperm(len(x)).split(64):
            batch, target, share = x[rows].clone(), y[rows], 1.0
            other = torch.randperm(len(rows))
            if random.random() < 0.5:
                cut = np.sqrt(random.random())
                side, (row, column) = int(16 * cut) // 2, random.integers(16, size=2)
                top, bottom = max(row - side, 0), min(row + side, 16)
                left, right = max(column - side, 0), min(column + side, 16)
                batch[:, :, top:bottom, left:right] = x[rows][other, :, top:bottom, left:right]
                share = 1 - (bottom - top) * (right - left) / 256
            logits = net(batch)
            loss = share * f.cross_entropy(logits, target)
            loss = loss + (1 - share) * f.cross_entropy(logits, target[other])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    epoch()
    start = time.process_time()
    for _ in range(EPOCHS):
        epoch()
    return time.process_time() - start


if __name__ == "__main__":
    rounds = [(assay(2 * EPOCHS), assay(EPOCHS), peer()) for _ in range(3)]
    twice, once, theirs = (min(times) for times in zip(*rounds))
    ours = twice - once
    print(f"cutmix, cnn-s, {EPOCHS} epochs of 160 pictures, one thread: Assay {ours:.2f} s, "
          f"PyTorch {torch.__version__} {theirs:.2f} s, {theirs / ours:.2f} times as long")
