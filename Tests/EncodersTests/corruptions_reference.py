"""Makes Corruptions/: a picture and what the `imagecorruptions` package (1.1.2) makes of it.

    python3 corruptions_reference.py Corruptions

The package expects libraries of 2019; scikit-image 0.26 and SciPy 1.17 are given its old names.
"""

import sys
import types
from pathlib import Path

import numpy as np
import scipy.ndimage
import skimage.filters
from PIL import Image

new_gaussian = skimage.filters.gaussian


def gaussian(image, sigma, multichannel=False, **options):
    return new_gaussian(image, sigma, channel_axis=-1 if multichannel else None, **options)


skimage.filters.gaussian = gaussian
sys.modules["scipy.ndimage.interpolation"] = scipy.ndimage
resources = types.ModuleType("pkg_resources")
resources.resource_filename = lambda *_: ""
sys.modules["pkg_resources"] = resources
np.float_ = np.float64
from imagecorruptions import corruptions  # noqa: E402

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
random = np.random.default_rng(5)
y, x = np.mgrid[0:40, 0:52]
planes = [127 + 120 * np.sin(x / (4 + k) + k) * np.cos(y / (7 - k)) for k in range(3)]
noisy = np.stack(planes, -1) + random.normal(0, 14, (40, 52, 3))
image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
image.save(folder / "clean.png")

KINDS = ["defocus_blur", "zoom_blur", "gaussian_blur", "brightness", "contrast", "saturate",
         "pixelate", "jpeg_compression"]
for kind in KINDS:
    for severity in (1, 3, 5) if kind != "saturate" else (1, 3, 4, 5):
        made = np.uint8(getattr(corruptions, kind)(image, severity))
        Image.fromarray(made).save(folder / f"{kind.replace('_', '-')}-{severity}.png")
for number, angle in enumerate((-45, -10, 0, 30)):
    corruptions.np.random.uniform = lambda low, high: angle
    made = np.uint8(corruptions.motion_blur(image, number + 1))
    Image.fromarray(made).save(folder / f"motion{angle}-{number + 1}.png")
