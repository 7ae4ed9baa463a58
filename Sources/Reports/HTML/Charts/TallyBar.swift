/// How many of each kind there are, as one bar with the numbers below it.
struct TallyBar {
  struct Part {
    var name: String
    var count: Int
    /// The class that colours it.
    var look: Markup
  }

  var parts: [Part]

  /// The bar with its numbers in words.
  var markup: Markup {
    let items = parts.filter { $0.count > 0 }.map { part -> Markup in
      """
      <li><span class="key \(part.look)"></span><b>\(Number.count(part.count))</b> \(part.name)</li>

      """
    }
    return "\(bar)<ul class=\"legend\">\(items)</ul>\n"
  }

  /// The bar alone; its text alternative has the numbers.
  var bar: Markup {
    let shown = parts.filter { $0.count > 0 }
    let total = Double(max(shown.reduce(0) { $0 + $1.count }, 1))
    let width = Plot.wide
    var left = 0.0
    var content = Markup.empty
    for part in shown {
      let share = Double(part.count) / total * width
      content += SVG.rectangle(
        x: left, y: 0, width: max(share - 1, 1), height: 12, "tally \(part.look)")
      left += share
    }
    let text = shown.map { "\(Number.count($0.count)) \($0.name)" }.joined(separator: ", ")
    return SVG.image(
      width: width, height: 12, description: text, classes: "tally-bar", content)
  }
}
