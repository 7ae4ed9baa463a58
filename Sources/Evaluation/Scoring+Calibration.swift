internal import Metrics
internal import Suites
internal import Tensors

/// Fits one temperature on the query of part `calibration`, and adds to every table of a classifier
/// what its scores amount to at that temperature.
///
/// Returns nil where the suite asks for no calibration. Rows of the fit are in distribution, and no
/// shift names them; the test set holds them too where shifts name other rows.
func calibrate(
  _ tables: inout [any OutcomeTable], _ outputs: [[String: Tensor]], _ queries: [CaseQuery]
) throws -> TemperatureScaling? {
  guard let place = queries.firstIndex(where: { $0.part == CaseQuery.calibration }),
    let logits = outputs[place]["logits"],
    let rows = tables[place] as? ClassificationOutcomes
  else { return nil }
  let scaling = try TemperatureScaling(logits: logits, labels: rows.labels)
  for index in tables.indices {
    guard let table = tables[index] as? ClassificationOutcomes,
      let logits = outputs[index]["logits"]
    else { continue }
    tables[index] = try table.scaling(
      logits: logits, by: scaling, among: queries[index].classes)
  }
  return scaling
}
