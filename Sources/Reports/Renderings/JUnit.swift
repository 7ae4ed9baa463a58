/// A JUnit XML document, in the form that CI systems read.
struct JUnit {
  struct Suite {
    var name: String
    var cases: [Case]
  }

  struct Case {
    var className: String
    var name: String
    /// Nil where no time was taken.
    var seconds: Double?
    var properties: [(name: String, value: String)] = []
    var outcome: Outcome
    /// What the test printed.
    var errorOutput = ""
  }

  enum Outcome {
    case passed
    case failed(kind: String, message: String, detail: String)
    case skipped(message: String)
  }

  var name: String
  var suites: [Suite]

  var text: String {
    let cases = suites.flatMap(\.cases)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites\(counts(name, cases))>",
    ]
    for suite in suites {
      lines.append("  <testsuite\(counts(suite.name, suite.cases))>")
      for test in suite.cases { lines += element(test) }
      lines.append("  </testsuite>")
    }
    lines.append("</testsuites>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func counts(_ name: String, _ cases: [Case]) -> String {
    var failures = 0
    var skipped = 0
    for test in cases {
      switch test.outcome {
      case .passed: break
      case .failed: failures += 1
      case .skipped: skipped += 1
      }
    }
    let seconds = cases.reduce(0) { $0 + ($1.seconds ?? 0) }
    return attributes([
      ("name", name), ("tests", String(cases.count)), ("failures", String(failures)),
      ("errors", "0"), ("skipped", String(skipped)), ("time", Format.fixed(seconds, 3)),
    ])
  }

  private func element(_ test: Case) -> [String] {
    var names = [("classname", test.className), ("name", test.name)]
    if let seconds = test.seconds { names.append(("time", Format.fixed(seconds, 3))) }
    var lines = ["    <testcase\(attributes(names))>"]
    if !test.properties.isEmpty {
      lines.append("      <properties>")
      lines += test.properties.map { property in
        "        <property\(attributes([("name", property.name), ("value", property.value)]))/>"
      }
      lines.append("      </properties>")
    }
    switch test.outcome {
    case .passed: break
    case .failed(let kind, let message, let detail):
      let names = attributes([("type", kind), ("message", message)])
      lines.append("      <failure\(names)>\(Escaping.xml(detail))</failure>")
    case .skipped(let message):
      lines.append("      <skipped\(attributes([("message", message)]))/>")
    }
    if !test.errorOutput.isEmpty {
      lines.append("      <system-err>\(Escaping.xml(test.errorOutput))</system-err>")
    }
    return lines + ["    </testcase>"]
  }

  private func attributes(_ pairs: [(String, String)]) -> String {
    pairs.map { " \($0)=\"\(Escaping.xml($1))\"" }.joined()
  }
}
