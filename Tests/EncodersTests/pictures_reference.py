"""Makes the pictures of Pictures/ and what Pillow reads of them (13.0.0 made what is stored).

    python3 pictures_reference.py Pictures
"""

import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, PngImagePlugin

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
random = np.random.default_rng(13)
WIDTH, HEIGHT = 17, 21


def waves(channels, width=WIDTH, height=HEIGHT):
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 110 * np.sin(x / (3 + k) + k) * np.cos(y / (4 + k)) for k in range(channels)]
    noisy = np.stack(planes, -1) + random.normal(0, 9, (height, width, channels))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def save(name, image, **options):
    image.save(folder / name, **options)


colour, alpha = Image.fromarray(waves(3)), Image.fromarray(waves(4), "RGBA")
grey = colour.convert("L")

for sampling in (0, 1, 2):
    save(f"sampling{sampling}.jpg", colour, quality=75, subsampling=sampling)
save("progressive.jpg", colour, quality=60, progressive=True)
save("grey.jpg", grey, quality=80)
save("rgb.jpg", colour, quality=80, keep_rgb=True)
save("cmyk.jpg", Image.fromarray(waves(4), "CMYK"), quality=80)
save("restarts.jpg", colour, quality=80, restart_marker_blocks=1)
save("profile.jpg", colour, quality=80, icc_profile=b"no profile at all")
save("one.jpg", colour.crop((0, 0, 1, 1)))

save("lossless.webp", colour, lossless=True)
save("lossless-alpha.webp", alpha, lossless=True, exact=True)
save("lossy.webp", colour, quality=60)
save("lossy-alpha.webp", alpha, quality=60)
save("one.webp", colour.crop((0, 0, 1, 1)), lossless=True)

for turn in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = turn
    save(f"turned{turn}.png", colour.crop((0, 0, 5, 3)), exif=exif)
exif[0x0112] = 6
save("turned.jpg", colour, exif=exif)
save("turned.webp", colour, lossless=True, exif=exif)
exif[0x0112] = 9
save("turned9.jpg", colour, exif=exif)
text = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="8"/></x:xmpmeta>'
save("text.jpg", colour, xmp=text.encode())
save("text.webp", colour, lossless=True, xmp=text.encode())
info = PngImagePlugin.PngInfo()
info.add_itxt("XML:com.adobe.xmp", text)
save("text.png", colour, pnginfo=info)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def rows(width, height, bits):
    """Rows of random samples, each with a random filter."""
    size = (width * bits + 7) // 8
    return b"".join(
        bytes([random.integers(0, 5)]) + random.integers(0, 256, size, dtype=np.uint8).tobytes()
        for _ in range(height)
    )


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2)]


def png(name, depth, kind, interlaced=False, palette=None, transparency=None):
    """Every depth and kind that the format has, which Pillow reads but does not write."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    data = b""
    for left, top, across, down in PASSES if interlaced else [(0, 0, 1, 1)]:
        width, height = -(-(WIDTH - left) // across), -(-(HEIGHT - top) // down)
        data += rows(width, height, bits)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, int(interlaced))
    parts = [chunk(b"IHDR", head)]
    if kind == 3:
        parts.append(chunk(b"PLTE", random.integers(0, 256, palette, dtype=np.uint8).tobytes()))
    if transparency:
        parts.append(chunk(b"tRNS", transparency))
    parts += [chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
for kind, depths in DEPTHS.items():
    for depth in depths:
        for interlaced in (False, True):
            name = f"kind{kind}-{depth}{'-interlaced' if interlaced else ''}.png"
            png(name, depth, kind, interlaced, palette=3 << depth)
png("short-palette.png", 8, 3, palette=30)
png("palette-alpha.png", 8, 3, palette=768, transparency=bytes(range(200)))
png("grey-alpha.png", 8, 0, transparency=b"\0\5")
png("grey16-alpha.png", 16, 0, transparency=b"\0\5")

lines = []
for path in sorted(folder.iterdir()):
    if path.suffix != ".txt":
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        digest = hashlib.sha256(image.tobytes()).hexdigest()[:16]
        lines.append(f"{path.name} {image.width} {image.height} {digest}\n")
(folder / "pillow.txt").write_text("".join(lines))
