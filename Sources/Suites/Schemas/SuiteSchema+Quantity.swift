extension SuiteSchema {
  /// The definition of a number that a claim is about.
  static let quantity = #"""
        "quantity": {
          "description": "A number made of measured values.",
          "oneOf": [
            { "type": "number" },
            {
              "description": "The mean of a metric over the trials that match, or over groups of theirs.",
              "type": "object",
              "additionalProperties": false,
              "required": ["metric", "method"],
              "properties": {
                "metric": { "$ref": "#/$defs/text" },
                "method": {
                  "description": "The row of the report.",
                  "$ref": "#/$defs/text"
                },
                "dataset": {
                  "description": "Only trials on this dataset.",
                  "$ref": "#/$defs/text"
                },
                "setting": {
                  "description": "Only trials whose settings have these members.",
                  "type": "object"
                },
                "group": {
                  "description": "The groups, by partition; without a key all of them but the exceptions.",
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["by"],
                  "properties": {
                    "by": { "$ref": "#/$defs/text" },
                    "key": { "$ref": "#/$defs/text" },
                    "except": { "$ref": "#/$defs/names" }
                  }
                }
              }
            },
            {
              "description": "The mean of a number that the method reports of itself.",
              "type": "object",
              "additionalProperties": false,
              "required": ["reported", "method"],
              "properties": {
                "reported": { "$ref": "#/$defs/text" },
                "method": {
                  "description": "The row of the report.",
                  "$ref": "#/$defs/text"
                },
                "dataset": {
                  "description": "Only trials on this dataset.",
                  "$ref": "#/$defs/text"
                },
                "setting": {
                  "description": "Only trials whose settings have these members.",
                  "type": "object"
                }
              }
            },
            {
              "description": "The first less the second.",
              "type": "object",
              "additionalProperties": false,
              "required": ["minus"],
              "properties": {
                "minus": {
                  "type": "array",
                  "minItems": 2,
                  "maxItems": 2,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The first over the second.",
              "type": "object",
              "additionalProperties": false,
              "required": ["divide"],
              "properties": {
                "divide": {
                  "type": "array",
                  "minItems": 2,
                  "maxItems": 2,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The mean.",
              "type": "object",
              "additionalProperties": false,
              "required": ["mean"],
              "properties": {
                "mean": {
                  "type": "array",
                  "minItems": 1,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The median.",
              "type": "object",
              "additionalProperties": false,
              "required": ["median"],
              "properties": {
                "median": {
                  "type": "array",
                  "minItems": 1,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The least.",
              "type": "object",
              "additionalProperties": false,
              "required": ["min"],
              "properties": {
                "min": {
                  "type": "array",
                  "minItems": 1,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The largest.",
              "type": "object",
              "additionalProperties": false,
              "required": ["max"],
              "properties": {
                "max": {
                  "type": "array",
                  "minItems": 1,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The largest less the least.",
              "type": "object",
              "additionalProperties": false,
              "required": ["gap"],
              "properties": {
                "gap": {
                  "type": "array",
                  "minItems": 2,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "The least increase from one to the next; above 0 where they rise strictly.",
              "type": "object",
              "additionalProperties": false,
              "required": ["smallest_step"],
              "properties": {
                "smallest_step": {
                  "type": "array",
                  "minItems": 2,
                  "items": { "$ref": "#/$defs/quantity" }
                }
              }
            },
            {
              "description": "Spearman's rank correlation of two rows of numbers.",
              "type": "object",
              "additionalProperties": false,
              "required": ["spearman"],
              "properties": { "spearman": { "$ref": "#/$defs/pair_of_rows" } }
            },
            {
              "description": "Kendall's tau-b of two rows of numbers.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kendall"],
              "properties": { "kendall": { "$ref": "#/$defs/pair_of_rows" } }
            },
            {
              "description": "Pearson's correlation of two rows of numbers.",
              "type": "object",
              "additionalProperties": false,
              "required": ["pearson"],
              "properties": { "pearson": { "$ref": "#/$defs/pair_of_rows" } }
            },
            {
              "description": "Pearson's correlation of the second row and the logistic function of the first with four parameters that fits it best.",
              "type": "object",
              "additionalProperties": false,
              "required": ["pearson_logistic"],
              "properties": { "pearson_logistic": { "$ref": "#/$defs/pair_of_rows" } }
            },
            {
              "description": "The share of variance that a line of accuracies on logit axes explains.",
              "type": "object",
              "additionalProperties": false,
              "required": ["r_squared"],
              "properties": {
                "r_squared": {
                  "anyOf": [{ "$ref": "#/$defs/line" }, { "$ref": "#/$defs/line_of_models" }]
                }
              }
            },
            {
              "description": "The shifted accuracy that such a line has at a reference accuracy.",
              "type": "object",
              "additionalProperties": false,
              "required": ["accuracy_at"],
              "properties": {
                "accuracy_at": {
                  "anyOf": [{ "$ref": "#/$defs/line" }, { "$ref": "#/$defs/line_of_models" }]
                }
              }
            },
            {
              "description": "Methods as operating points (FPR, TPR), each rate a mean over the trials that match: the area under straight lines from the leftmost point to (1, 1), the area under their convex hull with (0, 0) and (1, 1), or the share of the hull's vertices between these two that the methods hold, not the others.",
              "type": "object",
              "additionalProperties": false,
              "required": ["operating_points", "methods"],
              "properties": {
                "operating_points": { "enum": ["area", "hull_area", "hull_share"] },
                "methods": { "minItems": 1, "$ref": "#/$defs/names" },
                "others": {
                  "description": "Further points that span the hull; of equal points these count.",
                  "$ref": "#/$defs/names"
                },
                "dataset": {
                  "description": "Only trials on this dataset.",
                  "$ref": "#/$defs/text"
                },
                "setting": {
                  "description": "Only trials whose settings have these members.",
                  "type": "object"
                }
              }
            }
          ]
        },

    """#
}
