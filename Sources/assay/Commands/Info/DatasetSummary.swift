internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import Tensors

/// What a dataset holds, in short.
struct DatasetSummary {
  private let dataset: Dataset

  init(_ dataset: Dataset) { self.dataset = dataset }

  var described: Described { Described(text: text, json: json) }

  /// Rows of the splits, or the number of cases, in a few words.
  var sizeText: String {
    let splits = sizes.map { "\($0.split) \($0.rows)" }.joined(separator: ", ")
    let rows = splits.isEmpty ? nil : "\(splits) rows"
    let cases = dataset.cases.isEmpty ? nil : counted(dataset.cases.count, "case")
    let classes = dataset.classes.isEmpty ? nil : counted(dataset.classes.count, "class", "classes")
    let parts = [rows, cases, classes].compactMap(\.self)
    return parts.isEmpty ? "no rows" : parts.joined(separator: "; ")
  }

  private var sizes: [(split: String, rows: Int)] {
    var sizes: [(split: String, rows: Int)] = []
    for split in ["train", "val", "test"] {
      guard let features = dataset.arrays["\(split).features"] else { continue }
      sizes.append((split, features.shape[0]))
    }
    return sizes
  }

  /// The tasks that suites can ask of it.
  private var tasks: [String] {
    let ofCases = Contract.all.filter { contract in
      dataset.cases.contains { entry in
        let wanted = contract.truth.filter { !$0.isOptional && !$0.name.hasSuffix(".*") }
        return wanted.allSatisfy { entry.truth[$0.name] != nil }
          && entry.query.keys.allSatisfy { Contract.spec(named: $0, in: contract.predict) != nil }
      }
    }.map(\.task)
    let ofSplits = Task.all.filter { task in
      switch task.splits {
      case .labels: dataset.labels("test") != nil || !dataset.targets.isEmpty
      case .outOfDistribution: !dataset.outOfDistribution.isEmpty
      case nil: false
      }
    }.map(\.name)
    return Set(ofCases + ofSplits).sorted()
  }

  private var parts: [(name: String, text: String)] {
    let manifest = dataset.manifest
    var rows: [(name: String, text: String)] = [
      ("tasks", tasks.isEmpty ? "none" : tasks.joined(separator: ", ")), ("size", sizeText),
    ]
    if let features = dataset.arrays["test.features"] ?? dataset.arrays["train.features"] {
      rows.append(("features", "\(features.shape[features.shape.rank - 1]) dimensions"))
    }
    rows.append(("classes", shortened(dataset.classes)))
    rows.append(("targets", shortened(dataset.targets.map(\.name))))
    rows += dataset.groups.sorted { $0.key < $1.key }.map {
      ("group \($0)", shortened($1.names))
    }
    rows.append(("shifts", shortened(dataset.shifts.map(\.name))))
    rows.append(
      ("OOD sets", shortened(dataset.outOfDistribution.map { "\($0.name) (\($0.distance))" })))
    rows.append(("cases", shortened(dataset.cases.map(\.name))))
    rows += [("made with", manifest.featureSource ?? ""), ("source", manifest.source)]
    rows.append(("licence", manifest.licence))
    rows += manifest.parts.map { ("  \($0.part)", "\($0.licence); \($0.source)") }
    rows += [("digest", dataset.digest.short), ("folder", dataset.folder)]
    return rows.filter { !$0.text.isEmpty }
  }

  private func shortened(_ names: [String]) -> String {
    let shown = names.prefix(24).joined(separator: ", ")
    return names.count > 24 ? "\(shown) ... (\(names.count))" : shown
  }

  private var text: String {
    let head = ["\(dataset.id) \(dataset.version): \(dataset.manifest.title)"]
    return (head + [dataset.manifest.summary, table].compactMap(\.self)).joined(separator: "\n")
  }

  /// The parts in two columns; a long name has a line of its own, lest it push all others aside.
  private var table: String {
    let isShort = parts.map { $0.name.count <= 20 }
    let width = zip(parts, isShort).filter(\.1).map(\.0.name.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 4)
    return zip(parts, isShort).map { part, isShort in
      let rest = isShort ? String(indent.dropFirst(part.name.count + 2)) : "\n\(indent)"
      return "  \(part.name)\(rest)\(part.text)"
    }.joined(separator: "\n")
  }

  var json: JSON {
    [
      "id": .string(dataset.id), "version": .string(dataset.version),
      "title": .string(dataset.manifest.title), "summary": JSON(dataset.manifest.summary),
      "tasks": .array(tasks.map(JSON.string)),
      "rows": .object(
        Dictionary(uniqueKeysWithValues: sizes.map { ($0.split, JSON($0.rows)) })),
      "classes": .array(dataset.classes.map(JSON.string)),
      "targets": .array(dataset.targets.map { .string($0.name) }),
      "groups": .object(dataset.groups.mapValues { .array($0.names.map(JSON.string)) }),
      "shifts": .array(dataset.shifts.map { .string($0.name) }),
      "ood": .array(dataset.outOfDistribution.map { .string($0.name) }),
      "cases": .array(dataset.cases.map { .string($0.name) }),
      "feature_source": JSON(dataset.manifest.featureSource),
      "source": .string(dataset.manifest.source), "licence": .string(dataset.manifest.licence),
      "digest": .string(dataset.digest.description), "folder": .string(dataset.folder),
    ]
  }
}

private func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
