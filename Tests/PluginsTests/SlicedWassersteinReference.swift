/// Values of POT 0.9.7.post1 and NumPy 2.4.6, printed by
/// `python3 Tests/PluginsTests/SlicedWassersteinReference.py`.
///
/// `value`, `alpha`, `mean` and `error` follow the paper's formulas in f64.
enum SlicedWassersteinReference {
  /// `ot.sliced_wasserstein_distance(x, y, projections, p) ** p`, p = 1, 2, 3.
  static let equal: [Double] = [
    0.549444656539867, 0.46707429891013513, 0.4929313355845292,
  ]
  static let unequal: [Double] = [
    0.5642560473325395, 0.49630894476248577, 0.542982426673986,
  ]
  /// `ot.wasserstein_1d` on the first three directions, p = 2.
  static let first: [Double] = [0.1367766060965454, 0.6223667120711454, 0.4385668598038892]

  /// Value, alpha, control mean, standard error.
  static let lower: [Double] = [
    0.4650104541819108,
    0.6609477694470756,
    0.18592554428695382,
    0.023483375647294007,
  ]
  static let upper: [Double] = [
    0.4513040291322891,
    0.4455455217019746,
    1.5572564041802543,
    0.03175884219386526,
  ]
  static let crossed: [Double] = [
    0.4396141251971081,
    0.5180171114690254,
    1.5572564041802543,
    0.041256701259008495,
  ]
}
