import Documents

/// A part of the page under a heading.
struct Section {
  /// The anchor: lower-case letters.
  var id: StaticString
  var title: StaticString
  var content: Markup
  /// Whether it is seen from the start; the others open by a click, and by a link to them.
  var isOpen: Bool
  /// Whether its heading is seen, or only heard.
  var hasHead: Bool

  init(
    _ id: StaticString, _ title: StaticString, _ content: Markup, isOpen: Bool = true,
    hasHead: Bool = true
  ) {
    self.id = id
    self.title = title
    self.content = content
    self.isOpen = isOpen
    self.hasHead = hasHead
  }

  fileprivate var markup: Markup {
    let id = Markup(stringLiteral: id)
    let look: Markup = hasHead ? "" : " class=\"heard\""
    let head: Markup = "<h2 id=\"\(id)-title\"\(look)>\(Markup(stringLiteral: title))</h2>"
    let open: Markup = "<section id=\"\(id)\" aria-labelledby=\"\(id)-title\">\n"
    return isOpen
      ? "\(open)\(head)\n\(content)</section>\n"
      : """
      <details class="part"><summary>\(head)</summary>
      \(open)\(content)</section></details>

      """
  }
}

/// The document: head, what was found, sections.
struct Page {
  var title: String
  var header: Markup
  var sections: [Section]

  var markup: Markup {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta http-equiv="Content-Security-Policy" content="\(policy)"/>
    <title>\(title)</title>
    <style>\(Style.sheet)</style>
    </head>
    <body>
    <a class="skip" href="#main">To the results</a>
    <header>
    <h1>\(title)</h1>
    \(header)</header>
    <main id="main">
    \(sections.map(\.markup))</main>
    <script>\(Script.text)</script>
    </body>
    </html>

    """
  }

  /// Nothing is loaded, and no script runs but the one of this program.
  private var policy: Markup {
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(Script.digest)'"
  }
}
