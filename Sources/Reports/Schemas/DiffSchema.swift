extension ReportDiff {
  /// The JSON Schema of `assay.diff/1`, as `schemas/assay.diff-1.schema.json` holds it.
  package static let schemaText = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:diff:1",
      "title": "Assay diff",
      "description": "Two reports compared; gates judge the pooled rows, of all seeds of a method.",
      "type": "object",
      "required": [
        "schema", "alpha", "resamples", "family", "metrics", "rows", "gates", "summary",
        "cost_obstacle", "exit_code", "exit_codes"
      ],
      "properties": {
        "schema": {"const": "assay.diff/1"},
        "alpha": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "resamples": {"type": "integer", "minimum": 0},
        "family": {
          "type": "object",
          "description": "Pooled rows times gated metrics.",
          "required": ["size", "adjustment"],
          "properties": {
            "size": {"type": "integer", "minimum": 0},
            "adjustment": {"const": "holm"}
          }
        },
        "metrics": {
          "type": "array",
          "items": {
            "type": "object",
            "description": "A metric of the report; the headline stands first.",
            "required": ["key", "title", "version", "higher_is_better"],
            "properties": {
              "key": {"type": "string"},
              "title": {"type": "string"},
              "version": {"type": "integer"},
              "higher_is_better": {
                "description": "Null where a value gets better neither way.",
                "type": ["boolean", "null"]
              }
            }
          }
        },
        "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}},
        "gates": {"type": "array", "items": {"$ref": "#/$defs/gate"}},
        "summary": {
          "type": "object",
          "description": "Rows of trials by verdict.",
          "additionalProperties": false,
          "required": [
            "identical", "same-score-other-predictions", "improved", "regressed",
            "within-noise", "not-resolvable", "incomparable", "missing", "became-undefined", "new", "newly-failing",
            "fixed", "no-result"
          ],
          "properties": {
            "identical": {"type": "integer", "minimum": 0},
            "same-score-other-predictions": {"type": "integer", "minimum": 0},
            "improved": {"type": "integer", "minimum": 0},
            "regressed": {"type": "integer", "minimum": 0},
            "within-noise": {"type": "integer", "minimum": 0},
            "not-resolvable": {"type": "integer", "minimum": 0},
            "incomparable": {"type": "integer", "minimum": 0},
            "missing": {"type": "integer", "minimum": 0},
            "became-undefined": {"type": "integer", "minimum": 0},
            "new": {"type": "integer", "minimum": 0},
            "newly-failing": {"type": "integer", "minimum": 0},
            "fixed": {"type": "integer", "minimum": 0},
            "no-result": {"type": "integer", "minimum": 0}
          }
        },
        "cost_obstacle": {"type": ["string", "null"]},
        "load_failures": {
          "type": "array",
          "description": "Plugins that did not load for the candidate, though for the baseline.",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["plugin", "text"],
            "properties": {"plugin": {"type": "string"}, "text": {"type": "string"}}
          }
        },
        "exit_code": {"enum": [0, 1, 2, 3, 4, 5, 70, 130]},
        "exit_codes": {"type": "array", "items": {"enum": [0, 1, 2, 3, 4, 5, 70, 130]}}
      },
      "$defs": {
        "interval": {
          "type": "object",
          "description": "A sampling interval.",
          "additionalProperties": false,
          "required": ["lower", "upper", "level", "method"],
          "properties": {
            "lower": {"type": "number"},
            "upper": {"type": "number"},
            "level": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            "method": {"type": "string"},
            "resamples": {"type": "integer", "minimum": 0}
          }
        },
        "finding": {
          "type": "object",
          "description": "A row that breaks a rule; no row where the whole rule is meant.",
          "additionalProperties": false,
          "required": ["row", "text"],
          "properties": {"row": {"type": "string"}, "text": {"type": "string"}}
        },
        "comparison": {
          "type": "object",
          "description": "One metric of one row in both reports.",
          "additionalProperties": false,
          "required": [
            "metric", "baseline", "candidate", "delta", "test", "p", "p_adjusted", "verdict"
          ],
          "properties": {
            "metric": {"type": "string"},
            "baseline": {"type": ["number", "null"]},
            "candidate": {"type": ["number", "null"]},
            "delta": {"type": ["number", "null"]},
            "interval": {"$ref": "#/$defs/interval"},
            "test": {"enum": ["exact-mcnemar", "paired-randomisation", "unpaired", "none"]},
            "p": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "p_draws": {
              "type": ["number", "null"], "minimum": 0, "maximum": 1,
              "description": "Of other draws; null where there is one seed, or seeds change nothing."
            },
            "sd_seeds": {
              "type": ["number", "null"], "minimum": 0,
              "description": "The standard deviation of the difference over the seeds."
            },
            "units": {
              "type": ["integer", "null"], "minimum": 0,
              "description": "The independent units behind a paired test."
            },
            "detectable": {
              "type": ["number", "null"], "minimum": 0,
              "description": "The smallest change that is seen with a power of 80 %."
            },
            "p_adjusted": {
              "type": ["number", "null"], "minimum": 0, "maximum": 1,
              "description": "The greater of p and p_draws after Holm over the family."
            },
            "verdict": {
              "enum": [
                "identical", "same-score-other-predictions", "improved", "regressed",
                "within-noise", "not-resolvable", "incomparable", "missing", "became-undefined",
                "new", "newly-failing", "fixed", "no-result"
              ]
            },
            "reason": {"type": "string"}
          }
        },
        "group": {
          "type": "object",
          "description": "A group of rows, or what several groups come down to.",
          "additionalProperties": false,
          "required": ["by", "key", "role", "n", "comparisons"],
          "properties": {
            "by": {"type": "string"},
            "key": {"type": "string"},
            "role": {"enum": ["rows", "worst", "gap"]},
            "n": {"type": "integer", "minimum": 0},
            "comparisons": {"type": "array", "items": {"$ref": "#/$defs/comparison"}}
          }
        },
        "row": {
          "type": "object",
          "description": "One trial, or all trials of one method in one setting.",
          "required": [
            "suite", "dataset", "setting", "label", "seeds", "pooled", "verdict", "notes",
            "baseline_status", "candidate_status", "newly_failing", "oracle",
            "predictions_changed", "comparisons", "costs"
          ],
          "properties": {
            "suite": {"type": "string"},
            "dataset": {"type": "string"},
            "setting": {"type": "object"},
            "label": {"type": "string"},
            "seeds": {"type": "array", "items": {"type": "integer"}},
            "pooled": {"type": "boolean"},
            "verdict": {
              "enum": [
                "identical", "same-score-other-predictions", "improved", "regressed",
                "within-noise", "not-resolvable", "incomparable", "missing", "became-undefined",
                "new", "newly-failing", "fixed", "no-result"
              ]
            },
            "reason": {"type": "string"},
            "notes": {"type": "array", "items": {"type": "string"}},
            "baseline_status": {
              "anyOf": [
                {
                  "enum": [
                    "ok", "error", "crashed", "timeout", "out-of-memory", "left-early",
                    "contract-breach", "load-failed", "unsupported"
                  ]
                },
                {"type": "null"}
              ]
            },
            "candidate_status": {
              "anyOf": [
                {
                  "enum": [
                    "ok", "error", "crashed", "timeout", "out-of-memory", "left-early",
                    "contract-breach", "load-failed", "unsupported"
                  ]
                },
                {"type": "null"}
              ]
            },
            "newly_failing": {"type": "array", "items": {"type": "integer"}},
            "oracle": {"type": "boolean"},
            "predictions_changed": {"type": ["boolean", "null"]},
            "comparisons": {"type": "array", "items": {"$ref": "#/$defs/comparison"}},
            "groups": {
              "type": "array",
              "description": "Groups of a pooled row: shifts, attributes, classes; p is adjusted over them.",
              "items": {"$ref": "#/$defs/group"}
            },
            "flips": {
              "type": "object",
              "description": "Indices of evaluated rows that are right in one report only.",
              "additionalProperties": false,
              "required": ["lost", "won"],
              "properties": {
                "lost": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                "won": {"type": "array", "items": {"type": "integer", "minimum": 0}}
              }
            },
            "costs": {
              "type": "object",
              "propertyNames": {"enum": ["cpu", "wall", "load", "fit", "predict", "peak_rss"]},
              "additionalProperties": {
                "type": "object",
                "additionalProperties": false,
                "required": ["baseline", "candidate"],
                "properties": {
                  "baseline": {"type": "number", "minimum": 0},
                  "candidate": {"type": "number", "minimum": 0}
                }
              }
            }
          }
        },
        "gate": {
          "type": "object",
          "description": "A rule, the rows that break it, and those that only noise spares.",
          "required": ["rule", "outcome", "judged", "findings", "spared"],
          "properties": {
            "rule": {"type": "string"},
            "outcome": {"enum": ["passed", "failed", "not-comparable", "nothing-to-judge"]},
            "judged": {"type": "integer", "minimum": 0},
            "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
            "spared": {"type": "array", "items": {"$ref": "#/$defs/finding"}}
          }
        }
      }
    }

    """#
}
