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
  package static let text = #"""
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
            {
              "description": "k labelled training rows of each class, for each k and seed.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "shots"],
              "properties": {
                "kind": { "const": "few-shot" },
                "shots": {
                  "description": "The numbers of training rows per class.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "type": "integer", "minimum": 1 }
                }
              }
            },
            {
              "description": "One fit for each training budget and seed, then the test set, the clean rows behind the shifts, and every shifted set: each a row of its own.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "train"],
              "properties": {
                "kind": { "const": "shifts" },
                "train": { "$ref": "#/$defs/train" },
                "shifts": {
                  "description": "The names of the shifted sets; without it all that the dataset declares.",
                  "$ref": "#/$defs/names"
                }
              }
            },
            {
              "description": "Test rows mixed with those of one out-of-distribution set, one setting for each set.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "train"],
              "properties": {
                "kind": { "const": "detect-ood" },
                "train": { "$ref": "#/$defs/train" },
                "sets": {
                  "description": "The names of the OOD sets; without it all that the dataset declares.",
                  "$ref": "#/$defs/names"
                }
              }
            },
            {
              "description": "Long-tailed training sets, for each profile, ratio and seed; the test set stays as it is.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "profiles", "ratios"],
              "properties": {
                "kind": { "const": "imbalanced" },
                "profiles": {
                  "description": "How class sizes fall off in class order: geometrically, or at once after the first half.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "enum": ["exponential", "step"] }
                },
                "ratios": {
                  "description": "The size of the largest class over that of the smallest.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "type": "number", "minimum": 1 }
                },
                "many_above": {
                  "description": "Classes with more training rows than this form the group 'many'.",
                  "type": "integer",
                  "minimum": 0,
                  "default": 100
                },
                "few_below": {
                  "description": "Classes with fewer training rows than this form the group 'few'; the rest is 'medium'.",
                  "type": "integer",
                  "minimum": 0,
                  "default": 20
                }
              }
            },
            {
              "description": "Training on the first half of the classes, then tests on that half and, by class text alone, on the other.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "shots"],
              "properties": {
                "kind": { "const": "base-to-new" },
                "shots": {
                  "description": "The numbers of training rows per base class.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "type": "integer", "minimum": 1 }
                }
              }
            },
            {
              "description": "All training rows without their labels.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind"],
              "properties": { "kind": { "const": "unsupervised" } }
            },
            {
              "description": "Mixtures of the sources of the training rows at several sizes and for each seed; then the test set and every shifted set, as in 'shifts'.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "mixes", "sizes"],
              "properties": {
                "kind": { "const": "sources" },
                "attribute": {
                  "description": "The attribute of the training rows whose values are the sources.",
                  "$ref": "#/$defs/text",
                  "default": "source"
                },
                "mixes": {
                  "description": "The shares of the sources in each mixture; only their ratios count.",
                  "type": "array",
                  "minItems": 1,
                  "items": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": { "type": "number", "exclusiveMinimum": 0 }
                  }
                },
                "sizes": {
                  "description": "The numbers of training rows.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "type": "integer", "minimum": 1 }
                },
                "shifts": {
                  "description": "The names of the shifted sets; without it all that the dataset declares.",
                  "$ref": "#/$defs/names"
                }
              }
            },
            {
              "description": "Each prompt template of the datasets on its own as the class text, for each training budget and seed.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "train"],
              "properties": {
                "kind": { "const": "prompts" },
                "train": { "$ref": "#/$defs/train" }
              }
            },
            {
              "description": "Each case of the datasets asked again and again, each time with unit directions of its own, drawn uniformly on the sphere.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "counts"],
              "properties": {
                "kind": { "const": "directions" },
                "counts": {
                  "description": "The numbers of directions.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "type": "integer", "minimum": 1 }
                },
                "repeats": {
                  "description": "How often each case is asked in one trial.",
                  "type": "integer",
                  "minimum": 1,
                  "maximum": 200,
                  "default": 100
                }
              }
            },
            {
              "description": "Each finding of a dataset on its own (or its two classes), for each training budget and seed.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "train"],
              "properties": {
                "kind": { "const": "audit" },
                "train": { "$ref": "#/$defs/train" },
                "targets": {
                  "description": "The names of the findings; without it all that the dataset declares.",
                  "$ref": "#/$defs/names"
                },
                "shortcut": {
                  "description": "An attribute with two names, the second of which marks rows with a cue that may give the finding away: positives with and without it are held against all negatives.",
                  "$ref": "#/$defs/text"
                }
              }
            },
            {
              "description": "Attributes of the rows as labels, for each attribute, feature space and seed; trains on the whole training split.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind"],
              "properties": {
                "kind": { "const": "probe" },
                "attributes": {
                  "description": "The names of the attributes; without it all that the training rows have.",
                  "$ref": "#/$defs/names"
                },
                "spaces": {
                  "description": "The features as they are, or their first two principal components on the training rows.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "enum": ["full", "pca2"] },
                  "default": ["full", "pca2"]
                }
              }
            },
            {
              "description": "The cases of the datasets as they stand, for each seed; for any task.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind"],
              "properties": { "kind": { "const": "given" } }
            }
          ]
        },
        "seeds": {
          "description": "The seeds; stored draws are numbered from seed 1.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 0 },
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
          "minimum": 1
        },
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
        "claims": {
          "description": "What publications assert about the results; the report says which of it is reproduced.",
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["id", "claim", "source", "value", "expect"],
            "properties": {
              "id": { "$ref": "#/$defs/identifier" },
              "claim": {
                "description": "The assertion in one sentence.",
                "$ref": "#/$defs/text"
              },
              "source": {
                "description": "Where it stands.",
                "$ref": "#/$defs/text"
              },
              "value": { "$ref": "#/$defs/quantity" },
              "expect": {
                "description": "The values with which the claim holds.",
                "oneOf": [
                  { "$ref": "#/$defs/at_least" },
                  { "$ref": "#/$defs/at_most" },
                  { "$ref": "#/$defs/above" },
                  { "$ref": "#/$defs/below" },
                  { "$ref": "#/$defs/within" }
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
      },
      "$defs": {
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
            "oneOf": [{ "type": "integer", "minimum": 1 }, { "enum": ["full", "none"] }]
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
