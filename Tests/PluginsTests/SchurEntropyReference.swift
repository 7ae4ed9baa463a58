/// Values of NumPy 2.4.6, and of vendi-score 0.0.3 where said, printed by
/// `python3 Tests/PluginsTests/SchurEntropyReference.py`.
enum SchurEntropyReference {

  /// Linear kernel: SCE, text diversity, traces of image and text.
  static let linear: [Double] = [
    2.6639724263450777,
    1.0902189082496643,
    0.744201283893434,
    0.25579871610656607,
  ]

  /// The three largest eigenvalues of the complement.
  static let eigenvalues: [Double] = [
    0.3427929834171959,
    0.2077687248561107,
    0.1388846146568769,
  ]

  /// Exact Gaussian kernel, sigma 0.5, rho 1e-3: SCE, text diversity.
  static let gaussian: [Double] = [
    3.034531345641163,
    2.8597873651417767,
  ]

  /// `vendi_score.vendi.score_K(K, q)` of the images for q 1, 1.5, 2, 2.5, inf; then RKE.
  static let vendi: [Double] = [
    10.935041288109073,
    7.8209924968415905,
    6.7042868529785675,
    6.201245165683033,
    4.645009999218377,
    6.704286852978566,
  ]

  /// Top left of A for least squares.
  static let correction: [Double] = [
    -0.018787524793968564,
    0.0005009238139233426,
    0.005443309107753748,
    -0.4121076407770981,
    0.006184759692166064,
    -0.20269915777590422,
  ]

  /// The same from cosines between columns.
  static let cosineCorrection: [Double] = [
    -0.026897953569673786,
    0.0006218832219093409,
    0.0052879093834585725,
    -0.5006411266419999,
    0.006515176379896494,
    -0.16708564306080145,
  ]

  /// Images 7 and 8 corrected for texts 0 and 1.
  static let corrected: [Double] = [
    -0.026738330536866167,
    0.4881320811617929,
    -0.31702023094494763,
    0.13902943624430922,
    0.6846777483608215,
    -0.40571556128388486,
    0.1716851036179008,
    0.061161834338858245,
    -0.06758360292584967,
    0.15816375368197888,
    0.2184275928010233,
    -0.4267983987891606,
    -0.7187595235292032,
    -0.03203729935245173,
  ]
}
