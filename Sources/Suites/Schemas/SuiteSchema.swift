package import Documents

/// The JSON Schema of suite files, `assay.suite/1`.
package enum SuiteSchema {
  /// The compiled schema.
  package static func schema() throws(DocumentError) -> JSONSchema { try compiled.get() }

  private static let compiled = Result { () throws(DocumentError) in
    let source = SourceText(path: "schemas/assay.suite-1.schema.json", text: text.utf8)
    return try JSONSchema(
      try Document(text: Array(text.utf8), path: source.path).value, name: source.path,
      source: source)
  }

  /// The text of `schemas/assay.suite-1.schema.json`.
  package static let text =
    head + identity + data + protocols + members + methods + comparisons + ending + definitions

  private static let head = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:suite:1",
      "title": "Assay suite",
      "description": "What is measured: a task on datasets under a protocol, with seeds and metrics.",
      "type": "object",
      "additionalProperties": false,
      "required": ["schema", "id", "version", "title", "task", "datasets", "protocol"],
      "properties": {
        "schema": {
          "description": "The format and its major version.",
          "const": "assay.suite/1"
        },

    """#

  /// The members by which people know a suite.
  static let identity = #"""
        "id": {
          "description": "The name in reports.",
          "$ref": "#/$defs/identifier"
        },
        "version": {
          "description": "The version, raised with every change that alters results.",
          "$ref": "#/$defs/text"
        },
        "title": {
          "description": "One line for people.",
          "$ref": "#/$defs/text"
        },
        "description": {
          "description": "What the suite shows and what it does not.",
          "$ref": "#/$defs/text"
        },

    """#

  /// From the task to the forms of `protocol`.
  static let data = #"""
        "task": {
          "description": "The task whose contract holds.",
          "$ref": "#/$defs/identifier"
        },
        "datasets": {
          "description": "The datasets, by id or by a path relative to this file.",
          "type": "array",
          "minItems": 1,
          "items": { "$ref": "#/$defs/text" }
        },
        "when_absent": {
          "description": "What a dataset that is not found means: an error, or a message and no settings.",
          "enum": ["error", "skip"],
          "default": "error"
        },
        "protocol": {
          "description": "How settings are made from a dataset.",
          "oneOf": [

    """#

  /// How results are measured.
  static let members = #"""
        "seeds": {
          "description": "The seeds; stored draws are numbered from seed 1.",
          "type": "array",
          "minItems": 1,
          "maxItems": 100000,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 0, "maximum": 9007199254740991 },
          "default": [1, 2, 3, 4, 5]
        },
        "selection": {
          "description": "What a method may tune on.",
          "type": "object",
          "additionalProperties": false,
          "default": {},
          "properties": {
            "val": {
              "description": "The validation rows handed over: none, all, or at most min(shots, 4) of each class.",
              "enum": ["none", "full", "few"],
              "default": "full"
            }
          }
        },
        "metrics": {
          "description": "The metrics; without it those of the contract.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "$ref": "#/$defs/text" }
        },
        "decision": {
          "description": "Where the line between two classes is drawn: at a probability of 1/2; or by the validation rows, where TPR - FPR is greatest, or where TPR is greatest with an FPR that is at most the one given.",
          "oneOf": [
            { "enum": [0.5, "youden"] },
            {
              "type": "object",
              "additionalProperties": false,
              "required": ["fpr"],
              "properties": { "fpr": { "type": "number", "minimum": 0, "exclusiveMaximum": 1 } }
            }
          ]
        },
        "min_group": {
          "description": "The least rows, and with two classes positives and negatives, of a group that takes part in worst group and gap; 10 without it.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000
        },

    """#

  private static let methods = #"""
        "methods": {
          "description": "The rows of the report when no method is named on the command line; without it every method that claims the task.",
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

    """#

  /// What results are compared with, and the end of the members.
  static let comparisons = #"""
        "calibration": {
          "description": "With protocol 'shifts': fit one temperature on test rows that no shift is a copy of, and measure NLL and ECE at it everywhere.",
          "enum": ["temperature"]
        },
        "references": {
          "description": "What results under a shift are compared with.",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "baseline": {
              "description": "The row whose corruption errors are 100 % in mCE.",
              "$ref": "#/$defs/text"
            },
            "base": {
              "description": "The row that the others were made from: relative robustness is measured from its accuracy under each shift.",
              "$ref": "#/$defs/text"
            },
            "factors": {
              "description": "Attributes that are visual factors: for each of their values the error over that on all rows, and the effective robustness.",
              "$ref": "#/$defs/names"
            },
            "family": {
              "description": "The rows whose accuracies give the line that effective robustness is measured from: in every setting, or in those that have some members. The row that is judged takes no part.",
              "type": "array",
              "minItems": 1,
              "items": {
                "anyOf": [
                  { "$ref": "#/$defs/text" },
                  {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["method"],
                    "properties": {
                      "method": { "$ref": "#/$defs/text" },
                      "setting": {
                        "description": "Members that the settings must have, such as { \"mix\": \"A\" }.",
                        "type": "object"
                      }
                    }
                  }
                ]
              }
            }
          }
        },
        "groups": {
          "description": "What rows are grouped by: class, an attribute, or attributes joined by '*'.",
          "type": "array",
          "uniqueItems": true,
          "items": { "$ref": "#/$defs/text" },
          "default": []
        }

    """#

  /// From the last member to the definitions.
  static let ending = #"""
      },
      "$defs": {

    """#
}
