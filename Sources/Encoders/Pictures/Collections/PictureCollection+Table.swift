internal import Documents

extension PictureCollection {
  /// Reads a CSV table with a head line.
  ///
  /// It has a column `path`, relative to the table, and of `label`, `split` and `caption` what
  /// there is; every other column is a group. A picture with several captions has
  /// several columns whose names begin with `caption`, or several lines.
  static func table(_ path: String, split: Split) throws(Failure) -> PictureCollection {
    let text = try text(of: path)
    let records: [(line: Int, fields: [String])]
    do throws(CSVRecords.Failure) {
      records = try CSVRecords(text).records
    } catch {
      throw Failure(path: path, problems: [error.description])
    }
    var table = try PictureTable(path: path, head: records.first?.fields ?? [], split: split)
    for record in records.dropFirst() { table.take(record.fields, line: record.line) }
    return try table.collection()
  }
}

extension PictureCollection {
  /// The text of a file that goes with pictures.
  package static func text(of path: String) throws(Failure) -> String {
    do throws(PictureError) {
      return String(decoding: try FileContents.read(path, limits: PictureLimits()), as: UTF8.self)
    } catch {
      throw Failure(path: path, problems: [error.message])
    }
  }
}

/// The way through a table of pictures.
private struct PictureTable {
  private struct Row: Equatable {
    var entry: PictureCollection.Entry
    var className: String
    var line: Int
  }

  let path: String
  private let width: Int
  private let split: PictureCollection.Split
  private let folder: String
  private var pathColumn = 0
  private var labelColumn: Int?
  private var splitColumn: Int?
  private var captionColumns: [Int] = []
  private var groupColumns: [(name: String, column: Int)] = []
  private var rows: [Row] = []
  private var places: [String: Int] = [:]
  private var problems: [String] = []

  init(
    path: String, head: [String], split: PictureCollection.Split
  ) throws(PictureCollection.Failure) {
    self.path = path
    self.split = split
    width = head.count
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var seen: Set<String> = []
    for (column, name) in head.enumerated() {
      guard !name.isEmpty, seen.insert(name).inserted else {
        throw PictureCollection.Failure(
          path: path, problems: ["column \(column + 1) has no name of its own: '\(name)'"])
      }
      switch name {
      case "path": pathColumn = column
      case "label": labelColumn = column
      case "split": splitColumn = column
      case _ where name.hasPrefix("caption"): captionColumns.append(column)
      default: groupColumns.append((name, column))
      }
    }
    guard seen.contains("path") else {
      let hint = nearestName(to: "path", in: head).map { "; is it '\($0)'?" } ?? ""
      throw PictureCollection.Failure(
        path: path, problems: ["the table has no column 'path'\(hint)"])
    }
    guard labelColumn != nil || !captionColumns.isEmpty else {
      throw PictureCollection.Failure(
        path: path,
        problems: ["the table has neither a column 'label' nor a column 'caption'"])
    }
  }

  mutating func take(_ fields: [String], line: Int) {
    guard fields.count == width else {
      problems.append("line \(line) has \(fields.count) fields, and the head has \(width)")
      return
    }
    let name = fields[pathColumn]
    guard !name.isEmpty else {
      problems.append("line \(line) has no path")
      return
    }
    var split = split
    if let splitColumn, !fields[splitColumn].isEmpty {
      guard let named = PictureCollection.Split(named: fields[splitColumn]) else {
        let known = PictureCollection.Split.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("line \(line): the split '\(fields[splitColumn])' is none of \(known)")
        return
      }
      split = named
    }
    let className = split == .unlabelled ? "" : labelColumn.map { fields[$0] } ?? ""
    if className.isEmpty, labelColumn != nil, split != .unlabelled {
      problems.append("line \(line) has no label; give it one, or the split 'unlabelled'")
      return
    }
    var row = Row(
      entry: PictureCollection.Entry(
        name: name, path: name.hasPrefix("/") ? name : folder + name, split: split,
        captions: captionColumns.map { fields[$0] }.filter { !$0.isEmpty },
        groups: groupColumns.map { fields[$0.column] }),
      className: className, line: line)
    guard let place = places[name] else {
      places[name] = rows.count
      rows.append(row)
      return
    }
    // The same picture again is another caption of it, and nothing else.
    let captions = row.entry.captions
    (row.entry.captions, row.line) = (rows[place].entry.captions, rows[place].line)
    guard !captions.isEmpty, row == rows[place] else {
      problems.append(
        "line \(line) has the picture '\(name)' of line \(rows[place].line) again, with no further "
          + "caption or with other entries")
      return
    }
    rows[place].entry.captions += captions
  }

  consuming func collection() throws(PictureCollection.Failure) -> PictureCollection {
    if rows.isEmpty, problems.isEmpty { problems.append("the table lists no pictures") }
    let bare = rows.first {
      $0.className.isEmpty && $0.entry.captions.isEmpty && $0.entry.split != .unlabelled
    }
    if let bare { problems.append("line \(bare.line) has neither a label nor a caption") }
    guard problems.isEmpty else {
      throw PictureCollection.Failure(path: path, problems: Array(problems.prefix(20)))
    }
    let names = Set(rows.map(\.className)).subtracting([""]).sorted(by: Self.precedes)
    let labels = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    return PictureCollection(
      classes: names, groups: groupColumns.map(\.name),
      entries: rows.map { row in
        var entry = row.entry
        entry.label = labels[row.className]
        return entry
      })
  }

  /// Classes that are numbers are in the numbers' order.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    if let left = Int(left), let right = Int(right), left != right { return left < right }
    if Int(left) != nil, Int(right) == nil { return true }
    if Int(left) == nil, Int(right) != nil { return false }
    return left.precedes(right)
  }
}
