package import Documents
internal import Evaluation
internal import Glibc

extension SampleStore {
  /// Takes over columns from another store and returns those that are not there.
  ///
  /// Each file is held against its digest; throws when one was changed, or cannot be written.
  package func copy(
    _ digests: some Sequence<Digest>, from other: SampleStore
  ) throws(SampleStoreError) -> [Digest] {
    var missing: [Digest] = []
    for digest in Set(digests).sorted() {
      if access(other.path(of: digest), F_OK) != 0 {
        missing.append(digest)
      } else {
        _ = try write(try other.read(digest))
      }
    }
    return missing
  }
}

extension Report {
  /// The columns that the trials name.
  package var sampleDigests: Set<Digest> { Set(trials.flatMap(\.sampleDigests)) }
}

extension TrialRecord {
  /// The columns that the trial names.
  var sampleDigests: [Digest] { Array(samples.values) + partSamples.values + groupSamples.values }
}
