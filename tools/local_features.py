#!/usr/bin/env python3
"""Lay out the real CLIP ViT-B/32 features that lie beside the project, outside of it.

    ASSAY_DATA_PATH=../shared/data tools/local_features.py ../local-features

Runs of suites/local/few-shot.json find them with `--data ../local-features`, and so do
suites/local/ood-detection.json and the claims that end in -real.json.

The features carry no licence, so that they are never part of the project.
"""

import argparse
import json
import os
import pathlib
import sys

import numpy as np

import layout_features

SOURCE = ("CLIP ViT-B/32 features of {}, float16, single view, found beside the project; "
          "text features: {}")
LICENCE = "none stated for the image features: for checks on this machine only; text {}"
ENCODER = "CLIP ViT-B/32, single view, unit length; text rows are brought to unit length on reading"


def detection(data, target):
    """Datasets of ready-made questions of task detect-ood, whose queries are already mixed.

    imagenet-ood: the 4-shot rows against DTD, with a linear probe that was trained elsewhere on rows
    of this encoder. pets24-ood and caltech38-ood: the classes with a text against the other classes
    of the same set (near) and DTD (far), with ImageNet's shot rows and the texts of their classes
    as pairs.
    """
    images, texts = data / "local-only" / "clip-vitb32", data / "open"
    lists = texts / "class-overlap"
    dtd = np.load(images / "dtd" / "test_x.npy")
    imagenet_text = np.load(texts / "clip_lt" / "imagenet_text_vitb32_b.npy")
    lvis_text = np.load(texts / "detic" / "lvis_v1_clip_a+cname.npy")

    def rows(dataset, name):
        x, y = (np.load(images / dataset / f"{name}_{part}.npy") for part in "xy")
        return x, y.astype(np.int64)

    def lay_out(name, title, text, fit, known, labels, sets):
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)

        def save(array_name, array):
            np.save(folder / f"{array_name}.npy", np.ascontiguousarray(array))
            return {"file": f"{array_name}.npy"}

        unknown = sum(len(x) for _, x in sets)
        query = {**save("query_x", np.concatenate([known] + [x for _, x in sets])),
                 "normalize": "l2"}
        truth = save("labels", np.concatenate([labels, np.full(unknown, -1)]).astype(np.int32))
        fit = {"text.class": {**save("text", text), "normalize": "l2"},
               "class.count": len(text), **fit(save)}
        random, start, cases = np.random.default_rng(1), len(known), []
        for (ood, distance), x in sets:
            order = random.permutation(
                np.concatenate([np.arange(len(known)), np.arange(start, start + len(x))]))
            start += len(x)
            chosen = {"rows": save(f"{ood}_rows", order.astype(np.int32))}
            cases.append({
                "name": ood, "setting": {"ood": ood, "distance": distance}, "fit": fit,
                "query": {"query.features": {**query, **chosen}},
                "truth": {"labels": {**truth, **chosen}}})
        manifest = {
            "schema": "assay.dataset/1", "id": name, "version": "1.0.0", "title": title,
            "source": SOURCE.format(title, "CLIP_LT, file b, or Detic"),
            "licence": LICENCE.format("MIT or Apache-2.0"), "feature_source": ENCODER,
            "cases": cases,
        }
        (folder / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n")
        print(f"{folder}: {len(text)} classes, rows: known {len(known)}, "
              + ", ".join(f"{ood} {len(x)}" for (ood, _), x in sets))

    def probe(save):
        given = np.load(data / "local-only" / "cooked-probes" / "in1k_ViT-B-32openai.npz")
        return {"probe.weights": save("probe_weights", given["weight"]),
                "probe.bias": save("probe_bias", given["bias"])}

    def pairs(save):
        shots = [rows("imagenet", f"shot{k}") for k in (1, 2, 4)]
        classes = np.concatenate([y for _, y in shots]).astype(np.int32)
        return {
            "pairs.image": {**save("pair_image", np.concatenate([x for x, _ in shots])),
                            "normalize": "l2"},
            "pairs.text": {**save("imagenet_text", imagenet_text), "normalize": "l2",
                           "rows": save("pair_class", classes)}}

    lay_out("imagenet-ood", "ImageNet-1k training images, 4-shot rows, against DTD", imagenet_text,
            probe, *rows("imagenet", "shot4"), [(("dtd", "far"), dtd)])
    for name, dataset, text in (("pets24", "oxford_pets", imagenet_text),
                                ("caltech38", "caltech101", lvis_text)):
        overlap = "oxford_pets24.json" if name == "pets24" else "caltech38.json"
        listed = json.loads((lists / overlap).read_text(encoding="utf-8"))["classes"]
        places = {entry["label"]: place for place, entry in enumerate(listed)}
        x, y = rows(dataset, "test")
        named = np.isin(y, list(places))
        lay_out(f"{name}-ood", f"{dataset}, {len(listed)} classes, against the others and DTD",
                text[[entry["text_row"] for entry in listed]], pairs, x[named],
                np.array([places[label] for label in y[named]]),
                [(("other-classes", "near"), x[~named]), (("dtd", "far"), dtd)])


def main():
    parser = argparse.ArgumentParser(description="Lay out the local-only CLIP features.")
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    parser.add_argument("--only", choices=["detection"], help="leave out the other datasets")
    options = parser.parse_args()
    target = options.folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_features: {target} lies in the project; these features must not")
    if not os.environ.get("ASSAY_DATA_PATH"):
        sys.exit("local_features: set ASSAY_DATA_PATH to the folder that holds local-only and open")
    data = pathlib.Path(os.environ["ASSAY_DATA_PATH"]).resolve()
    images = data / "local-only" / "clip-vitb32"
    if not images.is_dir():
        sys.exit(f"local_features: there is no folder {images}")
    detection(data, target)
    if options.only:
        return
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
