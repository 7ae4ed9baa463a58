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

/// Places labels near where they belong without one on the other: those that would touch are moved
/// apart around their middle.
///
/// - Returns: positions in the order given, at least `distance` apart and, where there is room,
///   between the bounds.
func spread(_ wanted: [Double], distance: Double, within bounds: ClosedRange<Double>) -> [Double] {
  let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
  // Runs of labels that touch, each with the place of its first.
  var runs: [(start: Double, count: Int)] = []
  for index in order {
    var run = (start: wanted[index], count: 1)
    while let last = runs.last, last.start + Double(last.count) * distance > run.start {
      let count = last.count + run.count
      let shifted = run.start - Double(last.count) * distance
      run.start = (last.start * Double(last.count) + shifted * Double(run.count)) / Double(count)
      run.count = count
      runs.removeLast()
    }
    runs.append(run)
  }
  var placed = runs.flatMap { run in (0..<run.count).map { run.start + Double($0) * distance } }
  var lower = bounds.lowerBound
  for index in placed.indices {
    placed[index] = max(placed[index], lower)
    lower = placed[index] + distance
  }
  var upper = bounds.upperBound
  for index in placed.indices.reversed() {
    placed[index] = min(placed[index], upper)
    upper = placed[index] - distance
  }
  var result = wanted
  for (place, index) in order.enumerated() { result[index] = placed[place] }
  return result
}
