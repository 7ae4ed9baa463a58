internal import Glibc
internal import LinearAlgebra

/// The eigenvalues of a positive semi-definite matrix, and the scores that follow from them.
struct Spectrum {
  /// The eigenvalues, ascending, with negative rounding noise set to zero.
  let values: [Double]

  init(_ eigenvalues: [Double]) { values = eigenvalues.map { max($0, 0) } }

  /// The sum of the eigenvalues.
  var trace: Double { values.reduce(0, +) }

  /// The score of the authors' code: `exp(-Σ λ log(λ / s))` with `s = Σ λ` and λ of at least 1e-10.
  ///
  /// The outer weights are not brought to sum 1, so that this is V^s with V the normalised Vendi
  /// score: 1 for an empty part.
  var score: Double {
    let clamped = values.map { max($0, 1e-10) }
    let sum = clamped.reduce(0, +)
    return exp(-clamped.reduce(0) { $0 + $1 * log($1 / sum) })
  }

  /// The Vendi score of the spectrum brought to trace 1; 1 for an empty part.
  var normalisedVendi: Double {
    let sum = trace
    guard sum > 1e-9 else { return 1 }
    return Spectrum(values.map { $0 / sum }).vendi(order: 1)
  }

  /// The Vendi score of an order: the exponential of Rényi's entropy; 1 where all is zero.
  ///
  /// Source: Friedman and Dieng, TMLR 2023; Pasarkar and Dieng, AISTATS 2024, for other orders.
  func vendi(order: Double) -> Double {
    // Of nothing there is one kind, as in an empty part.
    guard trace > 0 else { return 1 }
    if order == 1 {
      return exp(-values.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 })
    }
    if order == .infinity { return 1 / max(values.last ?? 1, .leastNormalMagnitude) }
    return pow(values.reduce(0) { $0 + pow($1, order) }, 1 / (1 - order))
  }
}

/// A covariance of images that is split by their prompts.
protocol Decomposition {
  /// The spectrum of Λ_I.
  var unexplained: Spectrum { get }
  /// The spectrum of Λ_T.
  var explained: Spectrum { get }
  /// The spectrum of C_II.
  var whole: Spectrum { get }
  /// For each of the leading modes of Λ_I, the score of every pair `[N]` on it.
  func modeScores(_ count: Int) -> [[Double]]
}
