package import Documents

// A report names the columns of a trial by one digest: that of the list of their names and digests,
// which lies in the store as a column of its own.

extension TrialRecord {
  /// The digest of the list of the trial's columns; nil where it has none.
  package var outcomes: Digest? {
    guard let list = columnList else { return unreadOutcomes }
    return Digest(of: list)
  }

  /// The names and digests of all columns as canonical JSON; nil where there are none.
  var columnList: String? {
    var members: [String: JSON] = [:]
    for (name, columns) in [
      ("samples", samples), ("part_samples", partSamples), ("group_samples", groupSamples),
    ] where !columns.isEmpty {
      members[name] = .object(columns.mapValues { .string($0.description) })
    }
    return members.isEmpty ? nil : JSON.object(members).canonicalText
  }

  /// All that a store holds of the trial's outcomes.
  package var sampleDigests: [Digest] {
    var digests = outcomes.map { [$0] } ?? []
    for columns in [samples, partSamples, groupSamples] { digests += columns.values }
    return digests
  }

  /// Learns the names of the columns from a store; leaves them unread where it does not hold them.
  package mutating func readColumns(from store: TrialStore) {
    guard let digest = unreadOutcomes, let list = try? store.columnList(digest) else { return }
    samples = list["samples"] ?? [:]
    partSamples = list["part_samples"] ?? [:]
    groupSamples = list["group_samples"] ?? [:]
    if columnList != nil { unreadOutcomes = nil }
  }
}
