import Documents
import Testing

@Suite("JSON Schema")
struct JSONSchemaTests {
  private func messages(_ schema: JSON, _ value: JSON) throws -> [String] {
    try JSONSchema(schema).validate(value).map(\.description)
  }

  @Test(
    "each keyword accepts what it should",
    arguments: [
      (["type": "integer"], 1.0), (["type": ["string", "null"]], nil), (["type": "number"], 3),
      (["enum": ["a", 1]], 1.0), (["const": [1, ["x": 2.0]]], [1.0, ["x": 2]]),
      (["minimum": 0, "exclusiveMaximum": 1], 0), (["minLength": 2], "e\u{301}"),
      (["pattern": "^[a-z]+$"], "abc"), (["pattern": "b"], "abc"),
      (["uniqueItems": true], [1, "1"]),
      (["items": ["type": "integer"], "minItems": 2], [1, 2]), (["minimum": 5], "no number"),
      (["additionalProperties": ["type": "integer"]], ["x": 1]), (true, ["anything"]),
      (
        [
          "patternProperties": ["^x-": ["type": "string"]], "additionalProperties": false,
          "propertyNames": ["maxLength": 4],
        ], ["x-a": "b"]
      ),
      (["anyOf": [["type": "string"], ["minimum": 3]]], 4),
      (["$ref": "#/$defs/a~1b", "$defs": ["a/b": ["type": "null"]]], nil),
      (["oneOf": [["const": "auto"], ["type": "integer"]]], "auto"),
    ] as [(JSON, JSON)])
  func valid(schema: JSON, value: JSON) throws {
    #expect(try messages(schema, value) == [])
  }

  @Test(
    "each keyword refuses with a sentence",
    arguments: [
      (["type": ["string", "null"]], 3, "must be a string or null, but is 3"),
      (["type": "integer"], 1.5, "must be an integer, but is 1.5"),
      (["type": "array"], ["a": 1], "must be an array, but is an object"),
      (
        ["enum": ["adam", "sgd"]], "adm",
        "must be \"adam\" or \"sgd\", but is \"adm\"; did you mean \"adam\"?"
      ),
      (["const": 1], 2, "must be 1, but is 2"), (false, 1, "nothing may stand here"),
      (["minimum": 0, "maximum": 1], 1.5, "must be at least 0 and at most 1, but is 1.5"),
      (["exclusiveMinimum": 0], 0, "must be above 0, but is 0"),
      (
        ["exclusiveMaximum": 9_007_199_254_740_993], 9_007_199_254_740_993,
        "must be below 9007199254740993, but is 9007199254740993"
      ),
      (["minLength": 2], "a", "must have at least 2 characters, but has 1"),
      (["pattern": "^[a-z]+$"], "A", "must match ^[a-z]+$, but is \"A\""),
      (["maxItems": 1], [1, 2], "must have at most 1 elements, but has 2"),
      (["uniqueItems": true], [1, 2, 1.0], "at /2: repeats element 0, 1.0; all must differ"),
      (["items": ["type": "string"]], ["a", 1], "at /1: must be a string, but is 1"),
      (["required": ["a"]], [:], "lacks the member 'a'"),
      (["minProperties": 1], [:], "must have at least 1 members, but has 0"),
      (
        ["propertyNames": ["pattern": "^[a-z]$"]], ["B": 1],
        "at /B: the name must match ^[a-z]$, but is \"B\""
      ),
      (
        ["additionalProperties": ["type": "string"]], ["a/b": 1],
        "at /a~1b: must be a string, but is 1"
      ),
      (
        ["additionalProperties": false, "properties": ["alpha": true]], ["alhpa": 1],
        "at /alhpa: the member 'alhpa' is not known here; did you mean 'alpha'?"
      ),
      (
        ["additionalProperties": false, "properties": ["a": true, "b": true]], ["zzz": 1],
        "at /zzz: the member 'zzz' is not known here; known are 'a' and 'b'"
      ),
      (
        ["oneOf": [["const": "auto"], ["type": "integer", "minimum": 1]]], 0,
        "must be at least 1, but is 0"
      ),
      (
        ["oneOf": [["const": "auto"], ["type": "integer"]]], [:],
        "must be a string or an integer, but is an object"
      ),
      (
        ["oneOf": [["minimum": 1], ["minimum": 2]]], 3,
        "fits 2 of the 2 forms, but must fit exactly one"
      ),
    ] as [(JSON, JSON, String)])
  func invalid(schema: JSON, value: JSON, message: String) throws {
    #expect(try messages(schema, value) == [message])
  }

  private static let shift: JSON = [
    "oneOf": [["$ref": "#/$defs/noise"], ["$ref": "#/$defs/blur"], ["type": "null"]],
    "$defs": [
      "noise": [
        "type": "object", "additionalProperties": false, "required": ["kind", "sd"],
        "properties": ["kind": ["const": "noise"], "sd": ["type": "number", "minimum": 0]],
      ],
      "blur": [
        "type": "object", "additionalProperties": false,
        "properties": ["kind": ["const": "blur"], "width": ["type": "integer", "default": 3]],
      ],
    ],
  ]

  @Test("of branches told apart by a constant only the meant one is reported")
  func discriminated() throws {
    #expect(try messages(Self.shift, ["kind": "noise", "sd": 1]) == [])
    #expect(
      try messages(Self.shift, ["kind": "noise", "sd": -1, "width": 2]) == [
        "at /sd: must be at least 0, but is -1",
        "at /width: the member 'width' is not known here; known are 'kind' and 'sd'",
      ])
    #expect(
      try messages(Self.shift, ["kind": "nose"]) == [
        "at /kind: must be \"noise\" or \"blur\", but is \"nose\"; did you mean \"noise\"?"
      ])
    #expect(
      try messages(Self.shift, ["sd": 1]) == [
        "lacks the member 'kind', which must be \"noise\" or \"blur\""
      ])
    #expect(try messages(Self.shift, 3) == ["must be an object or null, but is 3"])
  }

  @Test("branches without a constant report the nearest one")
  func nearestBranch() throws {
    let schema: JSON = [
      "anyOf": [
        ["title": "pair", "type": "object", "required": ["a", "b"]],
        ["title": "triple", "type": "object", "required": ["a", "b", "c"]],
      ]
    ]
    #expect(
      try messages(schema, ["a": 1]) == [
        "fits none of the 2 forms; the nearest is form 1, 'pair', where:", "lacks the member 'b'",
      ])
  }

  @Test("a schema may refer to itself below a member")
  func recursive() throws {
    let tree: JSON = [
      "type": "object", "additionalProperties": false,
      "properties": ["value": ["type": "integer"], "children": ["items": ["$ref": "#"]]],
    ]
    #expect(
      try messages(tree, ["children": [["children": [["value": "x"]]]]]) == [
        "at /children/0/children/0/value: must be an integer, but is \"x\""
      ])
  }

  @Test(
    "a schema that is wrong itself does not compile",
    arguments: [
      (
        ["minimun": 1],
        "at /minimun: the keyword 'minimun' is not supported; did you mean 'minimum'?"
      ),
      (["items": ["format": "date"]], "at /items/format: the keyword 'format' is not supported"),
      (["type": "float"], "at /type: must be null, boolean"),
      (["properties": ["a": 3]], "at /properties/a: a schema must be an object, true or false"),
      (["$ref": "#/$defs/shfit", "$defs": ["shift": true]], "did you mean '#/$defs/shift'?"),
      (["$ref": "other.json"], "must be a string that starts with '#'"),
      (["$ref": "#"], "in a circle"), (["pattern": "("], "is not a regular expression"),
      (["anyOf": []], "at least one schema"), (["minItems": -1], "an integer of at least 0"),
      (["required": ["a", "a"]], "different strings"),
      (
        ["required": ["b"], "properties": ["a": true], "additionalProperties": false],
        "'b' is required but not among"
      ),
      (["$schema": "http://json-schema.org/draft-07/schema#"], "draft/2020-12"),
      (
        ["properties": ["lr": ["maximum": 1, "default": 2]]],
        "the default is not valid here: it must be at most 1"
      ),
      (["properties": ["a": ["$ref": "#", "default": [:]]]], "the default contains itself"),
      (3, "a schema must be an object"),
    ] as [(JSON, String)])
  func badSchema(schema: JSON, message: String) {
    let error = #expect(throws: DocumentError.self) { try JSONSchema(schema, name: "s.json") }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "no error")")
    #expect(error?.description.hasPrefix("s.json: ") == true)
  }

  @Test("all problems of a schema are listed at once")
  func allSchemaProblems() {
    let error = #expect(throws: DocumentError.self) {
      try JSONSchema(["a": 1, "type": "x", "properties": ["p": ["minimum": "1"]]])
    }
    #expect(error?.problems.map(\.pointer) == ["/a", "/properties/p/minimum", "/type"])
  }

  @Test("defaults are filled in at every level, and numbers take the type of the schema")
  func completing() throws {
    let schema = try JSONSchema([
      "type": "object",
      "properties": [
        "lr": ["type": "number", "default": 0.1], "steps": ["type": "integer"],
        "optimiser": [
          "type": "object", "default": [:],
          "properties": ["name": ["default": "adam"], "beta": ["$ref": "#/$defs/beta"]],
        ],
        "absent": ["properties": ["inner": ["default": 1]]],
        "shifts": ["items": Self.shift["$defs"]?["blur"] ?? nil],
      ],
      "additionalProperties": ["properties": ["x": ["default": "y"]]],
      "$defs": ["beta": ["type": "number", "default": 1]],
    ])
    let completed = schema.completing([
      "steps": 3.0, "shifts": [["kind": "blur"], ["width": 5]], "other": [:],
    ])
    #expect(
      completed == [
        "lr": 0.1, "steps": 3, "optimiser": ["name": "adam", "beta": 1.0],
        "shifts": [["kind": "blur", "width": 3], ["width": 5]], "other": ["x": "y"],
      ])
    #expect(schema.completing(completed) == completed)
    #expect(
      schema.completing(["lr": 1]).canonicalText == schema.completing(["lr": 1.0]).canonicalText)
  }

  @Test("defaults come from the branch that the value fits")
  func completingBranches() throws {
    let schema = try JSONSchema(Self.shift)
    #expect(schema.completing(["kind": "blur"]) == ["kind": "blur", "width": 3])
    #expect(schema.completing(["kind": "noise", "sd": 1]) == ["kind": "noise", "sd": 1.0])
    #expect(schema.completing("neither") == "neither")
  }
}
