internal import Metrics
internal import Suites
internal import Tensors

/// Fits one temperature on the query of part `calibration`, and adds to every table that takes one
/// what its scores amount to at that temperature.
///
/// Returns nil where the suite asks for no calibration. Rows of the fit are in distribution, and no
/// shift names them; the test set holds them too where shifts name other rows.
func calibrate(
  _ tables: inout [any OutcomeTable], _ outputs: [[String: Tensor]], _ queries: [CaseQuery]
) throws -> TemperatureScaling? {
  guard let place = queries.firstIndex(where: { $0.part == .calibration }),
    let rows = tables[place] as? any CalibratableTable,
    let scaling = try rows.temperature(for: outputs[place])
  else { return nil }
  for index in tables.indices {
    guard let table = tables[index] as? any CalibratableTable else { continue }
    tables[index] = try table.scaling(
      outputs[index], by: scaling, among: queries[index].classes)
  }
  return scaling
}
