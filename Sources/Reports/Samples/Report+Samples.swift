package import Documents
internal import Evaluation

extension Report {
  /// The columns that the trials name.
  package var sampleDigests: Set<Digest> { Set(trials.flatMap(\.sampleDigests)) }
}
