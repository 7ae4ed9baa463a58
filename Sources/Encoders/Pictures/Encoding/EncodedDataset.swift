internal import Documents
internal import Glibc
internal import Tensors

/// A dataset folder that is made of encoded pictures and texts.
///
///     var dataset = EncodedDataset(plan, journal, about: about)
///     dataset.classTexts = ...
///     try dataset.write(to: "birds-clip")
package struct EncodedDataset {
  /// What people are told about it.
  package struct About: Sendable {
    package var id: String
    package var title: String
    package var source: String
    package var licence: String
    package var encoder: String

    package init(id: String, title: String, source: String, licence: String, encoder: String) {
      self.id = id
      self.title = title
      self.source = source
      self.licence = licence
      self.encoder = encoder
    }
  }

  /// The names of the classes with their embeddings.
  package struct ClassTexts: Sendable {
    package var names: [String]
    package var templates: [String]
    /// `[K, P, E]`.
    package var prompts: [Float]
    /// `[K, E]`.
    package var classes: [Float]

    package init(names: [String], templates: [String], prompts: [Float], classes: [Float]) {
      self.names = names
      self.templates = templates
      self.prompts = prompts
      self.classes = classes
    }
  }

  private let plan: EncodingPlan
  private let journal: EncodingJournal
  private let about: About
  package var classTexts: ClassTexts?
  /// Embeddings of the captions of the pictures that are kept, in their order, `[M, E]`.
  package var captions: [Float] = []

  package init(_ plan: EncodingPlan, _ journal: EncodingJournal, about: About) {
    self.plan = plan
    self.journal = journal
    self.about = about
  }

  private var entries: [PictureCollection.Entry] { plan.collection.entries }

  /// The places of the pictures that are kept.
  private var kept: [Int] { entries.indices.filter { journal.skipped[$0] == nil } }

  /// The captions of the pictures that are kept, whose embeddings are wanted.
  package var captionTexts: [String] { kept.flatMap { entries[$0].captions } }

  /// Writes arrays and texts, and the manifest last.
  package func write(to folder: String) throws(EncodingFailure) {
    precondition(journal.done == entries.count, "pictures are left to encode")
    var parts = Parts(folder: folder, plan: plan, journal: journal)
    var manifest: [String: JSON] = [
      "schema": "assay.dataset/1", "id": .string(about.id), "version": "1.0.0",
      "title": .string(about.title), "source": .string(about.source),
      "licence": .string(about.licence), "feature_source": .string(about.encoder),
    ]
    let names = classTexts?.names ?? plan.collection.classes
    let isLabelled = !plan.collection.classes.isEmpty
    if isLabelled {
      try parts.writeLines(names, to: "classes.txt")
      manifest["classes"] = ["file": "classes.txt"]
      manifest["arrays"] = .object(try splits(&parts))
      let shifts = try self.shifts(&parts)
      if !shifts.isEmpty { manifest["shifts"] = .array(shifts) }
      let groups = try self.groups(&parts)
      if !groups.isEmpty { manifest["groups"] = .object(groups) }
    }
    if classTexts != nil, isLabelled { manifest["templates"] = ["file": "templates.txt"] }
    if !captions.isEmpty { manifest["cases"] = [try retrieval(&parts)] }
    var files: [String: JSON] = [:]
    for split in PictureCollection.Split.allCases {
      let places = self.places(of: split)
      guard !places.isEmpty else { continue }
      try parts.writeLines(places.map { entries[$0].name }, to: "\(split).pictures.txt")
      files["\(split).pictures"] = .string("\(split).pictures.txt")
    }
    if !journal.skipped.isEmpty {
      let lines = journal.skipped.sorted { $0.key < $1.key }.map(\.value)
      try parts.writeLines(lines, to: "skipped.txt")
      files["skipped"] = "skipped.txt"
    }
    manifest["files"] = .object(files)
    if let extra = try patches(&parts) { manifest["extra"] = .object(extra) }
    try parts.writeLines([JSON.object(manifest).prettyText], to: "dataset.json")
  }

  private func places(of split: PictureCollection.Split) -> [Int] {
    kept.filter { entries[$0].split == split }
  }

  private static func array(_ file: String) -> JSON {
    ["file": .string(file), "normalize": "l2"]
  }

  private func splits(_ parts: inout Parts) throws(EncodingFailure) -> [String: JSON] {
    var arrays: [String: JSON] = [:]
    for split in PictureCollection.Split.allCases {
      let places = self.places(of: split)
      guard !places.isEmpty else { continue }
      try parts.write(journal.streams[0], places, row: [plan.featureWidth], to: "\(split).npy")
      arrays["\(split).features"] = Self.array("\(split).npy")
      guard split != .unlabelled else { continue }
      let labels = places.map { Int32(entries[$0].label ?? 0) }
      try parts.write(labels, to: "\(split).labels.npy")
      arrays["\(split).labels"] = ["file": .string("\(split).labels.npy")]
    }
    if let texts = classTexts {
      let (classes, width) = (texts.names.count, plan.featureWidth)
      try parts.write(texts.classes, shape: [classes, width], to: "text.class.npy")
      arrays["text.class"] = Self.array("text.class.npy")
      let shape = [classes, texts.templates.count, width]
      try parts.write(texts.prompts, shape: shape, to: "text.prompts.npy")
      arrays["text.prompts"] = Self.array("text.prompts.npy")
      try parts.writeLines(texts.templates, to: "templates.txt")
    }
    return arrays
  }

  private func shifts(_ parts: inout Parts) throws(EncodingFailure) -> [JSON] {
    let places = self.places(of: .test)
    var shifts: [JSON] = []
    guard !places.isEmpty else { return [] }
    for shift in plan.shifts {
      guard let stream = journal.streams.first(where: { $0.name == shift.name }) else { continue }
      let file = "shift.\(shift.name).npy"
      try parts.write(stream, places, row: [plan.featureWidth], to: file)
      shifts.append([
        "name": .string(shift.name), "corruption": .string(shift.corruption.rawValue),
        "severity": JSON(shift.severity), "features": Self.array(file),
        "labels": ["file": "test.labels.npy"], "test_rows": ["from": 0, "to": JSON(places.count)],
      ])
    }
    return shifts
  }

  private func groups(_ parts: inout Parts) throws(EncodingFailure) -> [String: JSON] {
    var groups: [String: JSON] = [:]
    for (number, name) in plan.collection.groups.enumerated() {
      let values = Set(entries.map { $0.groups[number] }).subtracting([""]).sorted {
        $0.precedes($1)
      }
      let codes = Dictionary(uniqueKeysWithValues: zip(values, Int32(0)...))
      var group: [String: JSON] = ["names": .array(values.map { .string($0) })]
      let parts = parts
      func add(_ key: String, _ split: PictureCollection.Split) throws(EncodingFailure) {
        let places = self.places(of: split)
        guard !places.isEmpty else { return }
        let file = "group\(number).\(split).npy"
        try parts.write(places.map { codes[entries[$0].groups[number]] ?? -1 }, to: file)
        group[key] = ["file": .string(file)]
      }
      try add("array", .test)
      try add("train", .train)
      try add("val", .val)
      if !values.isEmpty, group["array"] != nil { groups[name] = .object(group) }
    }
    return groups
  }

  private static let patchSummary =
    "[N, G G, E]: the embedding of each patch behind the last block, rows of patches from the top."

  /// The patch embeddings of each split, which no contract names yet.
  private func patches(_ parts: inout Parts) throws(EncodingFailure) -> [String: JSON]? {
    guard let row = plan.patchShape else { return nil }
    var extra: [String: JSON] = [:]
    for split in PictureCollection.Split.allCases {
      let places = self.places(of: split)
      guard !places.isEmpty else { continue }
      try parts.write(journal.streams[1], places, row: row, to: "\(split).patches.npy")
      extra["\(split).patches"] = [
        "file": .string("\(split).patches.npy"),
        "summary": .string(Self.patchSummary),
      ]
    }
    return extra
  }

  /// The question which caption belongs to which picture; training pairs go to fit.
  private func retrieval(_ parts: inout Parts) throws(EncodingFailure) -> JSON {
    let width = plan.featureWidth
    var offsets: [Int: Int] = [:]
    var count = 0
    for place in kept {
      offsets[place] = count
      count += entries[place].captions.count
    }
    precondition(captions.count == count * width, "captions lack embeddings")
    var tensors: [String: JSON] = [:]
    var truth: [String: JSON] = [:]
    for (split, image, text) in [
      (PictureCollection.Split.test, "query.image", "query.text"),
      (.train, "train.image", "train.text"), (.val, "val.image", "val.text"),
    ] {
      let places = self.places(of: split).filter { !entries[$0].captions.isEmpty }
      guard !places.isEmpty else { continue }
      // Fit is handed pairs, row by row.
      let owners = places.enumerated().flatMap { number, place in
        entries[place].captions.indices.map { _ in split == .test ? number : place }
      }
      let images = split == .test ? places : owners
      try parts.write(journal.streams[0], images, row: [width], to: "\(image).npy")
      let rows = places.flatMap { place -> ArraySlice<Float> in
        let start = (offsets[place] ?? 0) * width
        return captions[start..<start + entries[place].captions.count * width]
      }
      try parts.write(rows, shape: [owners.count, width], to: "\(text).npy")
      try parts.writeLines(
        places.flatMap { entries[$0].captions.map(Self.line) }, to: "\(split).captions.txt")
      tensors[image] = Self.array("\(image).npy")
      tensors[text] = Self.array("\(text).npy")
      if split == .test {
        try parts.write(owners.map { Int32($0) }, to: "image_of_text.npy")
        truth["image_of_text"] = ["file": "image_of_text.npy"]
      }
    }
    let isQuery = { (name: String) in name.hasPrefix("query.") }
    return [
      "name": "captions", "summary": "Each picture with its captions.",
      "fit": .object(tensors.filter { !isQuery($0.key) }),
      "query": .object(tensors.filter { isQuery($0.key) }), "truth": .object(truth),
    ]
  }

  private static func line(_ text: String) -> String {
    text.replacing("\r", with: " ").replacing("\n", with: " ")
  }
}
