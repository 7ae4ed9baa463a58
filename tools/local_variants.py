"""Datasets of local_features.py that need more than the given splits: regrouped, corrupted, paired."""

import json

import numpy as np

import feature_corruptions
import layout_features

NEAR = 0.999
CORRUPTION_SEED = 1907
# How much of the test rows is corrupted; temperatures are fitted on the others.
CORRUPTED_SHARE = 0.8

# Nine of CIFAR-10's classes (ImageNet has no deer): names in LVIS, whose text features are averaged,
# names of ImageNet classes, and names in the other collections of photographs.
COARSE = {
    "airplane": (["airplane"], ["airliner", "military aircraft"], ["airplane"]),
    "automobile": (
        ["car_(automobile)"],
        ["sports car", "convertible", "taxicab", "station wagon", "limousine", "minivan"],
        ["car_side"]),
    "bird": (
        ["bird"],
        ["goldfinch", "American robin", "jay", "magpie", "bald eagle", "hummingbird", "ostrich"],
        ["emu", "flamingo", "ibis", "pigeon", "rooster"]),
    "cat": (
        ["cat"], ["tabby cat", "tiger cat", "Persian cat", "Siamese cat", "Egyptian Mau"],
        ["abyssinian", "bengal", "birman", "bombay", "british_shorthair", "egyptian_mau",
         "maine_coon", "persian", "ragdoll", "russian_blue", "siamese", "sphynx"]),
    "dog": (
        ["dog"],
        ["Chihuahua", "Beagle", "Golden Retriever", "German Shepherd Dog", "Siberian Husky", "pug"],
        ["dalmatian"]),
    "frog": (["frog"], ["American bullfrog", "tree frog", "tailed frog"], []),
    "horse": (["horse"], ["common sorrel horse"], []),
    "ship": (
        ["boat", "cargo_ship", "cruise_ship", "passenger_ship"],
        ["container ship", "ocean liner", "aircraft carrier", "fireboat", "schooner", "trimaran"],
        ["ferry", "ketch", "schooner"]),
    "truck": (
        ["truck"], ["moving van", "garbage truck", "tow truck", "fire truck", "semi-trailer truck"],
        []),
}
CIFAR = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


class Source:
    """The arrays beside the project, by name."""

    def __init__(self, data):
        self.images = data / "local-only" / "clip-vitb32"
        self.cifar = data / "local-only" / "cifar10-500"
        self.open = data / "open"

    def rows(self, dataset, name):
        """Features [N, D] and labels [N]."""
        x, y = (self.images / dataset / f"{name}_{part}.npy" for part in "xy")
        return (layout_features.numbers(layout_features.load(x), x),
                layout_features.whole(layout_features.load(y), y))

    def text(self, path):
        return np.load(self.open / path).astype(np.float32)

    def document(self, path):
        return json.loads((self.open / path).read_text(encoding="utf-8"))

    def listed(self, name):
        """The classes of a list: label in the image set, row of the text file, and name."""
        return [(entry["label"], entry["text_row"], entry["name"])
                for entry in self.document(f"class-overlap/{name}.json")["classes"]]

    def imagenet_names(self):
        path = self.open / "clip_lt" / "imagenet_class_names.txt"
        return path.read_text(encoding="utf-8").splitlines()

    def names(self, split):
        """Names by label, of a data set of coop-splits."""
        parts = self.document(f"coop-splits/split_zhou_{split}.json").values()
        return {label: name for part in parts for _, label, name in part}


class Folder:
    """A dataset folder that is being written."""

    def __init__(self, path, **manifest):
        self.path = path
        self.manifest = {
            "schema": "assay.dataset/1", "id": path.name, "version": "1.0.0", **manifest}
        path.mkdir(parents=True, exist_ok=True)

    def save(self, name, array, normalize=False):
        np.save(self.path / f"{name}.npy", np.ascontiguousarray(array))
        return {"file": f"{name}.npy", **({"normalize": "l2"} if normalize else {})}

    def labelled(self, name, x, y):
        return {"features": self.save(f"{name}_x", x, True),
                "labels": self.save(f"{name}_y", y.astype(np.int32))}

    def splits(self, text, **parts):
        arrays = {"text.class": self.save("text_class", text, True)}
        for split, (x, y) in parts.items():
            for kind, array in self.labelled(split, x, y).items():
                arrays[f"{split}.{kind}"] = array
        self.manifest["arrays"] = arrays

    def write(self, told):
        (self.path / "dataset.json").write_text(
            json.dumps(self.manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{self.path}: {told}")


def chosen(rows, labels):
    """The rows whose label is listed, numbered by its place; the others fall away."""
    x, y = rows
    places = {label: place for place, label in enumerate(labels)}
    kept = np.isin(y, labels)
    return x[kept], np.array([places[label] for label in y[kept]], np.int64)


def distinct(rows):
    """The rows without those that repeat an earlier one."""
    x, y = rows
    alike = np.triu(layout_features.unit(x) @ layout_features.unit(x).T > NEAR, 1).any(axis=0)
    return x[~alike], y[~alike]


def apart(rows, others):
    """The rows that no other row is the same image as."""
    x, y = rows
    kept = layout_features.far_rows(x, others, NEAR)
    return x[kept], y[kept]


def joined(parts):
    return tuple(np.concatenate(column) for column in zip(*parts))


def swapped(source, target, terms):
    """The test rows train and the shot rows test: enough rows of each class to draw from."""
    listed = source.listed("oxford_pets24")
    labels = [label for label, _, _ in listed]
    train = distinct(chosen(source.rows("oxford_pets", "test"), labels))
    test = distinct(joined(
        [chosen(source.rows("oxford_pets", f"shot{k}"), labels) for k in (16, 8, 4, 2, 1)]))
    val = apart(chosen(source.rows("oxford_pets", "val"), labels), train[0])
    test = apart(test, np.concatenate([train[0], val[0]]))
    title = "Oxford-IIIT Pets, 24 breeds, with the parts of test and training rows swapped"
    folder = Folder(
        target / "oxford_pets24-swapped", title=title,
        description="The rows of the official test split train, since they are the only ones of "
                    "which there are enough to draw from; the distinct rows of all shot sets test. "
                    "Results do not compare with those on the official split.",
        **terms(title, "CLIP_LT, file b", "MIT"), classes=[name for _, _, name in listed])
    text = source.text("clip_lt/imagenet_text_vitb32_b.npy")
    folder.splits(text[[row for _, row, _ in listed]], train=train, val=val, test=test)
    folder.write(f"rows: train {len(train[0])}, val {len(val[0])}, test {len(test[0])}")


def corrupted(source, target, terms):
    """Pets and Caltech101 with their test rows under each corruption of features."""
    for name, dataset, path, origin, licence in (
            ("oxford_pets24", "oxford_pets", "clip_lt/imagenet_text_vitb32_b.npy",
             "CLIP_LT, file b", "MIT"),
            ("caltech38", "caltech101", "detic/lvis_v1_clip_a+cname.npy",
             "Detic, 'a' and class name", "Apache-2.0")):
        listed = source.listed(name)
        labels = [label for label, _, _ in listed]
        val, test = (chosen(source.rows(dataset, part), labels) for part in ("val", "test"))
        title = f"{name} with disturbed features"
        folder = Folder(
            target / f"{name}-corrupted", title=title,
            description="No image was corrupted: six disturbances of the features themselves, at "
                        "five severities, as tools/feature_corruptions.py defines them, with seed "
                        f"{CORRUPTION_SEED}, on {CORRUPTED_SHARE:.0%} of the test rows.",
            **terms(title, origin, licence), classes=[name for _, _, name in listed])
        folder.splits(source.text(path)[[row for _, row, _ in listed]], val=val, test=test)
        folder.manifest["shots"] = {"kind": "sets", "sets": {
            str(k): folder.labelled(
                f"shot{k}", *chosen(source.rows(dataset, f"shot{k}"), labels))
            for k in (1, 2, 4, 8, 16)}}
        order = np.random.default_rng(CORRUPTION_SEED).permutation(len(test[0]))
        rows = np.sort(order[: round(CORRUPTED_SHARE * len(order))])
        clean, given = test[0][rows], folder.save("corrupted_rows", rows.astype(np.int32))
        truth = folder.save("corrupted_y", test[1][rows].astype(np.int32))
        folder.manifest["shifts"] = [
            {"name": f"{kind}-{severity}", "corruption": kind, "severity": severity,
             "features": folder.save(f"{kind}-{severity}", feature_corruptions.corrupted(
                 clean, kind, severity, val[0], CORRUPTION_SEED).astype(np.float16), True),
             "labels": truth, "test_rows": given}
            for kind in feature_corruptions.AMOUNTS for severity in range(1, 6)]
        folder.write(f"{len(folder.manifest['shifts'])} corrupted sets of {len(rows)} rows")


def coarse(source, target, terms):
    """Nine kinds of things: from ImageNet to small pictures and two other collections."""
    names = source.imagenet_names()
    pets, caltech = source.names("OxfordPets"), source.names("Caltech101")
    fine = {names.index(name): place for place, (_, fine, _) in enumerate(COARSE.values())
            for name in fine}
    others = {name: place for place, (_, _, names) in enumerate(COARSE.values()) for name in names}

    def grouped(rows, coarse_of):
        x, y = rows
        coarse = np.array([coarse_of(label) for label in y.tolist()])
        return x[coarse >= 0], coarse[coarse >= 0]

    def imagenet(name):
        return grouped(source.rows("imagenet", name), lambda label: fine.get(label, -1))

    def pet(label):
        # Every breed that is no cat is a dog.
        return others.get(pets[label], list(COARSE).index("dog"))

    train = distinct(imagenet("shot4"))
    val = apart(imagenet("shot1"), train[0])
    test = apart(imagenet("shot2"), np.concatenate([train[0], val[0]]))
    cifar = np.load(source.cifar / "clip_vitb32_x.npy"), np.load(source.cifar / "y.npy")
    places = {kind: place for place, kind in enumerate(COARSE)}
    shifts = {
        "cifar10": grouped(cifar, lambda label: places.get(CIFAR[label], -1)),
        "caltech101": grouped(
            source.rows("caltech101", "test"), lambda label: others.get(caltech[label], -1)),
        "oxford_pets": grouped(source.rows("oxford_pets", "test"), pet),
    }
    lvis = {entry["name"]: row for row, entry
            in enumerate(source.document("detic/lvis_v1_train_cat_info.json"))}
    text = layout_features.unit(source.text("detic/lvis_v1_clip_a+cname.npy"))
    text = np.stack([text[[lvis[name] for name in names]].mean(0) for names, _, _ in COARSE.values()])
    title = "ImageNet-1k training images of nine kinds of things"
    folder = Folder(
        target / "imagenet_coarse9", title=title,
        description="4-shot rows train, 2-shot rows test, 1-shot rows validate, without repeats; "
                    "kinds have 1 to 7 ImageNet classes. Shifts: CIFAR-10 (32 x 32 pixels), Caltech101 "
                    "(5 kinds) and Oxford-IIIT Pets (cats and dogs).",
        **terms(title, "Detic, 'a' and class name", "Apache-2.0"), classes=list(COARSE))
    folder.splits(text.astype(np.float32), train=train, val=val, test=test)
    folder.manifest["shifts"] = [
        {"name": name, **folder.labelled(f"shift_{name}", *apart(rows, train[0]))}
        for name, rows in shifts.items()]
    folder.write(f"rows: train {len(train[0])}, val {len(val[0])}, test {len(test[0])}, "
                 + ", ".join(f"{name} {len(rows[0])}" for name, rows in shifts.items()))


def prompts(source, target, terms):
    """Test rows with two wordings of each class name."""
    clip_lt = [f"clip_lt/imagenet_text_vitb32_{file}.npy" for file in "ab"]
    clip_lt_names = [f"CLIP_LT, file {file} (the wording is not stated)" for file in "ab"]
    lvis = ["detic/lvis_v1_clip_a+cname.npy", "object-centric-ovd/lvis_v1_clip_a+photo+cname.npy"]
    lvis_names = ["Detic, 'a' and class name", "object-centric-ovd, 'a photo' and class name"]
    imagenet = [(row, row, name) for row, name in enumerate(source.imagenet_names())]
    for name, dataset, part, listed, files, wordings, licence in (
            ("oxford_pets24", "oxford_pets", "test", source.listed("oxford_pets24"),
             clip_lt, clip_lt_names, "MIT"),
            ("imagenet", "imagenet", "shot4", imagenet, clip_lt, clip_lt_names, "MIT"),
            ("caltech38", "caltech101", "test", source.listed("caltech38"),
             lvis, lvis_names, "Apache-2.0")):
        test = distinct(chosen(source.rows(dataset, part), [label for label, _, _ in listed]))
        title = f"{name}, two wordings of each class"
        folder = Folder(
            target / f"{name}-prompts", title=title,
            **terms(title, "; ".join(wordings), licence), classes=[name for _, _, name in listed],
            templates=wordings)
        rows = [row for _, row, _ in listed]
        # Classes by wordings, each of unit length, so that their mean weighs them alike.
        text = np.stack([layout_features.unit(source.text(file)[rows]) for file in files], 1)
        folder.splits(text.mean(1).astype(np.float32), test=test)
        folder.manifest["arrays"]["text.prompts"] = folder.save(
            "text_prompts", text.astype(np.float32), True)
        folder.write(f"rows: test {len(test[0])}; {len(wordings)} wordings of {len(rows)} classes")


def pairs(source, target, _terms):
    """Images or videos with a text each, of three encoders, one of them never trained."""
    for name, file, title, encoder in (
            ("coco-pairs-untrained", "features_clip_random", "500 COCO images with a caption each, "
             "of an encoder that was never trained", "CLIP ViT-B/16 with random weights"),
            ("videoclip-pairs", "features_videoclip", "100 pairs of video and text", "VideoCLIP"),
            ("convirt-pairs", "features_convirt", "500 pairs of image and text", "ConVIRT")):
        images, texts = source.text(f"modality-gap/{file}.npy")
        folder = Folder(
            target / name, title=title,
            source=f"{file}.npy of github.com/Weixin-Liang/Modality-Gap, found beside the project",
            licence="MIT", feature_source=encoder)
        folder.manifest["cases"] = [{
            "name": "pairs",
            "query": {"query.image": folder.save("image_x", images, True),
                      "query.text": folder.save("text_x", texts, True)},
            "truth": {"image_of_text": folder.save(
                "image_of_text", np.arange(len(texts), dtype=np.int32))}}]
        folder.write(f"{len(images)} pairs")
