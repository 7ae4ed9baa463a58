package import Documents

/// The JSON Schema of dataset manifests, `assay.dataset/1`.
package enum DatasetSchema {
  /// The compiled schema.
  package static func schema() throws(DocumentError) -> JSONSchema { try compiled.get() }

  private static let compiled = Result { () throws(DocumentError) in
    let source = SourceText(path: "schemas/assay.dataset-1.schema.json", text: text.utf8)
    return try JSONSchema(
      try Document(text: Array(text.utf8), path: source.path).value, name: source.path,
      source: source)
  }

  /// The text of `schemas/assay.dataset-1.schema.json`.
  package static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:assay:dataset:1",
      "title": "Assay dataset manifest",
      "description": "The file dataset.json of a dataset folder: what the arrays are, where they come from, and under which licence.",
      "type": "object",
      "additionalProperties": false,
      "required": ["schema", "id", "version", "title", "source", "licence"],
      "properties": {
        "schema": {
          "description": "The format and its major version.",
          "const": "assay.dataset/1"
        },
        "id": {
          "description": "The name in suites and reports.",
          "$ref": "#/$defs/identifier"
        },
        "version": {
          "description": "The version of the data, raised with every change of an array.",
          "$ref": "#/$defs/text"
        },
        "title": {
          "description": "One line for people.",
          "$ref": "#/$defs/text"
        },
        "description": {
          "description": "What a reader of the numbers must know.",
          "$ref": "#/$defs/text"
        },
        "source": {
          "description": "Where the data comes from.",
          "$ref": "#/$defs/text"
        },
        "licence": {
          "description": "The terms of the whole, an SPDX expression where there is one.",
          "$ref": "#/$defs/text"
        },
        "licence_file": {
          "description": "The licence's text, a file in this folder.",
          "$ref": "#/$defs/path"
        },
        "citation": {
          "description": "What to cite.",
          "$ref": "#/$defs/text"
        },
        "feature_source": {
          "description": "The encoder that made the features, named so that nobody takes it for another.",
          "$ref": "#/$defs/text"
        },
        "parts": {
          "description": "Source and licence of each part, where they differ.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["part", "source", "licence"],
            "properties": {
              "part": { "$ref": "#/$defs/text" },
              "source": { "$ref": "#/$defs/text" },
              "licence": { "$ref": "#/$defs/text" },
              "licence_file": { "$ref": "#/$defs/path" }
            }
          }
        },
        "classes": {
          "description": "The class names; line or element i names label i.",
          "$ref": "#/$defs/names"
        },
        "templates": {
          "description": "The prompt templates; line or element i belongs to text.prompts[:, i].",
          "$ref": "#/$defs/names"
        },
        "arrays": {
          "description": "The arrays of a dataset with splits.",
          "type": "object",
          "additionalProperties": false,
          "default": {},
          "properties": {
            "train.features": { "$ref": "#/$defs/array" },
            "train.labels": { "$ref": "#/$defs/array" },
            "train.aux": { "$ref": "#/$defs/array" },
            "train.captions": { "$ref": "#/$defs/array" },
            "train.views": {
              "description": "[N, V, D]: V augmented views of each training row, handed over as [V, N, D].",
              "$ref": "#/$defs/array"
            },
            "train.aux_views": {
              "description": "[N, V, A]: the views of train.views in the second feature space.",
              "$ref": "#/$defs/array"
            },
            "val.features": { "$ref": "#/$defs/array" },
            "val.labels": { "$ref": "#/$defs/array" },
            "val.aux": { "$ref": "#/$defs/array" },
            "test.features": { "$ref": "#/$defs/array" },
            "test.labels": { "$ref": "#/$defs/array" },
            "test.aux": { "$ref": "#/$defs/array" },
            "unlabelled.features": { "$ref": "#/$defs/array" },
            "text.class": { "$ref": "#/$defs/array" },
            "text.prompts": { "$ref": "#/$defs/array" },
            "image.features": { "$ref": "#/$defs/array" },
            "caption.features": { "$ref": "#/$defs/array" }
          }
        },
        "shots": {
          "description": "Few-shot training rows that come with the data; without it they are drawn from train.*.",
          "oneOf": [
            {
              "description": "Stored draws: draw s of class c with k shots is array[s, c, 0..<k], rows of train.*.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "array"],
              "properties": {
                "kind": { "const": "index" },
                "array": { "$ref": "#/$defs/array" }
              }
            },
            {
              "description": "One given training set for each number of shots, which is one draw and not several.",
              "type": "object",
              "additionalProperties": false,
              "required": ["kind", "sets"],
              "properties": {
                "kind": { "const": "sets" },
                "sets": {
                  "type": "object",
                  "minProperties": 1,
                  "additionalProperties": { "$ref": "#/$defs/labelled" }
                }
              }
            }
          ]
        },
        "val_is_test": {
          "description": "Says that val.* holds rows of test.*: what is tuned on it is marked as oracle.",
          "type": "boolean",
          "default": false
        },
        "overlaps": {
          "description": "Rows that two parts share and are meant to share, which is an error else: each is said in every report with its reason.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["between", "reason"],
            "properties": {
              "between": {
                "description": "Two of train, val, test, unlabelled, shots, shifts, ood, the name of a shift or OOD set, and of cases fit and query.",
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": { "$ref": "#/$defs/text" }
              },
              "reason": {
                "description": "Why the rows are the same, in a sentence for the reader of a report.",
                "$ref": "#/$defs/text"
              }
            }
          }
        },
        "shifts": {
          "description": "Test sets of the same classes under a shift.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "features", "labels"],
            "properties": {
              "name": { "$ref": "#/$defs/identifier" },
              "corruption": { "$ref": "#/$defs/identifier" },
              "severity": { "type": "integer", "minimum": 1 },
              "features": { "$ref": "#/$defs/array" },
              "labels": { "$ref": "#/$defs/array" },
              "conflicting": {
                "description": "The class that a second cue of each row shows, such as its texture where the label is its shape.",
                "$ref": "#/$defs/array"
              },
              "test_rows": {
                "description": "The rows of test.* that these rows are shifted copies of, in order.",
                "$ref": "#/$defs/rows"
              },
              "classes": {
                "description": "The names of the classes that occur, where those are not all: the scores of the others are masked before the softmax, and the reference is the test rows of the same classes.",
                "$ref": "#/$defs/names"
              }
            }
          }
        },
        "ood": {
          "description": "Sets that share no class with this dataset.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "distance", "features"],
            "properties": {
              "name": { "$ref": "#/$defs/identifier" },
              "distance": { "enum": ["near", "far"] },
              "features": { "$ref": "#/$defs/array" },
              "aux": {
                "description": "The same rows in the second feature space.",
                "$ref": "#/$defs/array"
              }
            }
          }
        },
        "groups": {
          "description": "Attributes of the test rows, by name.",
          "type": "object",
          "additionalProperties": {
            "type": "object",
            "additionalProperties": false,
            "required": ["array", "names"],
            "properties": {
              "array": {
                "description": "One integer for each test row: a number into names, or -1 for unknown.",
                "$ref": "#/$defs/array"
              },
              "train": {
                "description": "The same of the rows of train.*, for probes of the attribute.",
                "$ref": "#/$defs/array"
              },
              "val": {
                "description": "The same of the rows of val.*.",
                "$ref": "#/$defs/array"
              },
              "names": { "$ref": "#/$defs/names" }
            }
          }
        },
        "units": {
          "description": "The independent unit of each row, such as a patient with several images: intervals draw whole units. Any numbers from 0 on; equal ones are one unit, also between splits, of which none may share a unit.",
          "type": "object",
          "additionalProperties": false,
          "required": ["test"],
          "properties": {
            "train": { "$ref": "#/$defs/array" },
            "val": { "$ref": "#/$defs/array" },
            "test": { "$ref": "#/$defs/array" }
          }
        },
        "targets": {
          "description": "Other labels of the rows, such as findings, by name; protocol 'audit' asks for each on its own.",
          "type": "object",
          "additionalProperties": {
            "type": "object",
            "additionalProperties": false,
            "required": ["classes", "test"],
            "properties": {
              "classes": {
                "description": "The class names; of two, the second is the positive one.",
                "$ref": "#/$defs/names"
              },
              "train": { "$ref": "#/$defs/array" },
              "val": { "$ref": "#/$defs/array" },
              "test": { "$ref": "#/$defs/array" },
              "text": {
                "description": "One text feature per class.",
                "$ref": "#/$defs/array"
              }
            }
          }
        },
        "cases": {
          "description": "Ready-made questions of a task, for protocol 'given': what fit and predict are handed, and what the host keeps.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "query", "truth"],
            "properties": {
              "name": { "$ref": "#/$defs/identifier" },
              "summary": { "$ref": "#/$defs/text" },
              "setting": {
                "description": "What varies between cases; cases of equal settings are calls of one trial. Without it the case's name.",
                "type": "object",
                "minProperties": 1
              },
              "fit": {
                "description": "Inputs of fit, under the contract's names.",
                "$ref": "#/$defs/tensors",
                "default": {}
              },
              "query": {
                "description": "Inputs of predict, under the contract's names.",
                "$ref": "#/$defs/tensors"
              },
              "truth": {
                "description": "What the host keeps, under the contract's names.",
                "$ref": "#/$defs/tensors"
              },
              "groups": {
                "description": "Attributes by name, for suites that list them under groups: one integer for each row that is asked about (of task 'retrieve' each image, whose texts follow it), a number into names, or -1 for unknown.",
                "type": "object",
                "additionalProperties": {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["array", "names"],
                  "properties": {
                    "array": {
                      "oneOf": [{ "type": "integer" }, { "$ref": "#/$defs/array" }]
                    },
                    "names": {
                      "type": "array",
                      "minItems": 1,
                      "items": { "$ref": "#/$defs/text" }
                    }
                  }
                }
              }
            }
          }
        },
        "extra": {
          "description": "Arrays that no contract names yet, under any name.",
          "type": "object",
          "additionalProperties": {
            "type": "object",
            "additionalProperties": false,
            "required": ["file", "summary"],
            "properties": {
              "file": { "$ref": "#/$defs/path" },
              "key": { "$ref": "#/$defs/text" },
              "summary": { "$ref": "#/$defs/text" }
            }
          }
        },
        "files": {
          "description": "Other files that belong to the data.",
          "type": "object",
          "additionalProperties": { "$ref": "#/$defs/path" }
        }
      },
      "$defs": {
        "text": { "type": "string", "minLength": 1 },
        "identifier": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
        "path": {
          "description": "A file in this folder: relative, without '..', not through a link that leaves it.",
          "type": "string",
          "minLength": 1
        },
        "names": {
          "oneOf": [
            { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/text" } },
            {
              "description": "A text file with one name a line.",
              "type": "object",
              "additionalProperties": false,
              "required": ["file"],
              "properties": { "file": { "$ref": "#/$defs/path" } }
            }
          ]
        },
        "rows": {
          "oneOf": [
            {
              "description": "The rows from ..< to.",
              "type": "object",
              "additionalProperties": false,
              "required": ["from", "to"],
              "properties": {
                "from": { "type": "integer", "minimum": 0 },
                "to": { "type": "integer", "minimum": 0 }
              }
            },
            {
              "description": "An integer array of row numbers.",
              "type": "object",
              "additionalProperties": false,
              "required": ["file"],
              "properties": {
                "file": { "$ref": "#/$defs/path" },
                "key": { "$ref": "#/$defs/text" }
              }
            }
          ]
        },
        "tensors": {
          "description": "Arrays, or single numbers, by name.",
          "type": "object",
          "additionalProperties": {
            "oneOf": [{ "type": "number" }, { "$ref": "#/$defs/array" }]
          }
        },
        "array": {
          "description": "An array in a .npy or .safetensors file, or the lines of a .txt file.",
          "type": "object",
          "additionalProperties": false,
          "required": ["file"],
          "properties": {
            "file": { "$ref": "#/$defs/path" },
            "key": {
              "description": "The tensor's name, for a .safetensors file.",
              "$ref": "#/$defs/text"
            },
            "lines": {
              "description": "For a .txt file in UTF-8: the bytes of all lines without their ends [B], or where each line starts and the last one ends [N + 1].",
              "enum": ["bytes", "offsets"]
            },
            "normalize": {
              "description": "Whether rows are brought to unit length when they are read.",
              "enum": ["none", "l2"],
              "default": "none"
            },
            "at": {
              "description": "Leading indexes into a stacked array; what is left is the array.",
              "type": "array",
              "items": { "type": "integer", "minimum": 0 }
            },
            "rows": {
              "description": "The rows that are meant, after 'at'; without it all.",
              "$ref": "#/$defs/rows"
            }
          }
        },
        "labelled": {
          "type": "object",
          "additionalProperties": false,
          "required": ["features", "labels"],
          "properties": {
            "features": { "$ref": "#/$defs/array" },
            "labels": { "$ref": "#/$defs/array" },
            "aux": { "$ref": "#/$defs/array" },
            "captions": { "$ref": "#/$defs/array" }
          }
        }
      }
    }

    """#
}
