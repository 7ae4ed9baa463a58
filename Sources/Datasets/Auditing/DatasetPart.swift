internal import Documents
internal import Tensors

/// Rows of a dataset that a setting fits on, or is judged on.
struct DatasetPart: Sendable {
  enum Role: Sendable {
    /// Methods see the rows with what they are to learn.
    case fitted
    /// Methods see the rows alone.
    case unlabelled
    /// What is measured is measured on the rows.
    case evaluated
  }

  /// The name for people, such as `train.features` or `shift 'fog'`.
  let title: String
  /// The name in the manifest's `overlaps`.
  let name: String
  let role: Role
  let array: DatasetArray
  var labels: [Int32]?
  let pointer: String
  /// The case that the part is of; rows of two cases are never in one trial's way.
  var scope: String?

  /// The names that `overlaps` may hold.
  static let fixedNames = [
    "train", "val", "test", "unlabelled", "shots", "shifts", "ood", "fit", "query",
  ]

  /// The more general name, for all shifts or all OOD sets.
  var kind: String {
    if pointer.hasPrefix("/shifts") { return "shifts" }
    return pointer.hasPrefix("/ood") ? "ood" : name
  }

  /// Whether the part goes by a name.
  func isCalled(_ wanted: String) -> Bool { wanted == name || wanted == kind }
}

extension DatasetChecks {
  /// Every set of rows that can be shared with another.
  func parts(
    labels: [String: [Int32]], shots: Dataset.Shots?, shifts: [Dataset.Shift],
    cases: [Dataset.Case]
  ) -> [DatasetPart] {
    var parts: [DatasetPart] = []
    for split in ["train", "val", "unlabelled", "test"] {
      guard let reference = manifest.arrays["\(split).features"], let array = arrays[reference]
      else { continue }
      parts.append(
        DatasetPart(
          title: "\(split).features", name: split,
          role: split == "test" ? .evaluated : split == "unlabelled" ? .unlabelled : .fitted,
          array: array, labels: labels[split], pointer: reference.pointer))
    }
    if case .sets(let sets) = shots {
      parts += sets.sorted { $0.key < $1.key }.map { count, set in
        DatasetPart(
          title: "shot set '\(count)'", name: "shots", role: .fitted, array: set.features,
          labels: set.labels, pointer: "/shots/sets/\(count)/features")
      }
    }
    // By name, since a shift that cannot be read is not among those that were found.
    parts += manifest.shifts.compactMap { named in
      guard let shift = shifts.first(where: { $0.name == named.name }) else { return nil }
      return DatasetPart(
        title: "shift '\(shift.name)'", name: shift.name, role: .evaluated, array: shift.features,
        labels: shift.labels, pointer: named.features.pointer)
    }
    parts += manifest.outOfDistribution.compactMap { set in
      arrays[set.features].map {
        DatasetPart(
          title: "OOD set '\(set.name)'", name: set.name, role: .evaluated, array: $0,
          pointer: set.features.pointer)
      }
    }
    return parts.filter { $0.array.dtype.isFloat && $0.array.shape.rank == 2 } + caseParts(cases)
  }

  /// The rows of cases that fit is handed, and those that are asked about.
  private func caseParts(_ cases: [Dataset.Case]) -> [DatasetPart] {
    cases.flatMap { entry -> [DatasetPart] in
      func part(_ member: String, _ name: String, _ tensors: [String: Dataset.CaseTensor])
        -> DatasetPart?
      {
        guard case .array(let array) = tensors[name], array.shape.rank == 2 else { return nil }
        return DatasetPart(
          title: "\(name) of case '\(entry.name)'", name: member,
          role: member == "query" ? .evaluated : .fitted, array: array,
          pointer: JSONPointer.appending(name, to: "\(entry.pointer)/\(member)"),
          // Cases of one setting share the fit of the first of them.
          scope: JSON.object(entry.setting).canonicalText)
      }
      return [
        part("fit", "train.features", entry.fit), part("fit", "val.features", entry.fit),
        part("query", "query.features", entry.query),
      ].compactMap(\.self)
    }
  }
}
