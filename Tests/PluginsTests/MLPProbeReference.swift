// Made by MLPProbeReference.py with scikit-learn 1.9.1, NumPy 2.4.6; do not edit.
extension Reference {
  /// MLPClassifier of 128 units, ten random states; logistic regression 0.5645.
  static let quadrantsAccuracy = (mean: 0.874650, least: 0.873000, most: 0.876500)
  /// MLPClassifier of 128 units, ten random states; logistic regression 0.4946.
  static let quadrantsAUROC = (mean: 0.957383, least: 0.957125, most: 0.957723)
  /// MLPClassifier of 128 units, ten random states; logistic regression 0.3375.
  static let ringsAccuracy = (mean: 0.932500, least: 0.931000, most: 0.934500)
  /// MLPClassifier of 128 units, ten random states; logistic regression 0.5059.
  static let ringsAUROC = (mean: 0.991344, least: 0.991179, most: 0.991638)
  /// The logits of three rows by NumPy, f64.
  static let networkLogits: [Double] = [
    -0.062499999999999986, 0.16249999999999998, 0.2525, -0.22500000000000003, -0.7125, 1.3025,
    1.1500000000000001, -0.05, -0.625,
  ]
  /// The loss of these rows with labels 0, 2, 1 and alpha 0.3.
  static let networkLoss = 1.3552699185938597
}
