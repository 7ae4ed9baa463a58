extension Int {
  /// The whole part of a number, at the ends of the range where it lies beyond; NaN counts as 0.
  ///
  /// For numbers that come from a document, which may hold any.
  package init(saturating number: Double) {
    if let whole = Int(exactly: number.rounded(.towardZero)) {
      self = whole
    } else {
      self = number.isNaN ? 0 : number < 0 ? .min : .max
    }
  }

  /// A product, or the end of the range where it is too large.
  package static func saturatingProduct(_ factors: [Int]) -> Int {
    factors.contains(0)
      ? 0
      : factors.reduce(1) { product, factor in
        let (next, overflow) = product.multipliedReportingOverflow(by: factor)
        return overflow ? .max : next
      }
  }
}
