"""Writes golden.safetensors: what PyTorch gives for parts of networks. Run in this folder.

Inputs are drawn once with torch.manual_seed; every tensor of a case is named `case/tensor`, and
gradients are those of the sum of the result times `weights`.
"""
import json
import struct

import torch
from torch import nn
from torch.nn import functional as f

torch.manual_seed(13)
tensors = {}


def put(case, **named):
    for name, value in named.items():
        tensors[f"{case}/{name}"] = value.detach().clone().float().contiguous()


def run(case, module, inputs, result):
    weights = torch.rand(result.shape) + 0.5
    (result * weights).sum().backward()
    put(case, weights=weights, result=result)
    for name, value in inputs.items():
        put(case, **{name: value, f"grad.{name}": value.grad})
    for name, value in module.named_parameters():
        put(case, **{name: value, f"grad.{name}": value.grad})


class Block(nn.Module):
    def __init__(self, width, heads, activation, post, cross):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        if cross:
            self.ln_cross = nn.LayerNorm(width)
            self.cross_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.ModuleDict(
            {"c_fc": nn.Linear(width, 4 * width), "c_proj": nn.Linear(4 * width, width)})
        self.activation, self.post, self.cross = activation, post, cross
        for p in self.parameters():
            nn.init.normal_(p, std=0.4)

    def part(self, x, norm, body):
        return norm(x + body(x)) if self.post else x + body(norm(x))

    def forward(self, x, memory=None, causal=None, padding=None):
        x = self.part(x, self.ln_1, lambda y: self.attn(
            y, y, y, attn_mask=causal, key_padding_mask=padding, need_weights=False)[0])
        if self.cross:
            x = self.part(x, self.ln_cross, lambda y: self.cross_attn(
                y, memory, memory, need_weights=False)[0])
        return self.part(x, self.ln_2, lambda y: self.mlp["c_proj"](
            self.activation(self.mlp["c_fc"](y))))


def quick(x):
    return x * torch.sigmoid(1.702 * x)


causal = torch.full((5, 5), float("-inf")).triu(1)
padding = torch.tensor([[False] * 5, [False, False, False, True, True]])
for case, activation, post, cross, masks in [
        ("pre", f.gelu, False, False, {}), ("post", f.gelu, True, False, {"padding": padding}),
        ("quick", quick, False, False, {"causal": causal}), ("cross", f.gelu, False, True, {})]:
    block = Block(8, 2, activation, post, cross)
    inputs = {"x": torch.randn(2, 5, 8, requires_grad=True)}
    if cross:
        inputs["memory"] = torch.randn(2, 3, 8, requires_grad=True)
    run(case, block, inputs, block(inputs["x"], inputs.get("memory"), **masks))

block = nn.ModuleDict({"conv": nn.Conv2d(3, 4, 3, padding=1, bias=False), "bn": nn.BatchNorm2d(4)})
nn.init.normal_(block["bn"].weight, 1, 0.2)
nn.init.normal_(block["bn"].bias, 0, 0.2)
x = torch.randn(3, 3, 5, 6, requires_grad=True)
run("conv", block, {"x": x}, f.relu(block["bn"](block["conv"](x))))
put("conv", running_mean=block["bn"].running_mean, running_var=block["bn"].running_var)
put("conv", predicted=f.relu(block.eval()["bn"](block["conv"](x))))

u, v = (torch.randn(6, 5, requires_grad=True) for _ in range(2))
scale = torch.tensor(2.6, requires_grad=True)
scores = scale.exp() * f.normalize(u, dim=1) @ f.normalize(v, dim=1).T
same = torch.arange(6)
loss = (f.cross_entropy(scores, same) + f.cross_entropy(scores.T, same)) / 2
loss.backward()
put("contrastive", loss=loss, u=u, v=v, scale=scale,
    **{"grad.u": u.grad, "grad.v": v.grad, "grad.scale": scale.grad})

z = (3 * torch.randn(5, 7)).requires_grad_()
labels = torch.tensor([3, 0, -1, 6, 3])
loss = f.cross_entropy(z, labels, label_smoothing=0.1, ignore_index=-1)
loss.backward()
put("smoothed", loss=loss, z=z, labels=labels, **{"grad.z": z.grad})

for case, make in [
        ("adamw", lambda g: torch.optim.AdamW(g, lr=0.05, betas=(0.9, 0.98), eps=1e-6)),
        ("adam", lambda g: torch.optim.Adam(g, lr=0.05)),
        ("nesterov", lambda g: torch.optim.SGD(g, lr=0.02, momentum=0.9, nesterov=True)),
        ("sgd", lambda g: torch.optim.SGD(g, lr=0.02, momentum=0.9))]:
    matrix, vector = torch.randn(3, 4), torch.randn(4)
    put(case, matrix=matrix, vector=vector)
    matrix.requires_grad_(), vector.requires_grad_()
    optimiser = make([{"params": [matrix], "weight_decay": 0.1},
                      {"params": [vector], "weight_decay": 0.0}])
    for step in range(20):
        optimiser.zero_grad()
        ((matrix + vector) ** 2 + torch.sigmoid(matrix * vector)).sum().backward()
        nn.utils.clip_grad_norm_([matrix, vector], 5.0)
        optimiser.step()
    put(case, **{"final.matrix": matrix, "final.vector": vector})

header = {"__metadata__": {"origin": f"reference.py, torch {torch.__version__}, f32, CPU"}}
data = b""
for name in sorted(tensors):
    value = tensors[name]
    raw = struct.pack(f"<{value.numel()}f", *value.flatten().tolist())
    header[name] = {"dtype": "F32", "shape": list(value.shape),
                    "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-(8 + len(text)) % 64)
with open("golden.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
