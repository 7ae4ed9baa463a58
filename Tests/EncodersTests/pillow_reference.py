"""Prints the digests of ImagePreprocessingTests from Pillow (13.0.0 made those that are stored)."""

import hashlib

from PIL import Image

SIZES = [
    (7, 5, 3, 2), (7, 5, 14, 15), (64, 48, 32, 24), (31, 77, 224, 10), (1, 1, 5, 5), (1, 9, 3, 3),
    (333, 250, 224, 224), (100, 3, 1, 1), (640, 479, 299, 224), (5, 5, 5, 9), (256, 256, 255, 257),
]
FRAMES = [(64, 48, 32), (33, 100, 16), (225, 224, 224), (50, 50, 50), (227, 301, 224), (9, 3, 8)]


def made(width, height):
    values = (
        (x * x * 7 + y * 13 + c * 29 + x * y * 3) % 256
        for y in range(height) for x in range(width) for c in range(3)
    )
    return Image.frombytes("RGB", (width, height), bytes(values))


def framed(image, side):
    """Resize and CenterCrop as torchvision does them on a Pillow image."""
    width, height = image.size
    short, long = min(width, height), max(width, height)
    edge = int(side * long / short)
    image = image.resize((side, edge) if width <= height else (edge, side), Image.BICUBIC)
    left, top = (int(round((extent - side) / 2.0)) for extent in image.size)
    return image.crop((left, top, left + side, top + side))


for w, h, w2, h2 in SIZES:
    data = made(w, h).resize((w2, h2), Image.BICUBIC).tobytes()
    print(f'    ({w}, {h}, {w2}, {h2}, "{hashlib.sha256(data).hexdigest()[:16]}"),')
print()
for w, h, side in FRAMES:
    data = framed(made(w, h), side).tobytes()
    print(f'    ({w}, {h}, {side}, "{hashlib.sha256(data).hexdigest()[:16]}"),')
