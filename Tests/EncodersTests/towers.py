"""Makes towers.safetensors: readings of the tiny CLIP beside its embeddings, by PyTorch.

Takes weights and images from golden.safetensors (see golden.py) into open_clip 3.3.0's model, PyTorch
2.15.0, one thread, f32. MaskCLIP's last block, values to values, the class token's attention and
masked keys are computed from the blocks' own modules; positions are resized by
torch.nn.functional.interpolate, with `antialias` as open_clip's resize_pos_embed does. Stretched
positions are the first four columns of what Long-CLIP's released code (beichenzbc/Long-CLIP, commit
3966af9) made of a table of 77 in f32; KPS.npz has all of them.

    towers.py KPS.npz
"""
import sys
from pathlib import Path

import numpy as np
import open_clip
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as f

here, result = Path(__file__).parent, {}
torch.set_num_threads(1)
golden = load_file(here / "golden.safetensors")
model = open_clip.CLIP(
    embed_dim=24,
    vision_cfg=dict(layers=2, width=32, head_width=16, patch_size=8, image_size=32),
    text_cfg=dict(context_length=16, vocab_size=64, width=32, heads=2, layers=2))
weights = {k.removeprefix("weights/"): v for k, v in golden.items() if k.startswith("weights/")}
model.load_state_dict(weights, strict=False)
model.eval()
visual, images = model.visual, golden["images"][:2]


def entering(block):
    x = visual._embeds(images)
    for other in visual.transformer.resblocks[:block]:
        x = other(x)
    return x


def heads(x, part):
    attn = visual.transformer.resblocks[block].attn
    rows = slice(32 * part, 32 * part + 32)
    y = f.linear(x, attn.in_proj_weight[rows], attn.in_proj_bias[rows])
    return y.view(x.shape[0], x.shape[1], 2, 16).transpose(1, 2)


def joined(x):
    attn = visual.transformer.resblocks[block].attn
    return attn.out_proj(x.transpose(1, 2).reshape(x.shape[0], -1, 32))


with torch.no_grad():
    for block in range(2):
        x = visual.transformer.resblocks[block].ln_1(entering(block))
        scores = heads(x, 0) @ heads(x, 1).transpose(-1, -2) / 4
        result[f"class_attention{block}"] = scores.softmax(-1)[:, :, 0, 1:].contiguous()
    last = visual.transformer.resblocks[block]
    start = entering(block)
    value = heads(last.ln_1(start), 2)
    own = joined(value)
    result["mask_clip_bare"] = (visual.ln_post(own) @ visual.proj)[:, 1:].contiguous()
    y = start + own
    y = y + last.mlp(last.ln_2(y))
    result["mask_clip"] = (visual.ln_post(y) @ visual.proj)[:, 1:].contiguous()
    same = (value @ value.transpose(-1, -2) / 4).softmax(-1) @ value
    result["values_to_values"] = joined(same).contiguous()
    # The last five patches of the first image are hidden, and the first of the second.
    hidden = torch.zeros(2, 17, dtype=torch.bool)
    hidden[0, 12:], hidden[1, 1] = True, True
    bias = torch.zeros(2, 1, 17, 17).masked_fill(hidden[:, None, None], -torch.inf)
    x = visual._embeds(images)
    for block in range(2):
        layer = visual.transformer.resblocks[block]
        y = layer.ln_1(x)
        mixed = f.scaled_dot_product_attention(heads(y, 0), heads(y, 1), heads(y, 2), bias)
        x = x + joined(mixed)
        x = x + layer.mlp(layer.ln_2(x))
    result["masked"] = (visual.ln_post(x[:, 0]) @ visual.proj).contiguous()
    grid = visual.positional_embedding[1:].T.reshape(1, 32, 4, 4)
    for side in (3, 6):
        for name, options in (
            ("bilinear", dict(mode="bilinear")), ("bicubic", dict(mode="bicubic")),
            ("smooth", dict(mode="bicubic", antialias=True)),
        ):
            y = f.interpolate(grid, (side, side), align_corners=False, **options)
            result[f"positions_{name}{side}"] = y[0].reshape(32, -1).T.contiguous()

table = np.load(sys.argv[1])
for name in ("in", "out"):
    result[f"stretched_{name}"] = torch.from_numpy(table[f"L77_{name}"][:, :4].copy())
pixels = images.clone().requires_grad_()
model.encode_image(pixels).square().sum().backward()
result["image_gradient"] = pixels.grad[:, :, ::5, ::5].contiguous()
save_file({k: v.detach() for k, v in result.items()}, here / "towers.safetensors")
