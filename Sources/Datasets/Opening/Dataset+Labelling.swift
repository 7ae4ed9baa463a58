package import Tensors

extension Dataset {
  /// The dataset with the labels, classes and text of a target in place of its own.
  package func labelled(by target: Target) -> Dataset {
    var view = relabelled("target \(target.name)", classes: target.classes)
    view.splitLabels = target.splits
    view.arrays["text.class"] = target.text
    return view
  }

  /// The dataset with an attribute for labels, without the rows whose value is not known.
  ///
  /// Nil unless the attribute is given for `train` and `test`.
  package func labelled(byAttribute name: String) -> Dataset? {
    guard let group = groups[name], let train = group.splits["train"] else { return nil }
    var view = relabelled("attribute \(name)", classes: group.names)
    var codes = ["train": train, "test": group.codes]
    codes["val"] = group.splits["val"]
    for split in ["train", "val", "test"] {
      let known = codes[split].map { codes in codes.indices.filter { codes[$0] >= 0 } }
      guard let all = codes[split], let known else {
        view.arrays["\(split).features"] = nil
        continue
      }
      view.splitLabels[split] = known.map { all[$0] }
      view.units[split] = units[split].map { units in known.map { units[$0] } }
      if known.count < all.count {
        view.arrays["\(split).features"] = arrays["\(split).features"]?
          .selecting(rows: known, under: "known \(name)")
      }
      guard split == "test" else { continue }
      view.groups = groups.mapValues { group in
        Group(names: group.names, codes: known.map { group.codes[$0] }, splits: [:])
      }
    }
    return view
  }

  /// The dataset with other features of its splits, f32 `[N, D]`.
  package func withFeatures(_ features: [String: Tensor], named name: String) -> Dataset {
    var view = self
    for (split, tensor) in features {
      view.arrays["\(split).features"] = DatasetArray(
        tensor: tensor, rows: nil, normalisation: .none,
        sharingKey: "\(digest) \(labelling ?? "") \(split).features \(name)")
    }
    return view
  }

  /// Drops what belongs to the dataset's own classes.
  private func relabelled(_ labelling: String, classes: [String]) -> Dataset {
    var view = self
    view.labelling = labelling
    view.classes = classes
    view.splitLabels = [:]
    for name in ["text.class", "text.prompts"] { view.arrays[name] = nil }
    view.shots = nil
    view.shifts = []
    view.outOfDistribution = []
    return view
  }
}

extension DatasetArray {
  /// The array with some of its rows; the name must stand for no other choice.
  func selecting(rows chosen: [Int], under name: String) -> DatasetArray {
    DatasetArray(
      tensor: tensor, rows: rows.map { rows in chosen.map { rows[$0] } } ?? chosen,
      normalisation: normalisation, sharingKey: "\(sharingKey) \(name)")
  }
}
