internal import Random
internal import Tensors

extension Variable {
  /// Numbers set to 0 with probability `rate`, the others divided by 1 - `rate`.
  ///
  /// Which ones depends on the key and the stream alone, for instance of the run and of the step.
  public func dropout(_ rate: Float, key: UInt64, stream: UInt64) -> Variable {
    precondition(0..<1 ~= rate, "the rate \(rate) of dropout is not in 0..<1")
    guard rate > 0 else { return self }
    var random = Philox(key: key, stream: stream)
    let mask = tape.leaf(shape) { mask in
      for index in mask.indices {
        mask[index] = Float(random.uniform()) < rate ? 0 : 1 / (1 - rate)
      }
    }
    return self * mask
  }
}
