/// The names of the series of a chart with their marks, above it, where they wrap on small pages.
struct Legend {
  var entries: [(series: Series, text: String)]

  var markup: Markup {
    let items = entries.map { entry -> Markup in
      """
      <li><svg class="swatch" viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">\
      <path class="line \(entry.series.colour)"\(entry.series.dash) d="M1,6L25,6"/>\
      \(entry.series.mark(13, 6))</svg>\(entry.text)</li>
      """
    }
    return "<ul class=\"legend\">\(items)</ul>\n"
  }
}

/// Places labels near where they belong without one on the other.
///
/// - Returns: positions in the order given, at least `distance` apart and, where there is room,
///   between the bounds.
func spread(_ wanted: [Double], distance: Double, within bounds: ClosedRange<Double>) -> [Double] {
  let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
  var placed = order.map { wanted[$0] }
  for index in placed.indices.dropFirst() {
    placed[index] = max(placed[index], placed[index - 1] + distance)
  }
  var limit = bounds.upperBound
  for index in placed.indices.reversed() {
    placed[index] = min(placed[index], limit)
    limit = placed[index] - distance
  }
  var result = wanted
  for (place, index) in order.enumerated() { result[index] = placed[place] }
  return result
}
