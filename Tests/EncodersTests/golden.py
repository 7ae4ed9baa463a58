"""Makes golden.safetensors: what open_clip computes with a tiny CLIP, cut to what a test needs.

The arrays are those of open_clip 3.3.0 (open_clip/model.py, transformer.py, loss.py: CLIP.forward,
encode_image, encode_text, ClipLoss.forward) in PyTorch 2.13.0, one thread, f32: width 32, two blocks
of two heads, patches of 8 in images of 32 by 32, texts of 16 of 64 ids, embeddings of 24. The
folder has them whole; here of each gradient stand the first 48 numbers and the sum of squares.

    golden.py FOLDER
"""
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

folder, result = Path(sys.argv[1]), {}
for name, array in load_file(folder / "weights.safetensors").items():
    result[f"weights/{name}"] = array
for kind in ("gelu", "quickgelu"):
    data = np.load(folder / f"io_{kind}.npz")
    for name in data.files:
        array = data[name]
        if name in ("images", "tokens"):
            if kind == "gelu":
                result[name] = array.astype(np.int32) if name == "tokens" else array
        elif name.endswith("_norm"):
            continue
        elif "block" in name or name == "patch_tokens":
            result[f"{kind}/{name}"] = np.ascontiguousarray(array[:1])
        else:
            result[f"{kind}/{name}"] = array
    for name, array in load_file(folder / f"grads_{kind}.safetensors").items():
        flat = array.reshape(-1)
        result[f"{kind}/grad/{name}"] = flat[:48].copy()
        result[f"{kind}/size/{name}"] = np.float32([np.sum(flat.astype(np.float64) ** 2)])
save_file(result, Path(__file__).with_name("golden.safetensors"))
