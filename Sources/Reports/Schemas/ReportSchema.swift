extension Report {
  /// The JSON Schema of `assay.report/2`, as `schemas/assay.report-2.schema.json` holds it.
  package static let schemaText = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:report:2",
      "title": "Assay report",
      "description": "One run. What differs between equal runs: environment, invocation, timing, memory, stderr_tail.",
      "type": "object",
      "required": [
        "schema", "tool", "run", "plugins", "suites", "datasets", "metrics", "trials",
        "aggregates", "warnings", "summary"
      ],
      "properties": {
        "schema": {"const": "assay.report/2"},
        "tool": {
          "type": "object",
          "required": ["version", "abi"],
          "properties": {"version": {"type": "string"}, "abi": {"type": "string"}}
        },
        "run": {
          "type": "object",
          "required": ["suites", "methods", "seeds", "threads", "complete"],
          "properties": {
            "suites": {"type": "array", "items": {"type": "string"}},
            "methods": {"type": "array", "items": {"type": "string"}},
            "seeds": {"type": "array", "items": {"type": "integer"}},
            "threads": {"type": "integer", "minimum": 1},
            "complete": {"type": "boolean"}
          }
        },
        "digest": {
          "description": "SHA-256 of the canonical JSON of all other members.",
          "type": "string", "pattern": "^[0-9a-f]{64}$"
        },
        "invocation": {
          "type": "object",
          "description": "Volatile: how the work was asked for.",
          "required": ["jobs", "isolation", "limits", "argv"],
          "properties": {
            "jobs": {"type": "integer", "minimum": 1},
            "isolation": {"enum": ["process", "none"]},
            "limits": {
              "type": "object",
              "additionalProperties": {"type": "number", "minimum": 0}
            },
            "argv": {"type": "array", "items": {"type": "string"}}
          }
        },
        "environment": {
          "type": "object",
          "description": "Volatile: the machine and the moment.",
          "required": ["host", "blas", "sandbox", "started", "finished"],
          "properties": {
            "host": {
              "type": "object",
              "required": ["cpu", "cores", "ram_bytes", "kernel"],
              "properties": {
                "cpu": {"type": "string"},
                "cores": {"type": "integer", "minimum": 0},
                "ram_bytes": {"type": "integer", "minimum": 0},
                "kernel": {"type": "string"}
              }
            },
            "blas": {
              "type": "object",
              "required": ["name", "version", "threads", "core"],
              "properties": {
                "name": {"type": "string"},
                "version": {"type": "string"},
                "threads": {"type": "integer", "minimum": 0},
                "core": {"type": "string"}
              }
            },
            "sandbox": {
              "type": "object",
              "required": ["landlock_abi", "seccomp"],
              "properties": {
                "landlock_abi": {"type": ["integer", "null"]},
                "seccomp": {"type": "boolean"}
              }
            },
            "git": {
              "type": "object",
              "required": ["commit", "dirty"],
              "properties": {"commit": {"type": "string"}, "dirty": {"type": "boolean"}}
            },
            "started": {"type": "string"},
            "finished": {"type": "string"}
          }
        },
        "plugins": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "version", "abi", "digest", "licence", "methods"],
            "properties": {
              "name": {"type": "string"},
              "version": {"type": "string"},
              "abi": {"type": "string"},
              "digest": {"$ref": "#/$defs/digest"},
              "licence": {"type": ["string", "null"]},
              "runtime": {"type": "string"},
              "methods": {
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["id", "version", "summary", "paper"],
                  "properties": {
                    "id": {"type": "string"},
                    "version": {"type": "string"},
                    "summary": {"type": "string"},
                    "paper": {"type": ["string", "null"]}
                  }
                }
              }
            }
          }
        },
        "suites": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["id", "version", "digest"],
            "properties": {
              "id": {"type": "string"},
              "version": {"type": "string"},
              "digest": {"$ref": "#/$defs/digest"},
              "references": {
                "description": "What results under a shift are compared with.",
                "type": "object"
              }
            }
          }
        },
        "datasets": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["id", "version", "digest", "n", "classes", "source", "licence"],
            "properties": {
              "id": {"type": "string"},
              "version": {"type": "string"},
              "digest": {"$ref": "#/$defs/digest"},
              "n": {"type": "integer", "minimum": 0},
              "classes": {"type": ["integer", "null"], "minimum": 0},
              "source": {"type": "string"},
              "licence": {"type": "string"}
            }
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
              },
              "interval": {
                "description": "The usual interval of trials' values, of which they name the bounds only.",
                "$ref": "#/$defs/interval_kind"
              },
              "mean_interval": {
                "description": "The same for means over seeds.",
                "$ref": "#/$defs/interval_kind"
              }
            }
          }
        },
        "intervals": {
          "description": "The kinds of intervals that the report has.",
          "type": "array", "items": {"$ref": "#/$defs/interval_kind"}
        },
        "configs": {
          "description": "The configs that trials have.",
          "type": "array", "items": {"type": "object"}
        },
        "groups": {
          "description": "The sets of groups that trials have.",
          "type": "array",
          "items": {"type": "array", "items": {"$ref": "#/$defs/group"}}
        },
        "trials": {"type": "array", "items": {"$ref": "#/$defs/trial"}},
        "aggregates": {"type": "array", "items": {"$ref": "#/$defs/aggregate"}},
        "claims": {"type": "array", "items": {"$ref": "#/$defs/claim"}},
        "derived": {"type": "array", "items": {"$ref": "#/$defs/derived"}},
        "warnings": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["code", "where", "text"],
            "properties": {
              "code": {"type": "string"},
              "where": {"type": "string"},
              "text": {"type": "string"}
            }
          }
        },
        "summary": {
          "type": "object",
          "description": "Trials by status.",
          "additionalProperties": false,
          "required": [
            "ok", "error", "crashed", "timeout", "out-of-memory", "left-early",
            "contract-breach", "load-failed", "unsupported"
          ],
          "properties": {
            "ok": {"type": "integer", "minimum": 0},
            "error": {"type": "integer", "minimum": 0},
            "crashed": {"type": "integer", "minimum": 0},
            "timeout": {"type": "integer", "minimum": 0},
            "out-of-memory": {"type": "integer", "minimum": 0},
            "left-early": {"type": "integer", "minimum": 0},
            "contract-breach": {"type": "integer", "minimum": 0},
            "load-failed": {"type": "integer", "minimum": 0},
            "unsupported": {"type": "integer", "minimum": 0}
          }
        }
      },
      "$defs": {
        "digest": {
          "description": "A SHA-256 digest.",
          "type": "string",
          "pattern": "^[0-9a-f]{64}$"
        },
        "interval_kind": {
          "type": "object",
          "description": "How an interval is made.",
          "additionalProperties": false,
          "required": ["level", "method"],
          "properties": {
            "level": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            "method": {"type": "string"},
            "resamples": {"type": "integer", "minimum": 0}
          }
        },
        "bounds": {
          "description": "A sampling interval: lower and upper bound; then the place of its kind among the report's, where that is not the usual one of the metric.",
          "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3
        },
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
        "value": {
          "type": "object",
          "description": "A measured value; null with a reason where it is undefined.",
          "additionalProperties": false,
          "required": ["value", "n"],
          "properties": {
            "value": {"type": ["number", "null"]},
            "n": {"type": "integer", "minimum": 0},
            "interval": {"$ref": "#/$defs/bounds"},
            "expected": {
              "description": "What chance alone gives where that is not 0: the gap of groups that are all alike, the error of a calibrated model.",
              "type": "number"
            },
            "p_alike": {
              "description": "The probability of so great a gap if all groups were alike.",
              "type": "number", "minimum": 0, "maximum": 1
            },
            "left_out": {
              "description": "Whether a group rests on too little to take part in worst group and gap.",
              "type": "boolean"
            },
            "reason": {"type": "string"}
          }
        },
        "calibration": {
          "type": "object",
          "description": "A calibration curve: of ten bins of probability of equal width, (lower, upper], those that hold rows; an entry of each column for each.",
          "additionalProperties": false,
          "required": ["by", "key", "bin", "probability", "share", "n"],
          "properties": {
            "by": {"type": "string"},
            "key": {"type": "string"},
            "bin": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}},
            "probability": {
              "description": "The mean probability of class 1.",
              "type": "array", "items": {"type": "number"}
            },
            "share": {
              "description": "The share of rows of class 1.",
              "type": "array", "items": {"type": "number"}
            },
            "n": {"type": "array", "items": {"type": "integer", "minimum": 1}}
          }
        },
        "group_values": {
          "type": "object",
          "description": "The values of a trial's groups in columns.",
          "additionalProperties": false,
          "required": ["set", "metrics"],
          "properties": {
            "set": {
              "description": "The place of the trial's groups among the report's sets of groups.",
              "type": "integer", "minimum": 0
            },
            "metrics": {
              "type": "object",
              "additionalProperties": {"$ref": "#/$defs/group_column"}
            }
          }
        },
        "group_column": {
          "type": "object",
          "description": "The values of one metric, an entry for each group of the set, or for each that 'of' names.",
          "additionalProperties": false,
          "required": ["value"],
          "properties": {
            "of": {
              "description": "The places of the groups that have the metric; absent where all have.",
              "type": "array", "items": {"type": "integer", "minimum": 0}
            },
            "value": {"type": "array", "items": {"type": ["number", "null"]}},
            "n": {
              "description": "The units behind each value; absent where they are those of the groups.",
              "type": "array", "items": {"type": "integer", "minimum": 0}
            },
            "interval": {
              "type": "array",
              "items": {"anyOf": [{"$ref": "#/$defs/bounds"}, {"type": "null"}]}
            },
            "reason": {
              "description": "The entries that each reason or note is about.",
              "type": "object",
              "additionalProperties": {
                "type": "array", "items": {"type": "integer", "minimum": 0}
              }
            },
            "expected": {
              "description": "By the place of the entry: what chance alone gives where that is not 0.",
              "type": "object", "additionalProperties": {"type": "number"}
            },
            "p_alike": {
              "description": "By the place of the entry: the probability of so great a gap if all groups were alike.",
              "type": "object",
              "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}
            },
            "left_out": {
              "description": "The entries of groups that rest on too little to take part in worst group and gap.",
              "type": "array", "items": {"type": "integer", "minimum": 0}
            }
          }
        },
        "group": {
          "type": "object",
          "description": "One part of the evaluated rows.",
          "additionalProperties": false,
          "required": ["by", "key", "n"],
          "properties": {
            "by": {"type": "string"},
            "key": {"type": "string"},
            "n": {"type": "integer", "minimum": 0},
            "role": {
              "description": "What the values are of, where it is not simply the rows of the group: a group too small to be compared, the worst value among the groups, the greatest less the least, or a group's value less that of all rows.",
              "enum": ["small", "worst", "gap", "difference"]
            },
            "shift": {
              "description": "For a shift: its name, and of which corruption at which severity it is.",
              "type": "object",
              "additionalProperties": false,
              "required": ["name"],
              "properties": {
                "name": {"type": "string"},
                "corruption": {"type": "string"},
                "severity": {"type": "integer"}
              }
            },
            "behind": {
              "description": "For the test rows behind shifts: the names of these.",
              "type": "array",
              "items": {"type": "string"}
            },
            "of": {
              "description": "For a difference: the key of the group that all rows are taken off.",
              "type": "string"
            },
            "mean": {
              "description": "Which mean of the values of base and new classes it is.",
              "const": "harmonic"
            },
            "part": {
              "description": "Whether the rows are a query of their own.",
              "const": true
            },
            "reference": {
              "description": "For a shift: the key of the group that holds the rows without it, 'test' for the whole test set. A group without it among others that have it is such a group.",
              "type": "string"
            }
          }
        },
        "failure": {
          "type": "object",
          "description": "Why a trial has no result.",
          "additionalProperties": false,
          "required": ["stage", "kind", "message"],
          "properties": {
            "stage": {"type": "string"},
            "kind": {"type": "string"},
            "signal": {"type": "string"},
            "message": {"type": "string"},
            "stderr_tail": {"type": "string"}
          }
        },
        "timing": {
          "type": "object",
          "description": "Volatile: what a trial took.",
          "additionalProperties": false,
          "required": [
            "load_seconds", "fit_seconds", "predict_seconds", "wall_seconds", "cpu_seconds"
          ],
          "properties": {
            "load_seconds": {"type": "number", "minimum": 0},
            "fit_seconds": {"type": "number", "minimum": 0},
            "predict_seconds": {"type": "number", "minimum": 0},
            "wall_seconds": {"type": "number", "minimum": 0},
            "cpu_seconds": {"type": "number", "minimum": 0}
          }
        },
        "memory": {
          "type": "object",
          "description": "Volatile: what a trial needed.",
          "additionalProperties": false,
          "required": ["peak_resident_bytes"],
          "properties": {"peak_resident_bytes": {"type": "integer", "minimum": 0}}
        },
        "trial": {
          "type": "object",
          "description": "One method with one config on one dataset in one setting with one seed.",
          "required": [
            "id", "key", "method", "config", "suite", "task", "contract", "dataset", "setting",
            "seed", "status", "selection", "rows", "metrics"
          ],
          "properties": {
            "id": {"$ref": "#/$defs/digest"},
            "key": {"$ref": "#/$defs/digest"},
            "method": {"type": "string"},
            "method_version": {
              "description": "Absent where the plugins name one version of the method.",
              "type": "string"
            },
            "plugin": {
              "description": "Absent where the plugins name one file with the method.",
              "$ref": "#/$defs/digest"
            },
            "label": {
              "description": "The name of the row; absent where it is the method.",
              "type": "string"
            },
            "config": {
              "description": "The place of the trial's config among those of the report.",
              "type": "integer", "minimum": 0
            },
            "suite": {"type": "string"},
            "suite_digest": {
              "description": "Absent where the report names one suite of the name.",
              "$ref": "#/$defs/digest"
            },
            "task": {"type": "string"},
            "contract": {"type": "string"},
            "dataset": {"type": "string"},
            "dataset_digest": {
              "description": "Absent where the report names one dataset of the name.",
              "$ref": "#/$defs/digest"
            },
            "setting": {"type": "object"},
            "mixture": {
              "description": "The shares of the sources of the training rows; only their ratios count.",
              "type": "object",
              "additionalProperties": {"type": "number"}
            },
            "seed": {"type": "integer"},
            "status": {
              "enum": [
                "ok", "error", "crashed", "timeout", "out-of-memory", "left-early",
                "contract-breach", "load-failed", "unsupported"
              ]
            },
            "failure": {"$ref": "#/$defs/failure"},
            "selection": {"enum": ["none", "val", "cv", "oracle"]},
            "rows": {
              "type": "object",
              "additionalProperties": {"type": "integer", "minimum": 0}
            },
            "metrics": {"type": "object", "additionalProperties": {"$ref": "#/$defs/value"}},
            "groups": {"$ref": "#/$defs/group_values"},
            "calibration": {
              "description": "Calibration curves of two classes: of all rows, of the sets of a shortcut test and of the groups of attributes.",
              "type": "array",
              "items": {"$ref": "#/$defs/calibration"}
            },
            "self_reported": {
              "type": "object",
              "additionalProperties": {"type": ["number", "null"]}
            },
            "notes": {"type": "array", "items": {"type": "string"}},
            "warnings": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["code", "text"],
                "properties": {"code": {"type": "string"}, "text": {"type": "string"}}
              }
            },
            "predictions": {
              "description": "The digest of all output bytes; absent without a result.",
              "$ref": "#/$defs/digest"
            },
            "outcomes": {
              "description": "The digest of the list of the trial's per-sample columns, which the store beside the report holds.",
              "$ref": "#/$defs/digest"
            },
            "timing": {"$ref": "#/$defs/timing"},
            "memory": {"$ref": "#/$defs/memory"}
          }
        },
        "derived": {
          "type": "object",
          "description": "Numbers made of several groups or rows, over all seeds.",
          "additionalProperties": false,
          "required": ["suite", "dataset", "setting", "label", "values"],
          "properties": {
            "suite": {"type": "string"},
            "dataset": {"type": "string"},
            "setting": {"type": "object"},
            "label": {"type": "string"},
            "values": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["metric", "value"],
                "properties": {
                  "metric": {"type": "string"},
                  "by": {"type": "string"},
                  "key": {"type": "string"},
                  "value": {"type": ["number", "null"]},
                  "interval": {"$ref": "#/$defs/bounds"},
                  "reason": {"type": "string"},
                  "verdict": {"enum": ["between", "above", "below"]}
                }
              }
            }
          }
        },
        "claim": {
          "type": "object",
          "description": "What a publication asserts, and what became of it in this run.",
          "additionalProperties": false,
          "required": ["suite", "claim", "value", "verdict"],
          "properties": {
            "suite": {"type": "string"},
            "claim": {
              "description": "The claim, with everything that has a name of its own written out.",
              "type": "object",
              "additionalProperties": false,
              "required": ["id", "text", "source", "holds"],
              "properties": {
                "id": {"type": "string"},
                "text": {"type": "string"},
                "source": {"type": "string"},
                "holds": {"type": "string"}
              }
            },
            "value": {"type": ["number", "null"]},
            "interval": {"$ref": "#/$defs/interval"},
            "verdict": {
              "enum": [
                "reproduced", "reproduced-within-noise", "not-reproduced", "not-measured",
                "data-absent"
              ]
            },
            "reason": {"type": "string"}
          }
        },
        "aggregate": {
          "type": "object",
          "description": "The means over the seeds of a row: their spread, and apart from it the sampling interval.",
          "required": ["suite", "dataset", "setting", "label", "metrics"],
          "properties": {
            "suite": {"type": "string"},
            "dataset": {"type": "string"},
            "setting": {"type": "object"},
            "label": {"type": "string"},
            "metrics": {
              "type": "object",
              "additionalProperties": {
                "type": "object",
                "required": ["mean", "n_seeds", "failed"],
                "properties": {
                  "mean": {"type": ["number", "null"]},
                  "sd_seeds": {
                    "description": "Absent for fewer than two seeds.",
                    "type": "number", "minimum": 0
                  },
                  "n_seeds": {"type": "integer", "minimum": 0},
                  "failed": {
                    "description": "Seeds without a value.",
                    "type": "integer", "minimum": 0
                  },
                  "interval": {"$ref": "#/$defs/bounds"}
                }
              }
            }
          }
        }
      }
    }

    """#
}
