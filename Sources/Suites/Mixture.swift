internal import Documents

/// The shares of the sources of training data in a mixture; only their ratios count.
package struct Mixture: Hashable, Sendable {
  /// By source, each above 0.
  package let shares: [String: Double]

  package init(_ shares: [String: Double]) { self.shares = shares }

  /// The sources that it is made of, sorted; one where it is no mixture.
  package var sources: [String] { shares.keys.sorted() }

  /// The mixture in words, such as `25% A + 75% B`.
  package var text: String {
    guard shares.count > 1 else { return sources.first ?? "" }
    let total = shares.values.reduce(0, +)
    return sources.map { source in
      "\(Int(saturating: (100 * (shares[source] ?? 0) / total).rounded()))% \(source)"
    }.joined(separator: " + ")
  }
}
