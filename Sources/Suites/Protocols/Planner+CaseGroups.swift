internal import Contracts
internal import Datasets
internal import Metrics
internal import Tensors

extension Planner {
  /// The groups of a case's outcomes that the suite asks for; those that the case lacks are left out.
  func groupings(of entry: Dataset.Case, in dataset: Dataset) throws -> [Grouping] {
    try suite.groups.compactMap { by in
      guard var grouping = Grouping.crossing(by, { attribute($0, of: entry, in: dataset) }) else {
        return nil
      }
      grouping.minimumRows = suite.minimumGroup
      return try spread(grouping, over: entry)
    }
  }

  /// The names that cases can be grouped by: their own attributes, and those of the dataset whose
  /// rows they ask about.
  func attributes(of entry: Dataset.Case, in dataset: Dataset) -> Set<String> {
    let asked = askedRows(of: entry)
    return Set(entry.groups.keys).union(
      dataset.groups.filter { $0.value.codes.count == asked }.keys)
  }

  /// What is wrong with the numbers of a case's attributes, each with the member that it is about.
  func obstacles(
    toGroupsOf entry: Dataset.Case
  ) -> [(member: String, message: String)] {
    let asked = askedRows(of: entry)
    return entry.groups.sorted { $0.key < $1.key }.compactMap { name, group in
      func report(_ message: String) -> (String, String) { ("groups/\(name)/array", message) }
      guard let codes = try? group.codes.integers() else {
        return report("'\(name)' holds no integers")
      }
      if codes.count != asked {
        return report("'\(name)' has \(codes.count) numbers for the \(asked) rows asked about")
      }
      return codes.firstIndex { $0 < -1 || $0 >= group.names.count }.map { row in
        report(
          "number \(codes[row]) in row \(row) of '\(name)' is neither -1 (unknown) nor one into "
            + "its \(group.names.count) names")
      }
    }
  }

  private func attribute(
    _ name: String, of entry: Dataset.Case, in dataset: Dataset
  ) -> Grouping? {
    if let group = entry.groups[name], let codes = try? group.codes.integers() {
      return Grouping(
        by: name, keys: Grouping.distinct(group.names), codes: codes, isAttribute: true)
    }
    guard let group = dataset.groups[name], group.codes.count == askedRows(of: entry) else {
      return nil
    }
    return Grouping(
      by: name, keys: Grouping.distinct(group.names), codes: group.codes, isAttribute: true)
  }

  /// The number of rows that a case asks about: one where the whole case is a row.
  private func askedRows(of entry: Dataset.Case) -> Int {
    guard let name = Task.named(suite.contract.task)?.rows,
      let spec = Contract.spec(named: name, in: suite.contract.predict)
    else { return 1 }
    let extent = entry.query[name]?.shape.extents.first ?? 0
    guard case .successor? = spec.shape.first else { return extent }
    return max(extent - 1, 0)
  }

  /// The same groups over all rows of the outcomes.
  private func spread(_ grouping: Grouping, over entry: Dataset.Case) throws -> Grouping {
    let asked = AskedGroups(
      codes: grouping.codes, count: grouping.keys.count, isKept: { entry.truth[$0] != nil },
      truth: { try entry.truth[$0]?.integers() })
    let codes = try Task.named(suite.contract.task)?.spread(asked) ?? grouping.codes
    var spread = Grouping(by: grouping.by, keys: grouping.keys, codes: codes, isAttribute: true)
    spread.minimumRows = grouping.minimumRows
    return spread
  }
}

extension Dataset.CaseTensor {
  /// The elements as integers; a single number is one.
  fileprivate func integers() throws -> [Int32] {
    try tensor(as: .i32).withElements(of: Int32.self) { Array($0) }
  }
}
