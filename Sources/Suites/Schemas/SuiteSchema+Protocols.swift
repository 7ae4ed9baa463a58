extension SuiteSchema {
  /// The forms of `protocol`, with the end of that member.
  static let protocols = #"""
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
                  "items": { "type": "integer", "minimum": 1, "maximum": 1000000 }
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
                  "items": { "type": "number", "minimum": 1, "maximum": 1e9 }
                },
                "many_above": {
                  "description": "Classes with more training rows than this form the group 'many'.",
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 1000000000,
                  "default": 100
                },
                "few_below": {
                  "description": "Classes with fewer training rows than this form the group 'few'; the rest is 'medium'.",
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 1000000000,
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
                  "items": { "type": "integer", "minimum": 1, "maximum": 1000000 }
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
                    "additionalProperties": { "type": "number", "minimum": 1e-9, "maximum": 1e9 }
                  }
                },
                "sizes": {
                  "description": "The numbers of training rows.",
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": { "type": "integer", "minimum": 1, "maximum": 1000000000 }
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
                  "items": { "type": "integer", "minimum": 1, "maximum": 1000000 }
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

    """#
}
