#!/usr/bin/env python3
"""Lay out the real CLIP ViT-B/32 features that lie beside the project, outside of it.

    ASSAY_DATA_PATH=../shared/data tools/local_features.py ../local-features

Runs of suites/local/few-shot.json find them with `--data ../local-features`.

The features carry no licence, so that they are never part of the project.
"""

import argparse
import os
import pathlib
import sys

import layout_features

SOURCE = ("CLIP ViT-B/32 features of {}, float16, single view, found beside the project; "
          "text features: {}")
LICENCE = "none stated for the image features: for checks on this machine only; text {}"
ENCODER = "CLIP ViT-B/32, single view, unit length; text rows are brought to unit length on reading"


def main():
    parser = argparse.ArgumentParser(description="Lay out the local-only CLIP features.")
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    target = parser.parse_args().folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_features: {target} lies in the project; these features must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_features: set ASSAY_DATA_PATH to the folder that holds local-only and open")
    data = pathlib.Path(os.environ["ASSAY_DATA_PATH"]).resolve()
    images = data / "local-only" / "clip-vitb32"
    if not images.is_dir():
        sys.exit(f"local_features: there is no folder {images}")
    imagenet_text = data / "open" / "clip_lt" / "imagenet_text_vitb32_b.npy"
    lvis_text = data / "open" / "detic" / "lvis_v1_clip_a+cname.npy"

    def split(dataset, name):
        return [str(images / dataset / f"{name}_{part}.npy") for part in "xy"]

    def lay_out(name, title, text, text_source, text_licence, *options):
        layout_features.main([
            str(target / name), "--id", name, "--title", title,
            "--source", SOURCE.format(title, text_source),
            "--licence", LICENCE.format(text_licence), "--feature-source", ENCODER,
            "--text", str(text), *options])

    def given(dataset, *shots):
        return [word for k in shots for word in ["--shots", str(k), *split(dataset, f"shot{k}")]]

    overlap = data / "open" / "class-overlap"
    lay_out(
        "oxford_pets24", "Oxford-IIIT Pets, the 24 breeds that ImageNet names",
        imagenet_text, "CLIP_LT, file b", "MIT",
        "--class-list", str(overlap / "oxford_pets24.json"),
        "--val", *split("oxford_pets", "val"), "--test", *split("oxford_pets", "test"),
        *given("oxford_pets", 1, 2, 4, 8, 16))
    lay_out(
        "caltech38", "Caltech101, the 38 classes that LVIS names",
        lvis_text, "Detic, 'a' and class name", "Apache-2.0",
        "--class-list", str(overlap / "caltech38.json"),
        "--val", *split("caltech101", "val"), "--test", *split("caltech101", "test"),
        *given("caltech101", 1, 2, 4, 8, 16))
    # The 2-shot rows train; the 4-shot rows test, but for the two images that both draws hold.
    lay_out(
        "imagenet", "ImageNet-1k training images: 2-shot rows to train, 4-shot rows to test",
        imagenet_text, "CLIP_LT, file b", "MIT",
        "--classes", str(data / "open" / "clip_lt" / "imagenet_class_names.txt"),
        "--val", *split("imagenet", "shot1"), "--test", *split("imagenet", "shot4"),
        *given("imagenet", 2), "--drop-test-near", "0.999",
        "--ood", "dtd", "far", str(images / "dtd" / "test_x.npy"))


if __name__ == "__main__":
    main()
