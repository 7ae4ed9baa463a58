internal import Glibc
internal import Random

extension Philox {
  /// Draws how many of `trials` fall into each cell, with probabilities in proportion to `weights`.
  mutating func multinomial(trials: Int, weights: [Int]) -> [Int] {
    var trialsLeft = trials
    var weightLeft = weights.reduce(0, +)
    return weights.map { weight in
      let count = binomial(trials: trialsLeft, weight: weight, of: weightLeft)
      trialsLeft -= count
      weightLeft -= weight
      return count
    }
  }

  /// Draws the number of successes in `trials` of probability `weight / total`.
  ///
  /// Inversion of one uniform draw, the terms taken outwards from the mode, so that the number of
  /// steps is that of a few standard deviations. The first term uses the system's `lgamma`.
  mutating func binomial(trials: Int, weight: Int, of total: Int) -> Int {
    if trials == 0 || weight == 0 { return 0 }
    if weight == total { return trials }
    let p = Double(weight) / Double(total)
    let odds = Double(weight) / Double(total - weight)
    let n = Double(trials)
    let mode = min(trials, Int((n + 1) * p))
    let k = Double(mode)
    let peak = exp(
      lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        + k * log(p) + (n - k) * log(Double(total - weight) / Double(total)))
    var left = uniform() - peak
    var (below, belowTerm) = (mode, peak)
    var (above, aboveTerm) = (mode, peak)
    while left >= 0 {
      if above < trials {
        above += 1
        aboveTerm *= Double(trials - above + 1) / Double(above) * odds
        left -= aboveTerm
        if left < 0 { return above }
      }
      if below > 0 {
        belowTerm *= Double(below) / Double(trials - below + 1) / odds
        below -= 1
        left -= belowTerm
        if left < 0 { return below }
      }
      // The terms sum to 1 but for rounding; what is left over falls to the mode.
      if aboveTerm + belowTerm < 1e-18 || (above == trials && below == 0) { return mode }
    }
    return mode
  }
}
