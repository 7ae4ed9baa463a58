extension SuiteSchema {
  /// The forms of `protocol`, with the end of that member.
  static let protocols = {
    let forms = suiteProtocols.map { form in
      form.schema.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n")
    }
    return forms.joined(separator: ",\n") + "\n      ]\n    },\n"
  }()
}
