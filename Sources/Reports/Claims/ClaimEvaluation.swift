internal import Evaluation
internal import Suites

/// Measures claims on the trials of their suites.
///
/// A claim's interval is that of the whole quantity; see ``MeasurementSource``.
func evaluate(
  _ claims: [SuiteClaim], on trials: [TrialRecord], samples: SampleStore?, resamples: Int = 2000
) -> [ClaimRecord] {
  var source = MeasurementSource(samples: samples, resamples: resamples)
  return claims.map { asserted in
    do throws(Unmeasured) {
      let found = try source.measure(
        Functional(asserted.claim.value), among: trials.filter { $0.suite == asserted.suite })
      return ClaimRecord(
        asserted: asserted, value: found.value, interval: found.interval,
        verdict: ClaimVerdict(
          asserted.claim.bound, value: found.value, interval: found.interval),
        reason: found.reason)
    } catch {
      return ClaimRecord(
        asserted: asserted, value: nil, interval: nil, verdict: .notMeasured,
        reason: error.reason)
    }
  }
}
