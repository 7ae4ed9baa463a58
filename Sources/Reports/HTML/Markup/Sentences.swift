/// How it all came out in one line: a sign, what it says, and its circumstances.
func verdictLine(isGood: Bool, _ text: Markup, _ rest: Markup = .empty) -> Markup {
  """
  <p class="verdict \(isGood ? "good" : "bad")">\
  <span aria-hidden="true">\(isGood ? "\u{2713}" : "\u{2715}")</span> \
  <strong>\(text)</strong> <span>\(rest)</span></p>

  """
}

/// A sentence about what a table or chart leaves out; nothing where that is nothing.
func leftOut(_ count: Int, _ noun: String, _ where: Markup = .empty) -> Markup {
  guard count > 0 else { return .empty }
  return " <span class=\"left-out\">\(Number.of(count, noun)) more left out\(`where`).</span>"
}

/// The beginning of a long text, with the number of characters that are missing.
func shortened(_ text: String, _ limit: Int) -> String {
  guard text.utf8.count > limit, text.count > limit else { return text }
  return "\(text.prefix(limit))\u{2026} (\(Number.count(text.count - limit)) more characters)"
}

/// The end of a long text, where the reason stands, with the number of characters before it.
func ending(_ text: String, _ limit: Int) -> String {
  guard text.utf8.count > limit, text.count > limit else { return text }
  return "(\(Number.count(text.count - limit)) characters before) \u{2026}\(text.suffix(limit))"
}
