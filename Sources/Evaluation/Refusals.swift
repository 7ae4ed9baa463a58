internal import Documents
internal import PluginHost

extension [TrialRecord] {
  /// The records with those as failed in which a method passed over some seeds of a setting.
  ///
  /// `unsupported` is a word about inputs and config. Seeds of one setting have the same of both, so a
  /// method that answers some and passes over others has chosen the draws that it is judged on.
  package var settlingRefusals: [TrialRecord] {
    let answered = Set(filter { $0.status != .unsupported }.map(SeedGroup.init))
    return map { record in
      guard record.status == .unsupported, let failure = record.failure, failure.stage != "plan",
        answered.contains(SeedGroup(record))
      else { return record }
      var record = record
      record.status = .error
      record.failure = TrialFailure(
        stage: failure.stage, kind: "refusal",
        message: "the method passed over this seed, though not over every seed of the setting: "
          + failure.message, stderrTail: failure.stderrTail)
      return record
    }
  }
}

/// What trials that differ in the seed alone have in common.
private struct SeedGroup: Hashable {
  var label, suite, dataset, setting: String

  init(_ record: TrialRecord) {
    label = record.label
    suite = record.suite
    dataset = record.dataset
    setting = JSON.object(record.setting).canonicalText
  }
}
