/// Files of SQLite's format that nobody's program writes.
enum HostileFile {
  private static let pageSize = 512
  private static let fan = 40

  /// A schema whose tree has `levels` of pages, each of which names the next one many times: a few
  /// kilobytes that stand for 40 to the power of `levels` tables.
  static func fannedOut(levels: Int) -> [UInt8] {
    var pages = (1...levels).map { fanPage($0, next: $0 + 1) }
    pages.append(leaf)
    return pages.flatMap(\.self)
  }

  /// The mark and the sizes that begin a file.
  private static func head(pageCount: Int) -> [UInt8] {
    var head = Array("SQLite format 3\0".utf8)
    head += big(pageSize, 2) + [1, 1, 0, 64, 32, 32]
    head += big(1, 4) + big(pageCount, 4) + big(0, 8)  // changes, pages, free pages
    head += big(1, 4) + big(4, 4) + big(0, 8) + big(1, 4)  // schema, format, caches, encoding
    head += big(1, 4) + big(0, 4)  // the version, and no vacuum
    head += big(0x4153_4159, 4) + big(0, 20) + big(1, 4) + big(3_040_001, 4)
    return head
  }

  private static func fanPage(_ number: Int, next: Int) -> [UInt8] {
    let start = number == 1 ? head(pageCount: 0) : []
    let cells = (0..<fan).map { big(next, 4) + [UInt8($0)] }
    var page = start + [5, 0, 0] + big(fan, 2) + big(pageSize - 5 * fan, 2) + [0] + big(next, 4)
    for place in 0..<fan { page += big(pageSize - 5 * (fan - place), 2) }
    return page + [UInt8](repeating: 0, count: pageSize - page.count - 5 * fan)
      + cells.flatMap(\.self)
  }

  /// A leaf with the row of one table.
  private static var leaf: [UInt8] {
    let texts = ["table", "t", "t"].map { Array($0.utf8) }
    let sql = Array("CREATE TABLE t(x)".utf8)
    let types = texts.map { UInt8(13 + 2 * $0.count) } + [1, UInt8(13 + 2 * sql.count)]
    let record = [UInt8(types.count + 1)] + types + texts.flatMap(\.self) + [2] + sql
    let cell = [UInt8(record.count), 1] + record
    let page =
      [0x0d, 0, 0] + big(1, 2) + big(pageSize - cell.count, 2) + [0]
      + big(pageSize - cell.count, 2)
    return page + [UInt8](repeating: 0, count: pageSize - page.count - cell.count) + cell
  }

  private static func big(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
  }
}
