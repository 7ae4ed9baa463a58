"""Writes a small random stand-in of the data beside the project, in its layout, into a folder.

    python3 local_stand_in.py FOLDER TOOLS

Rows are a direction of their class and noise, in 16 dimensions; text rows are those directions. No
number in it is of any real data set. TOOLS is the folder of local_variants.py, which names classes.
"""

import json
import pathlib
import sys

import numpy as np

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, sys.argv[2])
from local_variants import CIFAR, COARSE  # noqa: E402

D = 16
random = np.random.default_rng(2024)


def directions(count):
    x = random.normal(size=(count, D))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def save(path, array):
    path = root / path
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, array)


def write(path, text):
    path = root / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")


def rows(folder, name, centres, count):
    """`count` rows around each centre, f16, as clip-vitb32 has them."""
    y = np.repeat(np.arange(len(centres), dtype=np.int32), count)
    x = centres[y] + random.normal(0, 0.25, (len(y), D))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    save(f"local-only/clip-vitb32/{folder}/{name}_x.npy", x.astype(np.float16))
    save(f"local-only/clip-vitb32/{folder}/{name}_y.npy", y)


imagenet, lvis = directions(1000), directions(60)
pets, caltech = directions(37), directions(100)
pet_rows = np.arange(24) + 100
pets[:24] = imagenet[pet_rows]
caltech[:38] = lvis[:38]

for folder, centres, parts in (
        ("oxford_pets", pets, {"val": 5, "test": 24}),
        ("caltech101", caltech, {"val": 2, "test": 6}), ("dtd", directions(47), {"test": 3})):
    for part, count in parts.items():
        rows(folder, part, centres, count)
    if folder != "dtd":
        for shots in (1, 2, 4, 8, 16):
            rows(folder, f"shot{shots}", centres, shots)
for shots in (1, 2, 4):
    rows("imagenet", f"shot{shots}", imagenet, shots)

caltech_names = [f"thing_{label}" for label in range(100)]
for place, name in enumerate(name for _, _, names in COARSE.values() for name in names[:5]):
    caltech_names[38 + place] = name
names = [f"class {row}" for row in range(1000)]
# With the schooner below, 26 names that both collections have.
names[:25] = [f"thing {label}" for label in range(25)]
fine = [name for _, listed, _ in COARSE.values() for name in listed]
names[500:500 + len(fine)] = fine
write("open/clip_lt/imagenet_class_names.txt", "\n".join(names) + "\n")
for file, noise in (("a", 0.1), ("b", 0.0)):
    text = imagenet + random.normal(0, noise, imagenet.shape) if noise else imagenet
    save(f"open/clip_lt/imagenet_text_vitb32_{file}.npy", (9 * text).astype(np.float32))

lvis_names = [f"thing {row}" for row in range(60)]
words = [name for listed, _, _ in COARSE.values() for name in listed]
lvis_names[40:40 + len(words)] = words
write("open/detic/lvis_v1_train_cat_info.json", [{"name": name} for name in lvis_names])
save("open/detic/lvis_v1_clip_a+cname.npy", (8 * lvis).astype(np.float16))
save("open/object-centric-ovd/lvis_v1_clip_a+photo+cname.npy", (7 * lvis).astype(np.float16))

write("open/class-overlap/oxford_pets24.json", {"classes": [
    {"label": label, "name": f"pet_{label}", "text_row": int(row)}
    for label, row in enumerate(pet_rows)]})
write("open/class-overlap/caltech38.json", {"classes": [
    {"label": label, "name": f"thing_{label}", "text_row": label} for label in range(38)]})
cats = COARSE["cat"][2]
pet_names = [f"pet_{label}" for label in range(37 - len(cats))] + cats
for split, listed in (("OxfordPets", pet_names), ("Caltech101", caltech_names)):
    write(f"open/coop-splits/split_zhou_{split}.json", {
        "test": [[f"{label}.jpg", label, name] for label, name in enumerate(listed)]})

cifar = np.arange(10 * len(CIFAR)) % len(CIFAR)
save("local-only/cifar10-500/clip_vitb32_x.npy", directions(len(cifar)).astype(np.float32))
save("local-only/cifar10-500/y.npy", cifar)
(root / "local-only/cooked-probes").mkdir()
np.savez(
    root / "local-only/cooked-probes/in1k_ViT-B-32openai.npz",
    weight=imagenet.astype(np.float32), bias=np.zeros(1000, np.float32))
for file, count in (("clip_random", 20), ("videoclip", 12), ("convirt", 20)):
    images = directions(count)
    save(f"open/modality-gap/features_{file}.npy",
         np.stack([images, images + random.normal(0, 0.1, images.shape)]).astype(np.float32))
