package import Evaluation
internal import Suites

/// Measures claims on the trials of their suites.
///
/// A claim's interval is that of the whole quantity; see ``MeasurementSource``. Suites are measured
/// several at a time, the claims of one share what they read.
func evaluate(
  _ claims: [SuiteClaim], on trials: [TrialRecord], without absent: [AbsentData] = [],
  samples: TrialStore?, resamples: Int = 2000
) -> [ClaimRecord] {
  var order: [String] = []
  for claim in claims where !order.contains(claim.suite) { order.append(claim.suite) }
  let own = Dictionary(grouping: trials, by: \.suite)
  let measured = concurrentMap(order) { suite in
    var source = MeasurementSource(samples: samples, resamples: resamples)
    return claims.filter { $0.suite == suite }.map {
      evaluate(
        $0, on: own[suite] ?? [], without: absent.filter { $0.suite == suite }.map(\.dataset),
        &source)
    }
  }
  // The claims of one suite stand together in all that is written.
  return measured.flatMap(\.self)
}

private func evaluate(
  _ asserted: SuiteClaim, on trials: [TrialRecord], without absent: [String],
  _ source: inout MeasurementSource
) -> ClaimRecord {
  let functional = Functional(asserted.claim.value)
  // A reading that names no dataset is over all of them.
  let lacking = absent.filter { dataset in
    functional.measurements.contains { $0.dataset == nil || $0.dataset == dataset }
  }
  let absence = lacking.isEmpty ? nil : "without \(lacking.joined(separator: ", "))"
  do throws(Unmeasured) {
    let found = try source.measure(functional, among: trials)
    return ClaimRecord(
      asserted: asserted, value: found.value, interval: found.interval,
      verdict: ClaimVerdict(
        asserted.claim.bound, value: found.value, interval: found.interval),
      reason: [absence, found.reason].compactMap(\.self).joined(separator: "; ").nonEmpty)
  } catch {
    return ClaimRecord(
      asserted: asserted, value: nil, interval: nil,
      verdict: lacking.isEmpty ? .notMeasured : .dataAbsent,
      reason: lacking.isEmpty ? error.reason : "\(lacking.joined(separator: ", ")) not here")
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
