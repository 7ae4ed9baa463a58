extension SuiteSchema {
  /// The definitions that other members refer to, and the end of the schema.
  static let definitions = #"""
        "line": {
          "description": "Accuracies of three or more models without and with a shift.",
          "type": "object",
          "additionalProperties": false,
          "required": ["reference", "shifted"],
          "properties": {
            "reference": { "type": "array", "minItems": 3, "items": { "$ref": "#/$defs/quantity" } },
            "shifted": { "type": "array", "minItems": 3, "items": { "$ref": "#/$defs/quantity" } },
            "at": {
              "description": "The reference accuracy.",
              "type": "number",
              "exclusiveMinimum": 0,
              "exclusiveMaximum": 1,
              "default": 0.5
            }
          }
        },
        "line_of_models": {
          "description": "The line of a method's accuracies in three or more settings that differ in one member, without and with a shift.",
          "type": "object",
          "additionalProperties": false,
          "required": ["method", "over", "shift"],
          "properties": {
            "method": { "$ref": "#/$defs/text" },
            "dataset": {
              "description": "Only trials on this dataset.",
              "$ref": "#/$defs/text"
            },
            "setting": {
              "description": "What the settings have in common, such as { \"mix\": \"A\" }.",
              "type": "object"
            },
            "over": {
              "description": "The member in which they differ and its values, such as { \"size\": [20, 40, 80] }.",
              "type": "object",
              "minProperties": 1,
              "maxProperties": 1,
              "additionalProperties": { "type": "array", "minItems": 3 }
            },
            "shift": {
              "description": "The shifted set.",
              "$ref": "#/$defs/text"
            },
            "at": {
              "description": "The reference accuracy.",
              "type": "number",
              "exclusiveMinimum": 0,
              "exclusiveMaximum": 1,
              "default": 0.5
            }
          }
        },
        "pair_of_rows": {
          "description": "Two rows of as many numbers.",
          "type": "array",
          "minItems": 2,
          "maxItems": 2,
          "items": {
            "type": "array",
            "minItems": 2,
            "items": { "$ref": "#/$defs/quantity" }
          }
        },
        "at_least": {
          "type": "object",
          "additionalProperties": false,
          "required": ["at_least"],
          "properties": { "at_least": { "type": "number" } }
        },
        "at_most": {
          "type": "object",
          "additionalProperties": false,
          "required": ["at_most"],
          "properties": { "at_most": { "type": "number" } }
        },
        "above": {
          "type": "object",
          "additionalProperties": false,
          "required": ["above"],
          "properties": { "above": { "type": "number" } }
        },
        "below": {
          "type": "object",
          "additionalProperties": false,
          "required": ["below"],
          "properties": { "below": { "type": "number" } }
        },
        "within": {
          "type": "object",
          "additionalProperties": false,
          "required": ["within"],
          "properties": {
            "within": {
              "type": "array",
              "minItems": 2,
              "maxItems": 2,
              "items": { "type": "number" }
            }
          }
        },
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
        "identifier": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$" }
      }
    }

    """#
}
