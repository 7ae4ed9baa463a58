/// A compiled JSON Schema (draft 2020-12), for the keywords that Assay uses.
///
///     let schema = try JSONSchema(["type": "object", "properties": ["shots": ["minimum": 1]]])
///     schema.validate(["shots": 0], source: nil)   // at /shots: must be at least 1, but is 0
///     schema.completing(config)                    // the same with its defaults filled in
///
/// Supported: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`,
/// `patternProperties`, `propertyNames`, `minProperties`, `maxProperties`, `items`, `minItems`,
/// `maxItems`, `uniqueItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`,
/// `minLength`, `maxLength`, `pattern`, `oneOf`, `anyOf`, `$ref` within the schema, `$defs`,
/// `default`, and the annotations `title`, `description`, `examples`, `$comment`, `$schema`, `$id`.
/// Any other keyword is an error when the schema is compiled.
public struct JSONSchema: Sendable {
  /// The schema as it was written.
  public let text: JSON
  let nodes: [SchemaNode]

  /// Compiles a schema.
  ///
  /// - Parameters:
  ///   - schema: The schema, an object or a truth value.
  ///   - name: The name that errors give the schema, such as its path.
  ///   - source: The text of the schema, for lines and columns.
  /// - Throws: All problems of the schema: keywords that are unknown or ill-typed, references to
  ///   nothing or in a circle, and defaults that the schema itself does not allow.
  public init(
    _ schema: JSON, name: String = "schema", source: SourceText? = nil
  ) throws(DocumentError) {
    var compiler = SchemaCompiler()
    compiler.compile(schema)
    text = schema
    nodes = compiler.nodes
    var problems = compiler.problems
    if problems.isEmpty { problems = defaultProblems() }
    guard problems.isEmpty else {
      throw DocumentError(path: name, problems: source?.locating(problems) ?? problems)
    }
  }

  /// All problems of a value, in the order of its text where the source is given.
  public func validate(_ value: JSON, source: SourceText? = nil) -> [DocumentProblem] {
    var validator = SchemaValidator(nodes)
    let problems = validator.problems(of: value, at: "", under: 0)
    return source?.locating(problems) ?? problems
  }

  /// Each default must be valid where it stands, with its own defaults filled in.
  private func defaultProblems() -> [DocumentProblem] {
    nodes.indices.flatMap { index -> [DocumentProblem] in
      guard let value = nodes[index].defaultValue else { return [] }
      let pointer = JSONPointer.appending("default", to: nodes[index].pointer)
      guard let completed = completed(value, under: index, depth: 0) else {
        return [DocumentProblem(pointer: pointer, message: "the default contains itself")]
      }
      var validator = SchemaValidator(nodes)
      return validator.problems(of: completed, at: "", under: index).map {
        let place = $0.pointer.isEmpty ? "it" : "its value at \($0.pointer)"
        return DocumentProblem(
          pointer: pointer, message: "the default is not valid here: \(place) \($0.message)")
      }
    }
  }
}
