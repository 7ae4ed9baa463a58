package import Documents
internal import Evaluation

extension Report {
  /// All that a store holds of the trials' outcomes.
  package var sampleDigests: Set<Digest> { Set(trials.flatMap(\.sampleDigests)) }

  /// Learns the names of the trials' columns from a store; without one, or where it does not hold
  /// them, they stay unread.
  mutating func readColumns(from store: TrialStore) {
    guard store.isThere else { return }
    for place in trials.indices { trials[place].readColumns(from: store) }
  }
}
