internal import CSQLite
internal import Glibc

/// Why a store cannot be used.
package struct StoreError: Error, Equatable, CustomStringConvertible {
  package var description: String
  /// Whether the file itself is broken, so that nothing in it can be relied on.
  var isDamage = false

  package init(description: String) { self.description = description }
}

/// One connection to an SQLite file, which may be a stranger's.
///
/// Not for several threads at once.
// Unchecked invariant: the one owner, a `TrialStore`, uses it only inside its lock.
final class Database: @unchecked Sendable {
  /// What a connection may do with its file.
  enum Access {
    case read
    case write
    /// Nobody else may open the file meanwhile.
    case own
  }

  let path: String
  private let handle: OpaquePointer
  private let access: Access
  private var statements: [String: OpaquePointer] = [:]

  /// Opens a file; one that is to be written is made where there is none.
  ///
  /// A symbolic link in the place of the file is refused.
  init(path: String, access: Access) throws(StoreError) {
    self.path = path
    self.access = access
    var found: OpaquePointer?
    let flags =
      SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX
      | (access == .read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    let code = sqlite3_open_v2(Database.resolvingFolder(path), &found, flags, nil)
    guard let handle = found, code == SQLITE_OK else {
      let reason = found.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      if let found { sqlite3_close_v2(found) }
      throw StoreError(description: "\(path): the store cannot be opened: \(reason)")
    }
    self.handle = handle
    assay_shim_sqlite_distrust(handle)
    assay_shim_sqlite_bound(handle, 100_000)
    // A process that is just being started holds a lock that was given up for a moment longer.
    sqlite3_busy_timeout(handle, 500)
    for setting in ["cell_size_check=ON", "mmap_size=0", "temp_store=MEMORY"] {
      try run("PRAGMA \(setting)")
    }
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    if access == .own {
      // One file is left, which can be copied.
      sqlite3_exec(handle, "PRAGMA wal_checkpoint(TRUNCATE)", nil, nil, nil)
      sqlite3_exec(handle, "PRAGMA journal_mode=DELETE", nil, nil, nil)
    }
    sqlite3_close_v2(handle)
  }

  /// With `own` takes the file for this connection alone, and the log that makes a commit cheap.
  ///
  /// What was committed survives the death of the process. Should the machine fail, the last trials
  /// may be gone, but nothing before them and nothing by half.
  func beginWriting() throws(StoreError) {
    guard access == .own else { return }
    // Its pages are walked through as a whole before anything of theirs is followed.
    assay_shim_sqlite_bound(handle, 0)
    try run("PRAGMA locking_mode=EXCLUSIVE")
    try run("PRAGMA journal_mode=WAL")
    try run("PRAGMA synchronous=NORMAL")
  }

  /// Runs one statement; `row` is handed each row of its answer.
  func run(
    _ sql: String, _ values: [Value] = [], row: (Row) throws(StoreError) -> Void = { _ in }
  ) throws(StoreError) {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (place, value) in values.enumerated() { try bind(value, Int32(place + 1), statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: try row(Row(statement: statement))
      case SQLITE_DONE: return
      case let code: throw failure(code)
      }
    }
  }

  /// Runs statements that count together or not at all.
  func transaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try run("BEGIN IMMEDIATE")
    do throws(StoreError) {
      try body()
      try run("COMMIT")
    } catch {
      sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
  }

  // MARK: Values

  enum Value {
    case text(String)
    case bytes([UInt8])
  }

  /// A row of an answer, valid until the next one.
  struct Row {
    fileprivate let statement: OpaquePointer

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    func bytes(_ column: Int32) -> [UInt8] {
      // The pointer has to be asked for before the length, as SQLite's conversions go.
      guard let start = sqlite3_column_blob(statement, column) else { return [] }
      let count = Int(sqlite3_column_bytes(statement, column))
      return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
  }

  private func bind(
    _ value: Value, _ place: Int32, _ statement: OpaquePointer
  ) throws(StoreError) {
    let code =
      switch value {
      case .text(var text):
        text.withUTF8 { bytes in
          bytes.withMemoryRebound(to: CChar.self) {
            assay_shim_sqlite_bind_text(
              statement, place, $0.baseAddress, Int32(clamping: $0.count))
          }
        }
      case .bytes(let bytes):
        bytes.withUnsafeBytes {
          assay_shim_sqlite_bind_blob(
            statement, place, $0.baseAddress, Int32(clamping: $0.count))
        }
      }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func prepared(_ sql: String) throws(StoreError) -> OpaquePointer {
    if let known = statements[sql] { return known }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code) }
    statements[sql] = statement
    return statement
  }

  private func failure(_ code: Int32) -> StoreError {
    if code & 0xff == SQLITE_BUSY {
      return StoreError(
        description: "another run is writing \(path); wait for it, or choose another --output")
    }
    var error = StoreError(
      description: "\(path): the store cannot be used: \(String(cString: sqlite3_errmsg(handle)))")
    error.isDamage = [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_INTERRUPT].contains(code & 0xff)
    return error
  }

  /// The path with the links of its folder followed, so that only one in the file's place is
  /// refused.
  private static func resolvingFolder(_ path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let real = realpath(folder, nil) else { return path }
    defer { free(real) }
    let place = String(cString: real)
    return place.hasSuffix("/") ? place + name : "\(place)/\(name)"
  }
}
