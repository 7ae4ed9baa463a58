#!/usr/bin/env python3
"""Lay out the real CLIP ViT-B/32 features that lie beside the project, outside of it.

    tools/local_features.py ../local-features --data ../shared/data

The suites of suites/local, and the claims that end in -real.json, find them with
`--data ../local-features`. Without --data the features are looked for in ASSAY_DATA_PATH.
"""

import argparse
import json
import os
import pathlib
import sys

import numpy as np

import layout_features
import local_variants
import text_overlap

SOURCE = ("CLIP ViT-B/32 features of {}, float16, single view, found beside the project; "
          "text features: {}")
LICENCE = "none stated for the image features: for checks on this machine only; text {}"
ENCODER = "CLIP ViT-B/32, single view, unit length; text rows are brought to unit length on reading"


def class_list(folder, classes):
    """A class list for layout_features in the dataset's folder, from label, ImageNet row and name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "classes.json"
    path.write_text(json.dumps({"classes": [
        {"label": label, "name": name, "text_row": row} for label, row, name in classes]}))
    return str(path)


def add_shift(folder, name, parts, labels):
    """Adds a shifted test set to a dataset folder: rows of other images of the same classes.

    Rows that repeat, or that a training set of the folder holds, are dropped.
    """
    sets = [layout_features.labelled(x, y, labels) for x, y in parts]
    x, y = (np.concatenate(column) for column in zip(*sets))
    others = np.concatenate([np.load(path) for path in sorted(folder.glob("shot*_x.npy"))])
    alike = np.triu(layout_features.unit(x) @ layout_features.unit(x).T > 0.999, 1).any(axis=0)
    kept = [row for row in layout_features.far_rows(x, others, 0.999) if not alike[row]]
    np.save(folder / f"shift_{name}_x.npy", x[kept])
    np.save(folder / f"shift_{name}_y.npy", y[kept])
    path = folder / "dataset.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest.setdefault("shifts", []).append({
        "name": name, "features": {"file": f"shift_{name}_x.npy", "normalize": "l2"},
        "labels": {"file": f"shift_{name}_y.npy"}})
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{folder}: shift {name} {len(kept)} rows, {len(x) - len(kept)} dropped")


def detection(data, target):
    """Datasets of ready-made questions of task detect-ood, whose queries are already mixed.

    imagenet-ood: the 4-shot rows against DTD, with a linear probe that was trained elsewhere on rows
    of this encoder. pets24-ood and caltech38-ood: the classes with a text against the other classes
    of the same set (near) and DTD (far), with ImageNet's shot rows and the texts of their classes
    as pairs, but for those classes of ImageNet that name a known or a near class.
    """
    images, texts = data / "local-only" / "clip-vitb32", data / "open"
    lists = texts / "class-overlap"
    source = local_variants.Source(data)
    dtd = np.load(images / "dtd" / "test_x.npy")
    imagenet_text = np.load(texts / "clip_lt" / "imagenet_text_vitb32_b.npy")
    lvis_text = np.load(texts / "detic" / "lvis_v1_clip_a+cname.npy")

    def rows(dataset, name):
        x, y = (images / dataset / f"{name}_{part}.npy" for part in "xy")
        return (layout_features.numbers(layout_features.load(x), x),
                layout_features.whole(layout_features.load(y), y))

    def lay_out(name, title, description, text, fit, known, labels, sets):
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
            "schema": "assay.dataset/1", "id": name, "version": "2.0.0", "title": title,
            "description": description, "source": SOURCE.format(title, "CLIP_LT, file b, or Detic"),
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

    def pairs_without(named):
        def pairs(save):
            shots = [rows("imagenet", f"shot{k}") for k in (1, 2, 4)]
            classes = np.concatenate([y for _, y in shots]).astype(np.int32)
            kept = ~np.isin(classes, named)
            print(f"pairs: {kept.sum()}, without {len(named)} classes of ImageNet")
            return {
                "pairs.image": {**save("pair_image", np.concatenate([x for x, _ in shots])[kept]),
                                "normalize": "l2"},
                "pairs.text": {**save("imagenet_text", imagenet_text), "normalize": "l2",
                               "rows": save("pair_class", classes[kept])}}
        return pairs

    lay_out("imagenet-ood", "ImageNet-1k training images, 4-shot rows, against DTD",
            "The probe was trained on the known rows, among others.", imagenet_text, probe,
            *rows("imagenet", "shot4"), [(("dtd", "far"), dtd)])
    for name, dataset, split, text in (
            ("pets24", "oxford_pets", "OxfordPets", imagenet_text),
            ("caltech38", "caltech101", "Caltech101", lvis_text)):
        overlap = "oxford_pets24.json" if name == "pets24" else "caltech38.json"
        listed = json.loads((lists / overlap).read_text(encoding="utf-8"))["classes"]
        places = {entry["label"]: place for place, entry in enumerate(listed)}
        x, y = rows(dataset, "test")
        named = np.isin(y, list(places))
        shared = text_overlap.naming(
            imagenet_text, source.imagenet_names(), x, y, source.names(split))
        lay_out(f"{name}-ood", f"{dataset}, {len(listed)} classes, against the others and DTD",
                f"Pairs are images and texts of {1000 - len(shared)} classes of ImageNet; left out "
                f"are the {len(shared)} that name a known or another class of the set.",
                text[[entry["text_row"] for entry in listed]], pairs_without(shared), x[named],
                np.array([places[label] for label in y[named]]),
                [(("other-classes", "near"), x[~named]), (("dtd", "far"), dtd)])


def classification(data, target):
    """Datasets with the given splits: Pets, Caltech101, ImageNet, and shifts between them."""
    images = data / "local-only" / "clip-vitb32"
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
    # The 16-shot rows are the training split too, for settings without labels.
    lay_out(
        "oxford_pets24", "Oxford-IIIT Pets, the 24 breeds that ImageNet names",
        imagenet_text, "CLIP_LT, file b", "MIT",
        "--class-list", str(overlap / "oxford_pets24.json"),
        "--train", *split("oxford_pets", "shot16"),
        "--val", *split("oxford_pets", "val"), "--test", *split("oxford_pets", "test"),
        *given("oxford_pets", 1, 2, 4, 8, 16))
    lay_out(
        "caltech38", "Caltech101, the 38 classes that LVIS names",
        lvis_text, "Detic, 'a' and class name", "Apache-2.0",
        "--class-list", str(overlap / "caltech38.json"),
        "--train", *split("caltech101", "shot16"),
        "--val", *split("caltech101", "val"), "--test", *split("caltech101", "test"),
        *given("caltech101", 1, 2, 4, 8, 16))

    # Shifts: the same classes in two collections of photographs, from the one to the other. Both
    # lists of classes are equal, so that nothing has to be mapped.
    names = data / "open" / "clip_lt" / "imagenet_class_names.txt"
    imagenet_names = [name.lower() for name in names.read_text(encoding="utf-8").splitlines()]
    pets = json.loads((overlap / "oxford_pets24.json").read_text(encoding="utf-8"))["classes"]
    coop = json.loads((data / "open" / "coop-splits" / "split_zhou_Caltech101.json").read_text())
    caltech = sorted({(label, name) for part in coop.values() for _, label, name in part})
    shared = {
        "oxford_pets": [(entry["label"], entry["text_row"], entry["name"]) for entry in pets],
        "caltech101": [
            (label, imagenet_names.index(words), name) for label, name in caltech
            if imagenet_names.count(words := name.lower().replace("_", " ")) == 1],
    }
    imagenet = [split("imagenet", f"shot{k}") for k in (1, 2, 4)]
    classes = shared["caltech101"]
    count = len(classes)
    lay_out(
        f"caltech{count}", f"Caltech101, the {count} classes whose names ImageNet has too",
        imagenet_text, "CLIP_LT, file b", "MIT",
        "--class-list", class_list(target / f"caltech{count}", classes),
        "--train", *split("caltech101", "shot16"),
        "--val", *split("caltech101", "val"), "--test", *split("caltech101", "test"),
        *given("caltech101", 1, 2, 4, 8, 16))
    for source, folder in (("oxford_pets", "oxford_pets24"), ("caltech101", f"caltech{count}")):
        rows = [row for _, row, _ in shared[source]]
        add_shift(target / folder, "imagenet", imagenet, rows)
        name = f"imagenet_{folder}"
        lay_out(
            name, f"ImageNet-1k training images of the classes of {folder}",
            imagenet_text, "CLIP_LT, file b", "MIT",
            "--class-list",
            class_list(target / name, [(row, row, text) for _, row, text in shared[source]]),
            "--train", *split("imagenet", "shot4"),
            "--val", *split("imagenet", "shot1"), "--test", *split("imagenet", "shot2"),
            *given("imagenet", 4), "--drop-test-near", "0.999")
        add_shift(
            target / name, source, [split(source, "test")], [label for label, _, _ in shared[source]])
    # The 2-shot rows train; the 4-shot rows test, but for the two images that both draws hold.
    lay_out(
        "imagenet", "ImageNet-1k training images: 2-shot rows to train, 4-shot rows to test",
        imagenet_text, "CLIP_LT, file b", "MIT",
        "--classes", str(names),
        "--train", *split("imagenet", "shot2"),
        "--val", *split("imagenet", "shot1"), "--test", *split("imagenet", "shot4"),
        *given("imagenet", 2), "--drop-test-near", "0.999",
        "--ood", "dtd", "far", str(images / "dtd" / "test_x.npy"))



def variant(lay_out):
    """A part that local_variants lays out."""
    def part(data, target):
        def terms(title, text, licence):
            return {"source": SOURCE.format(title, text), "licence": LICENCE.format(licence),
                    "feature_source": ENCODER}
        lay_out(local_variants.Source(data), target, terms)
    return part


# What may be laid out on its own, the suites that need it, and the datasets.
PARTS = {
    "detection": (
        detection, "ood-detection", "imagenet-ood, pets24-ood, caltech38-ood"),
    "classification": (
        classification, "few-shot, base-to-new, unsupervised, ood",
        "oxford_pets24, caltech38, caltech26, imagenet, imagenet_oxford_pets24, "
        "imagenet_caltech26"),
    "swapped": (
        variant(local_variants.swapped), "imbalanced, unsupervised", "oxford_pets24-swapped"),
    "corrupted": (
        variant(local_variants.corrupted), "robustness",
        "oxford_pets24-corrupted, caltech38-corrupted (features disturbed, not images)"),
    "coarse": (variant(local_variants.coarse), "ood", "imagenet_coarse9"),
    "prompts": (
        variant(local_variants.prompts), "prompts",
        "oxford_pets24-prompts, caltech38-prompts, imagenet-prompts"),
    "pairs": (
        variant(local_variants.pairs), "retrieve",
        "coco-pairs-untrained, videoclip-pairs, convirt-pairs"),
}

NOTE = """
licence:
  The image features state no licence. They are for checks on the machine that they lie on: the
  folder must lie outside the project, and its datasets say so in their manifests.
"""


def main():
    lines = [f"  {name:15} for {suites}: {datasets}" for name, (_, suites, datasets) in PARTS.items()]
    parser = argparse.ArgumentParser(
        description="Lay out the local-only CLIP features: a folder for each dataset, with "
                    "dataset.json and its arrays.",
        epilog="parts:\n" + "\n".join(lines) + "\n" + NOTE,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="a folder outside the project")
    parser.add_argument(
        "--data", type=pathlib.Path, default=os.environ.get("ASSAY_DATA_PATH") or None,
        help="the folder that holds local-only and open (default: ASSAY_DATA_PATH)")
    parser.add_argument(
        "--only", choices=list(PARTS), action="append", metavar="PART",
        help="leave out the other parts; may be repeated")
    options = parser.parse_args()
    target = options.folder.resolve()
    project = pathlib.Path(__file__).resolve().parent.parent
    if target == project or project in target.parents:
        sys.exit(f"local_features: {target} lies in the project; these features must not")
    if not options.data:
        sys.exit("local_features: name the folder that holds local-only and open with --data, or "
                 "set ASSAY_DATA_PATH to it")
    data = options.data.resolve()
    images = data / "local-only" / "clip-vitb32"
    if not images.is_dir():
        sys.exit(f"local_features: there is no folder {images}")
    try:
        for name in options.only or PARTS:
            PARTS[name][0](data, target)
    except (layout_features.LayoutError, OSError, KeyError, IndexError, ValueError) as error:
        sys.exit(f"local_features: part '{name}' cannot be laid out: {error}")


if __name__ == "__main__":
    main()
