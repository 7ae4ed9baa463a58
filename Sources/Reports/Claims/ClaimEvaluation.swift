internal import Evaluation
internal import Suites

/// Measures claims on the trials of their suites.
///
/// A claim's interval is that of the whole quantity; see ``MeasurementSource``. Suites are measured
/// several at a time, the claims of one share what they read.
func evaluate(
  _ claims: [SuiteClaim], on trials: [TrialRecord], samples: SampleStore?, resamples: Int = 2000
) -> [ClaimRecord] {
  var order: [String] = []
  for claim in claims where !order.contains(claim.suite) { order.append(claim.suite) }
  let own = Dictionary(grouping: trials, by: \.suite)
  let measured = concurrentMap(order) { suite in
    var source = MeasurementSource(samples: samples, resamples: resamples)
    return claims.filter { $0.suite == suite }.map {
      evaluate($0, on: own[suite] ?? [], &source)
    }
  }
  // The claims of one suite stand together in all that is written.
  return measured.flatMap(\.self)
}

private func evaluate(
  _ asserted: SuiteClaim, on trials: [TrialRecord], _ source: inout MeasurementSource
) -> ClaimRecord {
  do throws(Unmeasured) {
    let found = try source.measure(Functional(asserted.claim.value), among: trials)
    return ClaimRecord(
      asserted: asserted, value: found.value, interval: found.interval,
      verdict: ClaimVerdict(
        asserted.claim.bound, value: found.value, interval: found.interval),
      reason: found.reason)
  } catch {
    return ClaimRecord(
      asserted: asserted, value: nil, interval: nil, verdict: .notMeasured, reason: error.reason)
  }
}
