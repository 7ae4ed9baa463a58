extension Ledger {
  /// The JSON Schema of `assay.ledger/1`, as `schemas/assay.ledger-1.schema.json` holds it.
  package static let schemaText = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:ledger:1",
      "title": "Assay ledger",
      "description": "Published values with tolerance and source.",
      "type": "object",
      "additionalProperties": false,
      "required": ["schema", "rows"],
      "properties": {
        "schema": {
          "description": "The format and its major version.",
          "const": "assay.ledger/1"
        },
        "description": {
          "description": "What the rows are and where they are from.",
          "type": "string"
        },
        "rows": {
          "description": "The values.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["suite", "dataset", "method", "setting", "metric", "value", "tolerance", "source"],
            "properties": {
              "suite": {
                "description": "The suite's id.",
                "type": "string",
                "minLength": 1
              },
              "dataset": {
                "description": "The dataset's id.",
                "type": "string",
                "minLength": 1
              },
              "method": {
                "description": "A row's label in a report; * stands for every row.",
                "type": "string",
                "minLength": 1
              },
              "setting": {
                "description": "The setting of the trials, whole.",
                "type": "object"
              },
              "metric": {
                "description": "The metric's key.",
                "type": "string",
                "minLength": 1
              },
              "value": {
                "description": "In the unit of the metric: an accuracy of 61 % is 0.61.",
                "type": "number"
              },
              "tolerance": {
                "description": "How far off a measured value may be, in the unit of the metric.",
                "type": "number",
                "minimum": 0
              },
              "source": {
                "description": "Where the value is published.",
                "type": "string",
                "minLength": 1
              },
              "backbone": {
                "description": "What the features were made with; without it the dataset says so.",
                "type": "string",
                "minLength": 1
              },
              "selection": {
                "description": "How the published method was tuned; oracle: on the test rows.",
                "enum": ["none", "val", "cv", "oracle", "unknown"],
                "default": "none"
              },
              "group": {
                "description": "The group that the value is about; without it all rows.",
                "type": "object",
                "additionalProperties": false,
                "required": ["by", "key"],
                "properties": {
                  "by": { "type": "string" },
                  "key": { "type": "string" }
                }
              },
              "seeds": {
                "description": "The seeds that the value is a mean over; without it all.",
                "type": "array",
                "items": { "type": "integer" },
                "minItems": 1
              }
            }
          }
        }
      }
    }

    """#
}
