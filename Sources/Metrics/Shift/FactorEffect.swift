internal import Glibc
internal import Statistics

/// What a property of models, such as their training data, tells of their accuracy under a shift
/// beyond what their accuracy without it tells: an analysis of covariance on logit axes.
///
/// The line of one property has one slope, and an intercept for each level (or, for numbers, a
/// second slope). Effects are in accuracy, at the mean logit of all models without the shift.
///
/// Sources: Tu, Deng and Gedeon, TPAMI 2025 (the question); Cohen, "Applied multiple regression",
/// chapters 5 and 8 (partial R² and its F test).
package struct FactorEffect: Sendable {
  /// The models' values of the property.
  package enum Values: Sendable {
    /// A level for each model, numbers from 0 on, each taken by some model.
    case levels([Int])
    case numbers([Double])
  }

  /// For each level the accuracy under the shift above that of all; for numbers the one change that
  /// a step of 1 makes.
  package let effects: [Double]
  /// The share of variance that the accuracy without the shift explains.
  package let rSquared: Double
  /// The same together with the property.
  package let fullRSquared: Double
  /// The share of what the accuracy leaves unexplained that the property explains; nil where the
  /// accuracy leaves nothing.
  package let partialRSquared: Double?
  /// The F statistic of the property; infinite where nothing is left.
  package let statistic: Double
  package let degreesOfFreedom: (Int, Int)
  /// The chance of such a statistic were the property irrelevant, for normal residuals.
  package let pValue: Double

  /// Fits the line with and without the property.
  ///
  /// - Parameters:
  ///   - reference: Accuracies without the shift, `[model]`, measured on `rows` rows.
  ///   - shifted: Accuracies under it, measured on `shiftedRows` rows.
  /// - Throws: ``MetricsError`` if counts differ, fewer than two levels or no different numbers are
  ///   there, models are too few to leave a degree of freedom, or models of a level do not differ.
  package init(
    of values: Values, reference: [Double], shifted: [Double], rows: Int, shiftedRows: Int
  ) throws(MetricsError) {
    let count = reference.count
    guard shifted.count == count, values.count == count, rows > 0, shiftedRows > 0 else {
      throw MetricsError(
        .invalidInput,
        "There are \(count) accuracies, \(shifted.count) shifted ones and \(values.count) values "
          + "of the property; each model needs all three.")
    }
    let x = reference.map { logit($0, rows: rows) }
    let y = shifted.map { logit($0, rows: shiftedRows) }
    let all = Moments(x, y)
    let fit = try values.fit(x, y, all)
    let freedom = count - 2 - fit.parameters
    guard all.xx > 0, all.yy > 0, freedom > 0 else {
      throw MetricsError(
        .undefined, "\(count) models are too few, or too alike, to tell what the property adds.")
    }
    // What is left within rounding is nothing.
    let nothing = 1e-12 * all.yy
    let rest = max(0, all.yy - all.xy * all.xy / all.xx)
    let left = min(rest, fit.rest < nothing ? 0 : fit.rest)
    rSquared = 1 - rest / all.yy
    fullRSquared = 1 - left / all.yy
    partialRSquared = rest > nothing ? 1 - left / rest : nil
    degreesOfFreedom = (fit.parameters, freedom)
    let gain = (rest - left) / Double(fit.parameters)
    statistic = rest <= nothing ? 0 : gain / (left / Double(freedom))
    pValue = fTail(
      above: statistic, degreesOfFreedom: Double(fit.parameters), Double(freedom))
    effects = fit.places.map { sigmoid($0) - sigmoid(all.meanY) }
  }
}

/// A fitted line with a property.
private struct Fit {
  /// The sum of squares that is left.
  var rest: Double
  /// What the property adds to the two parameters of the line.
  var parameters: Int
  /// Logits under the shift at the mean logit without it.
  var places: [Double]
}

extension FactorEffect.Values {
  fileprivate var count: Int {
    switch self {
    case .levels(let levels): levels.count
    case .numbers(let numbers): numbers.count
    }
  }

  fileprivate func fit(_ x: [Double], _ y: [Double], _ all: Moments) throws(MetricsError) -> Fit {
    switch self {
    case .levels(let levels): try byLevel(levels, x, y, all)
    case .numbers(let numbers): try byNumber(numbers, x, y, all)
    }
  }

  /// One slope, from the sums within levels, and an intercept for each level.
  private func byLevel(
    _ levels: [Int], _ x: [Double], _ y: [Double], _ all: Moments
  ) throws(MetricsError) -> Fit {
    let number = (levels.max() ?? -1) + 1
    let groups = (0..<number).map { level in levels.indices.filter { levels[$0] == level } }
    let moments = groups.map { places in Moments(places.map { x[$0] }, places.map { y[$0] }) }
    let within = moments.reduce(into: (xx: 0.0, xy: 0.0, yy: 0.0)) { sums, group in
      sums = (sums.xx + group.xx, sums.xy + group.xy, sums.yy + group.yy)
    }
    guard number > 1, !groups.contains(where: \.isEmpty), within.xx > 1e-12 * all.xx else {
      throw MetricsError(
        .undefined, "The property needs two levels or more, each with models that differ.")
    }
    let slope = within.xy / within.xx
    let places = moments.map { $0.meanY + slope * (all.meanX - $0.meanX) }
    // Deviations from the mean over models, laid on the mean of all.
    let mean = zip(places, groups).reduce(0) { $0 + $1.0 * Double($1.1.count) } / Double(x.count)
    return Fit(
      rest: max(0, within.yy - within.xy * within.xy / within.xx), parameters: number - 1,
      places: places.map { all.meanY + $0 - mean })
  }

  /// A second slope: the residuals of y on those of the numbers, after the line on x.
  private func byNumber(
    _ numbers: [Double], _ x: [Double], _ y: [Double], _ all: Moments
  ) throws(MetricsError) -> Fit {
    let other = Moments(x, numbers)
    let both = Moments(numbers, y)
    let ownRest = all.xx > 0 ? other.yy - other.xy * other.xy / all.xx : 0
    guard ownRest > 1e-12 * other.yy else {
      throw MetricsError(
        .undefined, "The property's numbers do not differ, or follow the accuracy exactly.")
    }
    let shared = both.xy - other.xy * all.xy / all.xx
    let slope = shared / ownRest
    return Fit(
      rest: max(0, all.yy - all.xy * all.xy / all.xx - shared * slope), parameters: 1,
      places: [all.meanY + slope])
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
