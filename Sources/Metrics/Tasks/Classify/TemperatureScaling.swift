internal import Glibc
package import Tensors

/// One temperature for all logits, fitted so that softmax(z / T) has the least NLL.
///
/// Source: Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2. Fit it on
/// in-distribution rows that are kept apart, and apply the same T to every shift.
package struct TemperatureScaling: Equatable, Sendable {
  package let temperature: Double
  /// NLL in nats at T = 1 and at `temperature`, on the rows of the fit.
  package let nllBefore: Double
  package let nllAfter: Double
  /// Whether the least NLL lies beyond `bounds`, as it does when every row is right.
  package let isAtBound: Bool

  package static let bounds = 0.01...100.0

  /// Fits by Newton's method on 1/T, in which the NLL is convex, halving steps that do not descend.
  ///
  /// - Throws: ``MetricsError`` if shapes or labels do not fit, or a logit is not finite.
  package init(logits: Tensor, labels: [Int32]) throws(MetricsError) {
    guard logits.dtype == .f32, logits.shape.rank == 2, logits.shape[0] == labels.count,
      !labels.isEmpty
    else {
      throw MetricsError(
        .invalidInput,
        "The logits are \(logits.dtype) \(logits.shape) with \(labels.count) labels; wanted is "
          + "f32 [N, K] with N > 0 labels.")
    }
    let classes = logits.shape[1]
    if let row = labels.firstIndex(where: { $0 < 0 || Int($0) >= classes }) {
      throw MetricsError(
        .invalidInput,
        "The label of row \(row) is \(labels[row]), but the logits have \(classes) classes.")
    }
    self = try logits.withElements(of: Float.self) { (values) throws(MetricsError) in
      let notFinite = values.count { !$0.isFinite }
      guard notFinite == 0 else {
        throw MetricsError(
          .invalidInput, "The logits hold \(notFinite) values that are NaN or infinite.")
      }
      return TemperatureScaling { Likelihood(values, labels, classes: classes, at: $0) }
    }
  }

  private init(_ likelihood: (_ inverse: Double) -> Likelihood) {
    let (lowest, highest) = (1 / Self.bounds.upperBound, 1 / Self.bounds.lowerBound)
    var inverse = 1.0
    var current = likelihood(inverse)
    nllBefore = current.nll
    // A slope that keeps its sign up to the bound has its zero beyond it.
    let bound = current.slope < 0 ? highest : lowest
    let atBound = likelihood(bound)
    isAtBound = current.slope < 0 ? atBound.slope <= 0 : current.slope > 0 && atBound.slope >= 0
    if isAtBound {
      temperature = 1 / bound
      nllAfter = atBound.nll
      return
    }
    for _ in 0..<100 {
      let newton = current.curvature > 0 ? -current.slope / current.curvature : -current.slope
      var next = min(max(inverse + newton, lowest), highest)
      var found = likelihood(next)
      // Halving ends where the step is lost in rounding.
      while found.nll > current.nll, abs(next - inverse) > 1e-12 * inverse {
        next = (next + inverse) / 2
        found = likelihood(next)
      }
      let isDone = abs(next - inverse) <= 1e-9 * inverse || found.nll > current.nll
      if found.nll <= current.nll { (inverse, current) = (next, found) }
      if isDone { break }
    }
    temperature = 1 / inverse
    nllAfter = current.nll
  }
}

/// The mean NLL of softmax(inverse * z) with its first two derivatives in `inverse`.
private struct Likelihood {
  var nll = 0.0
  /// The mean of E_p[z] - z_y.
  var slope = 0.0
  /// The mean of Var_p[z].
  var curvature = 0.0

  init(
    _ logits: UnsafeBufferPointer<Float>, _ labels: [Int32], classes: Int, at inverse: Double
  ) {
    for (row, label) in labels.enumerated() {
      let scores = UnsafeBufferPointer(rebasing: logits[(row * classes)..<((row + 1) * classes)])
      let highest = Double(scores.max() ?? 0)
      var sum = 0.0
      var first = 0.0
      var second = 0.0
      for score in scores {
        let distance = Double(score) - highest
        let term = exp(inverse * distance)
        sum += term
        first += term * distance
        second += term * distance * distance
      }
      let own = Double(scores[Int(label)]) - highest
      let mean = first / sum
      nll += log(sum) - inverse * own
      slope += mean - own
      curvature += second / sum - mean * mean
    }
    let n = Double(labels.count)
    (nll, slope, curvature) = (nll / n, slope / n, curvature / n)
  }
}
