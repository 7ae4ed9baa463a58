package import Documents

/// The JSON Schema of claims documents, `assay.claims/1`.
package enum ClaimsSchema {
  /// The compiled schema.
  package static func schema() throws(DocumentError) -> JSONSchema { try compiled.get() }

  private static let compiled = Result { () throws(DocumentError) in
    let source = SourceText(path: "schemas/assay.claims-1.schema.json", text: text.utf8)
    return try JSONSchema(
      try Document(text: Array(text.utf8), path: source.path).value, name: source.path,
      source: source)
  }

  /// The text of `schemas/assay.claims-1.schema.json`; what a suite says, it may say as well.
  package static let text =
    head + SuiteSchema.identity + SuiteSchema.data + SuiteSchema.protocols + SuiteSchema.members
    + own + SuiteSchema.comparisons + SuiteSchema.ending + SuiteSchema.definitions

  private static let head = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:claims:1",
      "title": "Assay claims",
      "description": "What publications assert about the results of a suite. What the document does not say of the suite is taken from the one that 'suite' names.",
      "type": "object",
      "additionalProperties": false,
      "required": ["schema", "id", "version", "title"],
      "properties": {
        "schema": {
          "description": "The format and its major version.",
          "const": "assay.claims/1"
        },
        "suite": {
          "description": "The name of the suite that is measured: its file without .json, beside this document, a folder up, or among those that ship.",
          "$ref": "#/$defs/text"
        },
        "extends": {
          "description": "A claims document, relative to this one, for all that is not said here. Of 'let' single names are taken over, of a claim single members from the one with its id.",
          "$ref": "#/$defs/text"
        },

    """#

  private static let own = #"""
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
                "description": "The row's name; {member} stands for that member of the config. Without it the id, and the values of the grid.",
                "$ref": "#/$defs/text"
              },
              "config": {
                "description": "Checked against the method's own schema.",
                "type": "object"
              },
              "grid": {
                "description": "Members of the config with several values each: a row for each combination.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": { "type": "array", "minItems": 1, "maxItems": 10000 }
              },
              "family": {
                "description": "A name for these rows together; family(member: value) names some of them.",
                "$ref": "#/$defs/name"
              }
            }
          }
        },
        "let": {
          "description": "Named expressions; a name may have parameters, as in gain(ratio).",
          "type": "object",
          "additionalProperties": { "$ref": "#/$defs/text" }
        },
        "claims": {
          "description": "The assertions; the report says which of them are reproduced.",
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["id"],
            "properties": {
              "id": { "$ref": "#/$defs/text" },
              "text": {
                "description": "The assertion in one sentence.",
                "$ref": "#/$defs/text"
              },
              "source": {
                "description": "Where it stands.",
                "$ref": "#/$defs/text"
              },
              "holds": {
                "description": "What has to hold, such as accuracy(gda) - accuracy(zero-shot) >= 0.05.",
                "$ref": "#/$defs/text"
              },
              "for_each": {
                "description": "A claim for each combination of the variables' values, or for each row of them: {variable} in id, text and source, and the bare name in the expression.",
                "oneOf": [
                  {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {
                      "oneOf": [{ "$ref": "#/$defs/text" }, { "type": "array", "minItems": 1 }]
                    }
                  },
                  { "type": "array", "minItems": 1, "items": { "type": "object" } }
                ]
              }
            }
          }
        },

    """#
}
