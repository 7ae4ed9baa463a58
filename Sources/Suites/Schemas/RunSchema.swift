package import Documents

/// The JSON Schema of run files, `assay.run/1`.
package enum RunSchema {
  /// The compiled schema.
  package static func schema() throws(DocumentError) -> JSONSchema { try compiled.get() }

  private static let compiled = Result { () throws(DocumentError) in
    let source = SourceText(path: "schemas/assay.run-1.schema.json", text: text.utf8)
    return try JSONSchema(
      try Document(text: Array(text.utf8), path: source.path).value, name: source.path,
      source: source)
  }

  /// The text of `schemas/assay.run-1.schema.json`.
  package static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:run:1",
      "title": "Assay run file",
      "description": "Which methods are run on which suites, and within which limits.",
      "type": "object",
      "additionalProperties": false,
      "required": ["schema", "suites", "methods"],
      "properties": {
        "schema": {
          "description": "The format and its major version.",
          "const": "assay.run/1"
        },
        "suites": {
          "description": "Suite files, relative to this file, or names of suites that ship.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "$ref": "#/$defs/text" }
        },
        "methods": {
          "description": "The rows of the report.",
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["id"],
            "properties": {
              "id": {
                "description": "The method's id.",
                "$ref": "#/$defs/text"
              },
              "label": {
                "description": "The row's name; without it the id.",
                "$ref": "#/$defs/text"
              },
              "config": {
                "description": "Checked against the method's own schema.",
                "type": "object",
                "default": {}
              }
            }
          }
        },
        "plugins": {
          "description": "Plugin files or folders, relative to this file.",
          "type": "array",
          "uniqueItems": true,
          "items": { "$ref": "#/$defs/text" },
          "default": []
        },
        "data": {
          "description": "Folders that hold dataset folders, relative to this file.",
          "type": "array",
          "uniqueItems": true,
          "items": { "$ref": "#/$defs/text" },
          "default": []
        },
        "seeds": {
          "description": "Seeds to use in place of the suites' own.",
          "type": "array",
          "minItems": 1,
          "maxItems": 100000,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 0, "maximum": 9007199254740991 }
        },
        "limits": {
          "description": "Limits of one trial; what is absent keeps the host's default.",
          "type": "object",
          "additionalProperties": false,
          "default": {},
          "properties": {
            "load_seconds": { "$ref": "#/$defs/seconds" },
            "fit_seconds": { "$ref": "#/$defs/seconds" },
            "predict_seconds": { "$ref": "#/$defs/seconds" },
            "memory_bytes": {
              "description": "Address space of the worker, at least 1 GiB.",
              "type": "integer",
              "minimum": 1073741824,
                "maximum": 1125899906842624
            }
          }
        }
      },
      "$defs": {
        "text": { "type": "string", "minLength": 1 },
        "seconds": { "type": "number", "minimum": 0.001, "maximum": 1209600 }
      }
    }

    """#
}
