internal import Glibc
internal import LinearAlgebra

/// A matrix in the memory of a larger array, as BLAS takes it.
struct Operand {
  let address: UnsafeMutablePointer<Float>
  /// The distance of its rows.
  let stride: Int
  var isTransposed = false
}

extension Tape {
  /// Forms `c = scale op(a) op(b)` of `m` rows and `n` columns, or adds it to `c`.
  func multiply(
    _ a: Operand, _ b: Operand, into c: Operand, m: Int, n: Int, inner: Int, scale: Float = 1,
    adds: Bool
  ) {
    guard m > 0, n > 0 else { return }
    if inner == 0 {
      // BLAS may return before it clears c.
      guard !adds else { return }
      for row in 0..<m { (c.address + row * c.stride).update(repeating: 0, count: n) }
      return
    }
    let start = timesProducts ? Tape.now() : 0
    Float.rawGEMM(
      (a.isTransposed, b.isTransposed), m, n, inner, scale, a.address, a.stride, b.address,
      b.stride, adds ? 1 : 0, c.address, c.stride)
    if timesProducts { productSeconds += Tape.now() - start }
  }

  /// The seconds that the processor spent on this thread.
  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// Copies numbers, or adds them to what is there.
func transfer(
  _ from: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int, adds: Bool
) {
  guard count > 0 else { return }
  if adds {
    Float.rawAXPY(count, 1, from, target)
  } else {
    target.update(from: from, count: count)
  }
}
