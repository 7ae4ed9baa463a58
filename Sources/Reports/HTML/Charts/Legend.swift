/// The methods of a page with their marks and colours, which are the same in every chart.
struct Legend {
  var entries: [(series: Series, text: String)]
  /// How many methods have no mark of their own here.
  var others = 0

  var markup: Markup {
    let items = entries.map { entry -> Markup in
      "<li>\(entry.series.swatch)\(entry.text)</li>\n"
    }
    let rest: Markup = others > 0 ? "<li>and \(Number.count(others)) more</li>\n" : .empty
    return "<ul class=\"legend\">\(items)\(rest)</ul>\n"
  }
}

extension Series {
  /// The mark on a piece of its line, to stand in a text.
  var swatch: Markup {
    """
    <svg class="swatch" viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">\
    <path class="line \(colour)"\(dash) d="M1,6L25,6"/>\(mark(13, 6))</svg>
    """
  }
}
