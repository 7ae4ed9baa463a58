import Documents

/// The one script of the page, which sorts and filters tables; without it everything is shown.
enum Script {
  static let text: Markup = """
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
    for (const table of document.querySelectorAll("table.filtered")) {
      const bar = document.createElement("div");
      bar.className = "filter";
      const add = (name, tag) => {
        const label = document.createElement("label");
        const field = document.createElement(tag);
        label.append(name + " ", field);
        bar.append(label);
        field.addEventListener("input", apply);
        return field;
      };
      const rows = [...table.querySelectorAll("tbody tr[data-kind]")];
      const text = add("Find", "input");
      text.type = "search";
      const pick = (name, key) => {
        const field = add(name, "select");
        for (const value of ["all", ...new Set(rows.map(row => row.dataset[key]))]) {
          field.add(new Option(value, value));
        }
        return field;
      };
      const kind = pick("Verdict", "kind"), part = pick("Paper", "part");
      const count = document.createElement("output");
      bar.append(count);
      function apply() {
        const wanted = text.value.toLowerCase();
        let shown = 0;
        for (const row of rows) {
          const fits = (kind.value === "all" || row.dataset.kind === kind.value)
            && (part.value === "all" || row.dataset.part === part.value)
            && row.textContent.toLowerCase().includes(wanted);
          row.hidden = !fits;
          shown += fits;
        }
        for (const body of table.tBodies) {
          body.hidden = ![...body.rows].some(row => row.dataset.kind && !row.hidden);
        }
        count.textContent = shown + " of " + rows.length;
      }
      table.before(bar);
      apply();
    }
    """

  /// The SHA-256 of the script in base 64, by which the page's policy knows it.
  static let digest: String = base64(hex: Digest(of: Self.text.text).description)

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
