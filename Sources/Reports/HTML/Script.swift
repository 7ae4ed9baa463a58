import Documents

/// The one script of the page, which sorts tables; without it the page lacks nothing else.
enum Script {
  static let sorting: Markup = """
    for (const table of document.querySelectorAll("table.sortable")) {
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
          const isUp = head.getAttribute("aria-sort") !== "ascending";
          const key = row => row.cells[column]?.textContent.trim().replace("\\u2212", "-") ?? "";
          const compare = (a, b) => {
            const x = key(a), y = key(b);
            const p = parseFloat(x.replaceAll(",", "")), q = parseFloat(y.replaceAll(",", ""));
            return isNaN(p) || isNaN(q) ? x.localeCompare(y, "en", {numeric: true}) : p - q;
          };
          const body = table.tBodies[0];
          const rows = [...body.rows].sort((a, b) => isUp ? compare(a, b) : compare(b, a));
          body.append(...rows);
          heads.forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
        });
      });
    }
    """

  /// The SHA-256 of the script in base 64, by which the page's policy knows it.
  static let digest: String = base64(hex: Digest(of: sorting.text).description)

  private static func base64(hex: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bits = hex.compactMap(\.hexDigitValue).flatMap { digit in
      [8, 4, 2, 1].map { digit & $0 == 0 ? 0 : 1 }
    }
    var result = ""
    for start in stride(from: 0, to: bits.count, by: 6) {
      let group = bits[start..<min(start + 6, bits.count)]
      let value = group.reduce(0) { $0 << 1 | $1 } << (6 - group.count)
      result.append(alphabet[value])
    }
    while result.count % 4 != 0 { result += "=" }
    return result
  }
}
