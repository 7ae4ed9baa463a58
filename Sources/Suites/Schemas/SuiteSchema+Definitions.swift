extension SuiteSchema {
  /// The definitions that other members refer to, and the end of the schema.
  static let definitions = #"""
        "train": {
          "description": "The training rows of each setting: a number for each class, all, or none.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": {
            "oneOf": [{ "type": "integer", "minimum": 1, "maximum": 1000000 }, { "enum": ["full", "none"] }]
          }
        },
        "names": {
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "$ref": "#/$defs/text" }
        },
        "text": { "type": "string", "minLength": 1 },
        "name": { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]*$" },
        "identifier": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$" }
      }
    }

    """#
}
