package import Documents

/// Published or reference values that a report can be held against, schema `assay.ledger/1`.
package struct Ledger: Sendable {
  /// A group of a trial's rows.
  package struct Group: Equatable, Sendable {
    package var by: String
    package var key: String
  }

  /// One value: what was measured where, how exactly it should come again, and who says so.
  package struct Row: Equatable, Sendable {
    package var suite: String
    package var dataset: String
    /// The row's label in a report; `*` stands for every row.
    package var method: String
    package var setting: [String: JSON]
    package var metric: String
    /// In the unit of the metric: an accuracy of 61 % is 0.61.
    package var value: Double
    package var tolerance: Double
    package var source: String
    /// What the features were made with; nil where the dataset says it.
    package var backbone: String?
    /// How the published method was tuned: `none`, `val`, `cv`, `oracle` or `unknown`.
    package var selection: String
    /// The group of rows that the value is about, such as `shift` and `blur-3`; nil: all rows.
    package var group: Group?
    /// The seeds that the value is a mean over; nil: all that the report has.
    package var seeds: [Int]?
  }

  package let rows: [Row]

  /// Reads a ledger; the error lists every problem of the file.
  package init(path: String) throws {
    let schema = try JSONSchema(JSON(parsing: Ledger.schemaText))
    let value = try schema.completing(Document.read(path: path, schema: schema))
    rows = (value["rows"]?.array ?? []).map { row in
      Row(
        suite: row["suite"]?.string ?? "", dataset: row["dataset"]?.string ?? "",
        method: row["method"]?.string ?? "", setting: row["setting"]?.object ?? [:],
        metric: row["metric"]?.string ?? "", value: row["value"]?.double ?? .nan,
        tolerance: row["tolerance"]?.double ?? 0, source: row["source"]?.string ?? "",
        backbone: row["backbone"]?.string, selection: row["selection"]?.string ?? "none",
        group: row["group"].map {
          Group(by: $0["by"]?.string ?? "", key: $0["key"]?.string ?? "")
        },
        seeds: row["seeds"]?.array?.compactMap(\.int))
    }
  }

  /// The JSON Schema of `assay.ledger/1`.
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
        "schema": {"const": "assay.ledger/1"},
        "description": {"type": "string"},
        "rows": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": [
              "suite", "dataset", "method", "setting", "metric", "value", "tolerance", "source"
            ],
            "properties": {
              "suite": {"type": "string", "minLength": 1},
              "dataset": {"type": "string", "minLength": 1},
              "method": {
                "description": "A row's label in a report; * stands for every row.",
                "type": "string", "minLength": 1
              },
              "setting": {"type": "object"},
              "metric": {"type": "string", "minLength": 1},
              "value": {
                "description": "In the unit of the metric: an accuracy of 61 % is 0.61.",
                "type": "number"
              },
              "tolerance": {"type": "number", "minimum": 0},
              "source": {"type": "string", "minLength": 1},
              "backbone": {"type": "string", "minLength": 1},
              "selection": {
                "description": "How the published method was tuned; oracle: on the test rows.",
                "enum": ["none", "val", "cv", "oracle", "unknown"], "default": "none"
              },
              "group": {
                "description": "The group that the value is about; without it all rows.",
                "type": "object", "additionalProperties": false, "required": ["by", "key"],
                "properties": {"by": {"type": "string"}, "key": {"type": "string"}}
              },
              "seeds": {
                "description": "The seeds that the value is a mean over; without it all.",
                "type": "array", "items": {"type": "integer"}, "minItems": 1
              }
            }
          }
        }
      }
    }

    """#
}
