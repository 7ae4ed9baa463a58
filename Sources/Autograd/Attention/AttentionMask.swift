/// Which keys a query sees.
///
///     let causal = AttentionMask(isCausal: true)
///     let padded = AttentionMask(allowedKeys: ids.map { $0 != 0 })   // [B, S]
public struct AttentionMask: Sendable {
  /// Query i of L sees the keys up to i + S - L.
  public var isCausal: Bool
  /// One truth value for each key of each batch entry, `[B, S]` in row order; nil allows all.
  public var allowedKeys: [Bool]?
  /// What is added to all scores, `[L, S]` in row order, for every head and batch entry.
  public var added: [Float]?

  /// Says what is seen; by default everything.
  public init(isCausal: Bool = false, allowedKeys: [Bool]? = nil, added: [Float]? = nil) {
    self.isCausal = isCausal
    self.allowedKeys = allowedKeys
    self.added = added
  }
}
