internal import Glibc
internal import LinearAlgebra

/// The factor κ by which a row's bias counts, from the zero-shot probabilities p alone.
///
/// Powers are those of the config, ρ; factors are clamped to `0...1000`.
struct Uncertainty: Sendable {
  /// The measures of the released code, of which the paper describes the fourth moment.
  enum Kind: String, CaseIterable, Sendable {
    /// 1.
    case none
    /// (m / reference)^-ρ with m the mean of ((p - mean p) / std p)⁴.
    case moment
    /// exp(ρ H(p) / log K).
    case entropy
    /// (max p)^-ρ.
    case max
    /// (max p - min p)^-ρ.
    case maxMin = "max-min"
    /// The largest p less the fifth, to the power of -ρ.
    case top5
    /// std p.
    case `var`
    /// e^-ρ with e = 2 (log Σ exp((p - max p) / 2) + max p).
    case energy
  }

  let kind: Kind
  let power: Double
  /// The fourth moment at which the factor is 1.
  let reference: Double

  /// The factor of each row of logits `[N, K]`.
  func factors(_ logits: MatrixView<Float>) -> [Float] {
    if kind == .none { return [Float](repeating: 1, count: logits.rows) }
    var probabilities = Matrix(copying: logits)
    probabilities.withMutableView { _ = $0.softmaxRows() }
    let view = probabilities.view
    return (0..<view.rows).map { row in
      view.withRow(row) { Float(Swift.max(0, Swift.min(factor($0), 1000))) }
    }
  }

  private func factor(_ p: UnsafeBufferPointer<Float>) -> Double {
    let largest = Double(p.max() ?? 0)
    switch kind {
    case .none: return 1
    case .moment: return pow(fourthMoment(p) / reference, -power)
    case .entropy:
      let entropy = p.reduce(0.0) { $1 > 0 ? $0 - Double($1) * log(Double($1)) : $0 }
      return exp(power * entropy / log(Double(p.count)))
    case .max: return pow(largest, -power)
    case .maxMin: return pow(largest - Double(p.min() ?? 0), -power)
    case .top5: return pow(largest - Double(p.sorted(by: >)[4]), -power)
    case .var: return deviation(p).std
    case .energy:
      let sum = p.reduce(0.0) { $0 + exp((Double($1) - largest) / 2) }
      return pow(2 * (log(sum) + largest), -power)
    }
  }

  /// The mean of the standardised p to the power of four; where all p are equal, its lower bound.
  private func fourthMoment(_ p: UnsafeBufferPointer<Float>) -> Double {
    let (mean, std) = deviation(p)
    let count = Double(p.count)
    guard std > 0 else { return (count - 1) / count * ((count - 1) / count) }
    return p.reduce(0.0) { sum, value in
      let square = (Double(value) - mean) / std * ((Double(value) - mean) / std)
      return sum + square * square
    } / count
  }

  /// The mean, and the standard deviation with the divisor K - 1.
  private func deviation(_ p: UnsafeBufferPointer<Float>) -> (mean: Double, std: Double) {
    let mean = p.reduce(0.0) { $0 + Double($1) } / Double(p.count)
    let squares = p.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (squares / Double(p.count - 1)).squareRoot())
  }
}
