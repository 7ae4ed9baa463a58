/// Values of NumPy 2.4.6 and SciPy 1.17.1 in f64, printed by
/// `python3 Tests/PluginsTests/OODReference.py clipn-real`.
enum CLIPNRealReference {
  /// The sum over classes of yes times soft-max at scale 100, of every 300th row.
  static let agreeing: [Double] = [
    0.7373562483710541, 0.8433261184311296, 0.5290151078912292, 0.5921593708508838,
    0.6681662353804624, 0.6875953342831216, 0.7439971345398986, 0.3529753122490966,
    0.6900193796666128, 0.6701878404106992, 0.6883284982571922, 0.5657798524715869,
    0.7001717033207808,
  ]

  /// Yes of the class with the greatest logit, of the same rows.
  static let competing: [Double] = [
    0.7548584380095045, 0.855879467361819, 0.5357309916768769, 0.7956685773015719,
    0.6785243683744149, 0.6945238287365929, 0.7457065819726059, 0.3527154087324579,
    0.6912421997284927, 0.6200636854894723, 0.6883668912318011, 0.5301924555797185,
    0.7003367332399604,
  ]

  /// The means of both over all rows.
  static let means = (0.654876336044435, 0.6584635933429881)

  /// How many rows each rule holds for OOD.
  static let decided = (884, 404)
}
