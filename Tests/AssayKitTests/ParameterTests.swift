import AssayKit
import Documents
import Testing

enum Colour: String, CaseIterable, Sendable { case red, green }

struct Everything: MethodConfig {
  var scale = 100.0
  var rounds = 3
  var isFast = false
  var colour = Colour.green
  var title = "none"
  var grid = [0.5, 1]
  var sizes = [2, 8]

  static let parameters: [Parameter<Everything>] = [
    .number("scale", \.scale, 0.25...1000, "How large."),
    .integer("rounds", \.rounds, 1...9, "How often."),
    .flag("fast", \.isFast, "Whether to hurry."),
    .choice("colour", \.colour, "Which colour."),
    .text("title", \.title, "What to say."),
    .numbers("grid", \.grid, 0...2, count: 1...3, "What to try."),
    .integers("sizes", \.sizes, 1...9, count: 1...2, "Of what size."),
  ]
}

let refusals: [(config: JSON, sentence: String)] = [
  (
    ["scale": 0.2],
    "config key 'scale' is 0.2, but has to be a number from 0.25 to 1000.0"
  ),
  (["scale": "1"], "config key 'scale' is \"1\", but has to be a number from 0.25 to 1000.0"),
  (["rounds": 1.5], "config key 'rounds' is 1.5, but has to be a whole number from 1 to 9"),
  (["rounds": 10], "config key 'rounds' is 10, but has to be a whole number from 1 to 9"),
  (["fast": 1], "config key 'fast' is 1, but has to be true or false"),
  (["colour": "blue"], "config key 'colour' is \"blue\", but has to be one of 'red', 'green'"),
  (["title": nil], "config key 'title' is null, but has to be a text"),
  (["grid": []], "config key 'grid' is [], but has to be 1 to 3 numbers from 0.0 to 2.0"),
  (
    ["grid": [1, 3]], "config key 'grid' is [1,3], but has to be 1 to 3 numbers from 0.0 to 2.0"
  ),
  (
    ["sizes": [1.5]],
    "config key 'sizes' is [1.5], but has to be 1 to 2 whole numbers from 1 to 9"
  ),
  (
    ["sizes": [1, 2, 3]],
    "config key 'sizes' is [1,2,3], but has to be 1 to 2 whole numbers from 1 to 9"
  ),
  (
    ["speed": 1],
    "config key 'speed' is not known; the keys are 'colour', 'fast', 'grid', 'rounds', "
      + "'scale', 'sizes', 'title'"
  ),
  ([1], "the config has to be a JSON object, not [1]"),
]

@Suite("Parameters")
struct ParameterTests {
  @Test("one declaration gives the schema with type, default, range and description")
  func schema() throws {
    let wanted: JSON = [
      "type": "object", "additionalProperties": false,
      "properties": [
        "scale": [
          "type": "number", "minimum": 0.25, "maximum": 1000, "default": 100,
          "description": "How large.",
        ],
        "rounds": [
          "type": "integer", "minimum": 1, "maximum": 9, "default": 3,
          "description": "How often.",
        ],
        "fast": ["type": "boolean", "default": false, "description": "Whether to hurry."],
        "colour": [
          "type": "string", "enum": ["red", "green"], "default": "green",
          "description": "Which colour.",
        ],
        "title": ["type": "string", "default": "none", "description": "What to say."],
        "grid": [
          "type": "array", "items": ["type": "number", "minimum": 0, "maximum": 2],
          "minItems": 1, "maxItems": 3, "default": [0.5, 1], "description": "What to try.",
        ],
        "sizes": [
          "type": "array", "items": ["type": "integer", "minimum": 1, "maximum": 9],
          "minItems": 1, "maxItems": 2, "default": [2, 8], "description": "Of what size.",
        ],
      ],
    ]
    #expect(Everything.schema == wanted)
    #expect(NoConfig.schema["properties"] == .object([:]))
  }

  @Test("a complete config is read, and absent keys keep their defaults")
  func reading() throws {
    let config = try Everything(reading: [
      "scale": 2, "rounds": 4, "fast": true, "colour": "red", "title": "é", "grid": [0, 2],
    ])
    #expect(config.scale == 2 && config.rounds == 4 && config.isFast)
    #expect(config.colour == .red && config.title == "é" && config.grid == [0, 2])
    let untouched = try Everything(reading: .object([:]))
    #expect(untouched.scale == 100 && untouched.grid == [0.5, 1] && untouched.colour == .green)
  }

  @Test(
    "a value out of place is refused by a sentence that names key, value and what is wanted",
    arguments: refusals)
  func refusal(config: JSON, sentence: String) {
    #expect(throws: MethodError.config(sentence)) { try Everything(reading: config) }
  }

  @Test("a method without config refuses any key")
  func noConfig() throws {
    _ = try NoConfig(reading: .object([:]))
    #expect(throws: MethodError.config("config key 'a' is not known; this method has no config")) {
      try NoConfig(reading: ["a": 1])
    }
  }
}
