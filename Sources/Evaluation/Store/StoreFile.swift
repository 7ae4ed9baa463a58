internal import Glibc

/// What makes a file a store: a mark, a version, and exactly these tables.
enum StoreFile {
  /// `ASAY`, in SQLite's place for the mark of an application.
  private static let mark = 0x4153_4159
  private static let version = 1

  private static let tables = [
    """
    CREATE TABLE columns(digest TEXT PRIMARY KEY NOT NULL, bytes BLOB NOT NULL)
    """,
    """
    CREATE TABLE trials(number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, \
    digest TEXT NOT NULL, record TEXT NOT NULL)
    """,
  ]

  /// Makes the tables of a new file, checks those of an old one, and begins to write.
  static func prepare(_ database: Database) throws(StoreError) {
    let isEmpty = try schema(of: database).isEmpty
    // A file of somebody else must be left as it is.
    if !isEmpty { try checkSchema(database) } else { try checkUnmarked(database) }
    try database.beginWriting()
    guard isEmpty else { return }
    try database.transaction { () throws(StoreError) in
      for table in tables { try database.run(table) }
      try database.run("PRAGMA application_id=\(mark)")
      try database.run("PRAGMA user_version=\(version)")
    }
  }

  /// Refuses what holds more or less than the tables of a store, such as triggers and views.
  static func checkSchema(_ database: Database) throws(StoreError) {
    let found = try schema(of: database)
    guard try number("application_id", of: database) == mark else { throw foreign(database) }
    let version = try number("user_version", of: database)
    guard version == Self.version else {
      throw StoreError(
        description: "\(database.path): the store is of version \(version), and this build reads "
          + "\(Self.version); use the release of assay that wrote it, or choose another --output")
    }
    guard found == tables else {
      var error = StoreError(
        description: "\(database.path): the tables are not those of a store; choose another "
          + "--output")
      error.isDamage = true
      throw error
    }
  }

  /// Walks through the pages of the file; throws when its structure is broken.
  static func check(_ database: Database) throws(StoreError) {
    var findings: [String] = []
    try database.run("PRAGMA quick_check(1)") { findings.append($0.text(0)) }
    guard findings != ["ok"] else { return }
    var error = StoreError(
      description: "\(database.path): the store is broken: \(findings.joined(separator: "; "))")
    error.isDamage = true
    throw error
  }

  // MARK: Broken files

  /// Whether a file that cannot be used was a store once: its mark is there, but for a flipped bit.
  static func isOurs(_ path: String) -> Bool {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var head = [UInt8](repeating: 0, count: 100)
    let count = pread(file, &head, head.count, 0)
    let place = 68
    guard count >= place + 4 else { return false }
    let found = head[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    return (found ^ mark).nonzeroBitCount <= 1
  }

  /// Moves a broken file and its log out of the way and returns its new name.
  static func setAside(_ path: String) throws(StoreError) -> String {
    let aside = path + ".broken"
    guard rename(path, aside) == 0 else {
      throw StoreError(
        description: "\(path): the store is broken and cannot be moved away: "
          + systemMessage(errno))
    }
    for ending in ["-wal", "-shm", "-journal"] { unlink(path + ending) }
    return aside
  }

  // MARK: Reading the schema

  private static func schema(of database: Database) throws(StoreError) -> [String] {
    var found: [String] = []
    // The indexes that SQLite makes by itself have no text.
    try database.run("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") {
      found.append($0.text(0))
    }
    return found
  }

  private static func checkUnmarked(_ database: Database) throws(StoreError) {
    let found = try number("application_id", of: database)
    guard found == 0 || found == mark else { throw foreign(database) }
  }

  private static func number(
    _ name: String, of database: Database
  ) throws(StoreError) -> Int {
    var found = 0
    try database.run("PRAGMA \(name)") { found = $0.int(0) }
    return found
  }

  private static func foreign(_ database: Database) -> StoreError {
    StoreError(description: "\(database.path): this is not a store; choose another --output")
  }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
