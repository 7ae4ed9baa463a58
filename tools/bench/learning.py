"""A training step of a small dual encoder: Assay beside PyTorch, one thread each.

The same network, batch and optimiser on both sides: three image blocks of 65 tokens, two causal
text blocks of 24, width 64, four heads, AdamW; PyTorch with its fused attention. Rounds alternate, the
least processor time of a step counts. PyTorch is large and not among the requirements of the other
benches: without it the row has no peer.

    learning.py LEARNBENCH [ROUNDS]
"""
import json
import subprocess
import sys
import time

import one_thread  # noqa: F401
from tally import bound, ratio

try:
    import torch
    from torch import nn
    from torch.nn import functional as f
except ImportError:
    torch = None

BENCH, ROUNDS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
BATCH, STEPS, WIDTH, HEADS, WORDS, LENGTH = 128, 8, 64, 4, 2000, 24


def assay():
    run = subprocess.run([BENCH, str(STEPS)], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


def build():
    torch.set_num_threads(1)
    torch.manual_seed(0)

    class Block(nn.Module):
        def __init__(self, causal):
            super().__init__()
            self.causal = causal
            self.ln_1, self.ln_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
            self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
            self.fc, self.proj = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

        def forward(self, x):
            n, length, _ = x.shape
            q, k, v = self.qkv(self.ln_1(x)).view(n, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
            y = f.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
            x = x + self.out(y.transpose(1, 2).reshape(n, length, WIDTH))
            return x + self.proj(f.gelu(self.fc(self.ln_2(x))))

    class Dual(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, WIDTH, 4, stride=4, bias=False)
            self.token = nn.Parameter(0.125 * torch.randn(1, 1, WIDTH))
            self.places = nn.Parameter(0.125 * torch.randn(65, WIDTH))
            self.text_places = nn.Parameter(0.01 * torch.randn(LENGTH, WIDTH))
            self.words = nn.Embedding(WORDS, WIDTH)
            self.image = nn.Sequential(*(Block(False) for _ in range(3)))
            self.text = nn.Sequential(*(Block(True) for _ in range(2)))
            self.pre, self.post, self.final = (nn.LayerNorm(WIDTH) for _ in range(3))
            self.image_out = nn.Linear(WIDTH, 64, bias=False)
            self.text_out = nn.Linear(WIDTH, 64, bias=False)
            self.scale = nn.Parameter(torch.tensor(2.6593))

        def forward(self, images, ids):
            x = self.conv(images).flatten(2).transpose(1, 2)
            x = torch.cat([self.token.expand(BATCH, 1, WIDTH), x], 1) + self.places
            u = self.image_out(self.post(self.image(self.pre(x))[:, 0]))
            y = self.text(self.words(ids) + self.text_places)
            v = self.text_out(self.final(y[:, -1]))
            scores = self.scale.exp() * f.normalize(u, dim=1) @ f.normalize(v, dim=1).T
            same = torch.arange(BATCH)
            return (f.cross_entropy(scores, same) + f.cross_entropy(scores.T, same)) / 2

    model = Dual()
    images = torch.randn(BATCH, 3, 32, 32)
    ids = torch.randint(0, WORDS, (BATCH, LENGTH))
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.1)

    def step():
        optimiser.zero_grad()
        loss = model(images, ids)
        loss.backward()
        optimiser.step()
        return float(loss.detach())

    return step, sum(p.numel() for p in model.parameters())


def least(step):
    best = float("inf")
    for _ in range(STEPS):
        start = time.process_time()
        step()
        best = min(best, time.process_time() - start)
    return best


step, parameters = build() if torch else (None, None)
if step:
    step()
ours, theirs, share, result = float("inf"), float("inf"), 0, {}
for _ in range(ROUNDS):
    result = assay()
    if result["seconds"] < ours:
        ours, share = result["seconds"], result["products"]
    if step:
        theirs = min(theirs, least(step))
SIZE = f"{result['parameters']:,} parameters, batch {BATCH}"
if step:
    ratio("training step, dual encoder", SIZE, f"PyTorch {torch.__version__}", theirs, ours, 1.5,
          [(abs(result["parameters"] - parameters), 0)])
else:
    bound("training step, dual encoder", SIZE, 1e3 * ours, "ms", None, "PyTorch is not installed")
bound("share of it outside BLAS", SIZE, 100 * (1 - share), "%", None)
