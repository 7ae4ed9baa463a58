import Documents

/// A part of the page under a heading.
struct Section {
  /// The anchor: lower-case letters.
  var id: StaticString
  var title: StaticString
  var content: Markup

  init(_ id: StaticString, _ title: StaticString, _ content: Markup) {
    self.id = id
    self.title = title
    self.content = content
  }
}

/// The document: head, table of contents, sections.
struct Page {
  var title: String
  var header: Markup
  var sections: [Section]

  var markup: Markup {
    let links = sections.map { section -> Markup in
      let title = Markup(stringLiteral: section.title)
      return "<li><a href=\"#\(Markup(stringLiteral: section.id))\">\(title)</a></li>\n"
    }
    let parts = sections.map { section -> Markup in
      let id = Markup(stringLiteral: section.id)
      return """
        <section id="\(id)" aria-labelledby="\(id)-title">
        <h2 id="\(id)-title">\(Markup(stringLiteral: section.title))</h2>
        \(section.content)</section>

        """
    }
    let navigation: Markup =
      links.isEmpty ? "" : "<nav aria-label=\"Contents\"><ul>\(links)</ul></nav>\n"
    return """
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
      \(header)\(navigation)</header>
      <main id="main">
      \(parts)</main>
      <script>\(Script.sorting)</script>
      </body>
      </html>

      """
  }

  /// Nothing is loaded, and no script runs but the one of this program.
  private var policy: Markup {
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(Script.digest)'"
  }
}
