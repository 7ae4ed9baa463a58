package import Documents
internal import Glibc
internal import Synchronization
package import Tensors

/// The trials of a run and their per-sample outcomes in one SQLite file, `report.store` beside
/// `report.json`.
///
/// Every trial stands there with the digest of its text, every column under the digest of its bytes,
/// which are those of a `.npy` file; equal columns of many trials are kept once. A trial is on disk
/// with its columns, or not at all, when `append` returns. What does not match its digest counts as
/// not there.
///
///     let store = try TrialStore(writing: "out/report.store", fresh: false)
///     try store.append(record, columns)
///     let known = store.existing
package final class TrialStore: Sendable {
  package let path: String
  /// The trials found when the store was opened to be written, in the order of writing.
  package let existing: [TrialRecord]
  /// What was wrong with the file, one sentence each; empty for a store as it was written.
  package let damage: [String]
  private let connection: Mutex<Connection>

  private struct Connection {
    var database: Database?
    var isWriting = false
    /// Why the file could not be read, which is not tried again for every column.
    var refusal: StoreError?
  }

  private struct Recovery {
    var database: Database
    var records: [TrialRecord]
    var sentences: [String]
  }

  /// The store at a path, which is opened when it is first needed.
  package init(path: String) {
    self.path = path
    existing = []
    damage = []
    connection = Mutex(Connection())
  }

  /// The store that belongs to a report: `out/report.store` beside `out/report.json`.
  package convenience init(besideReport path: String) {
    self.init(path: (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".store")
  }

  /// Opens the store of a run, or starts it; one process at a time may hold it.
  ///
  /// With `fresh`, the trials of an earlier run are discarded. A file that is a store but broken is
  /// set aside under another name; one of somebody else is refused and left alone.
  package init(writing path: String, fresh: Bool) throws(StoreError) {
    self.path = path
    var found: Recovery
    do throws(StoreError) {
      found = try TrialStore.recover(path, fresh: fresh)
    } catch {
      guard error.isDamage, StoreFile.isOurs(path) else { throw error }
      let aside = try StoreFile.setAside(path)
      found = try TrialStore.recover(path, fresh: fresh)
      found.sentences = ["it is broken and now lies in \(aside): its trials are measured anew"]
    }
    existing = found.records
    damage = found.sentences.map { "\(path): \($0)" }
    connection = Mutex(Connection(database: found.database, isWriting: true))
  }

  /// Whether there is such a file.
  package var isThere: Bool { access(path, F_OK) == 0 }

  /// Lets go of the file, which then is whole by itself; the next use opens it again.
  package func close() { connection.withLock { $0 = Connection() } }

  // MARK: Trials

  /// Keeps a finished trial with its columns, in place of an earlier one of the same id.
  package func append(
    _ record: TrialRecord, _ columns: [Tensor] = []
  ) throws(StoreError) {
    let text = record.json.canonicalText
    var kept = try columns.map { column throws(StoreError) in try StoredColumn(column) }
    if let list = record.columnList { kept.append(StoredColumn(list)) }
    try writing { database throws(StoreError) in
      for column in kept { try column.put(in: database) }
      try database.run(
        "INSERT OR REPLACE INTO trials(id, digest, record) VALUES(?, ?, ?)",
        [.text(record.id.description), .text(Digest(of: text).description), .text(text)])
    }
  }

  /// Reads the trials that are as they were written, drops the others and says so.
  private static func recover(
    _ path: String, fresh: Bool
  ) throws(StoreError) -> Recovery {
    let database = try Database(path: path, access: .own)
    try StoreFile.prepare(database)
    try StoreFile.check(database)
    var records: [TrialRecord] = []
    var damaged: [Int] = []
    var sentences: [String] = []
    if !fresh {
      try database.run("SELECT number, id, digest, record FROM trials ORDER BY number") { row in
        let text = row.text(3)
        if Digest(of: text).description == row.text(2), let json = try? JSON(parsing: text),
          let record = try? TrialRecord(json: json), record.id.description == row.text(1)
        {
          records.append(record)
        } else {
          damaged.append(row.int(0))
        }
      }
    }
    try database.transaction { () throws(StoreError) in
      if fresh { for table in ["trials", "columns"] { try database.run("DELETE FROM \(table)") } }
      for number in damaged {
        try database.run("DELETE FROM trials WHERE number = ?", [.text("\(number)")])
      }
    }
    if !damaged.isEmpty {
      let (trials, they) =
        damaged.count == 1 ? ("1 trial is", "it is") : ("\(damaged.count) trials are", "they are")
      sentences.append("\(trials) not as written: \(they) measured anew")
    }
    return Recovery(database: database, records: records, sentences: sentences)
  }

  // MARK: Columns

  /// Keeps columns and returns their digests by name.
  package func write(_ columns: [String: Tensor]) throws(StoreError) -> [String: Digest] {
    var kept: [String: StoredColumn] = [:]
    for (name, column) in columns { kept[name] = try StoredColumn(column) }
    try writing { database throws(StoreError) in
      for column in kept.values { try column.put(in: database) }
    }
    return kept.mapValues(\.digest)
  }

  /// Keeps one column.
  package func write(_ column: Tensor) throws(StoreError) -> Digest {
    let kept = try StoredColumn(column)
    try writing { database throws(StoreError) in try kept.put(in: database) }
    return kept.digest
  }

  /// The digests that columns have in a store.
  static func digests(of columns: [String: Tensor]) throws(StoreError) -> [String: Digest] {
    var digests: [String: Digest] = [:]
    for (name, column) in columns { digests[name] = try StoredColumn(column).digest }
    return digests
  }

  /// Reads the columns that a trial names.
  package func read(_ digests: [String: Digest]) throws(StoreError) -> [String: Tensor] {
    var columns: [String: Tensor] = [:]
    for name in digests.keys.sorted() {
      if let digest = digests[name] { columns[name] = try read(digest) }
    }
    return columns
  }

  /// Reads one column; one whose bytes are not those that were written is refused.
  package func read(_ digest: Digest) throws(StoreError) -> Tensor {
    guard let column = try column(digest) else {
      throw StoreError(description: "\(path) has no column \(digest.short)")
    }
    do { return try Tensor.reading(npy: column.bytes) } catch {
      throw StoreError(description: "\(path): the column \(digest.short): \(error)")
    }
  }

  /// Reads a list of columns: the digests of a trial by the kinds and the names of its columns.
  func columnList(_ digest: Digest) throws(StoreError) -> [String: [String: Digest]] {
    guard let column = try column(digest), let json = try? JSON(parsing: column.bytes),
      case .object(let kinds) = json
    else {
      throw StoreError(description: "\(path) has no list of columns \(digest.short)")
    }
    return kinds.mapValues { columns in
      (columns.object ?? [:]).compactMapValues { $0.string.flatMap(Digest.init(hex:)) }
    }
  }

  /// Tells whether every column of a trial is there as it was written.
  package func holds(_ trial: TrialRecord) -> Bool {
    trial.sampleDigests.allSatisfy { (try? column($0)) != nil }
  }

  /// Takes over columns from another store and returns those that are not there.
  ///
  /// Throws when one was changed, or cannot be written.
  package func copy(
    _ digests: some Sequence<Digest>, from other: TrialStore
  ) throws(StoreError) -> [Digest] {
    let wanted = Set(digests).sorted()
    guard other.isThere else { return wanted }
    var missing: [Digest] = []
    try writing { database throws(StoreError) in
      for digest in wanted {
        if let column = try other.column(digest) {
          try column.put(in: database)
        } else {
          missing.append(digest)
        }
      }
    }
    return missing
  }

  /// A column; nil where there is none.
  private func column(_ digest: Digest) throws(StoreError) -> StoredColumn? {
    let bytes = try connection.withLock { connection throws(StoreError) -> [UInt8]? in
      let database = try open(&connection, toWrite: false)
      var found: [UInt8]?
      try database.run("SELECT bytes FROM columns WHERE digest = ?", [.text(digest.description)]) {
        found = $0.bytes(0)
      }
      return found
    }
    guard let bytes else { return nil }
    guard let column = StoredColumn(bytes, digest) else {
      throw StoreError(
        description: "\(path): the column \(digest.short) was changed after it was written; run "
          + "the trials again")
    }
    return column
  }

  // MARK: The file

  private func writing(
    _ body: (Database) throws(StoreError) -> Void
  ) throws(StoreError) {
    try connection.withLock { connection throws(StoreError) in
      let database = try open(&connection, toWrite: true)
      try database.transaction { () throws(StoreError) in try body(database) }
    }
  }

  private func open(
    _ connection: inout Connection, toWrite: Bool
  ) throws(StoreError) -> Database {
    if let database = connection.database, connection.isWriting || !toWrite { return database }
    if !toWrite, let refusal = connection.refusal { throw refusal }
    do throws(StoreError) {
      let database = try Database(path: path, access: toWrite ? .write : .read)
      if toWrite {
        try StoreFile.prepare(database)
      } else {
        try StoreFile.checkSchema(database)
      }
      connection = Connection(database: database, isWriting: toWrite)
      return database
    } catch {
      if !toWrite { connection.refusal = error }
      throw error
    }
  }
}

/// The bytes of a column, which are those of a `.npy` file, and their digest.
private struct StoredColumn {
  let bytes: [UInt8]
  let digest: Digest

  init(_ column: Tensor) throws(StoreError) {
    do { bytes = try column.npyHeader() + column.withBytes { Array($0) } } catch {
      throw StoreError(description: "a column cannot be kept: \(error)")
    }
    digest = bytes.withUnsafeBytes { Digest(of: $0) }
  }

  /// The list of a trial's columns.
  init(_ list: String) {
    bytes = Array(list.utf8)
    digest = Digest(of: list)
  }

  /// Takes over bytes that were kept; nil when they are not those of the digest.
  init?(_ bytes: [UInt8], _ digest: Digest) {
    guard bytes.withUnsafeBytes({ Digest(of: $0) }) == digest else { return nil }
    self.bytes = bytes
    self.digest = digest
  }

  /// Writes the column unless it is there; one that was damaged is put right.
  func put(in database: Database) throws(StoreError) {
    var known: [UInt8]?
    let name = Database.Value.text(digest.description)
    try database.run("SELECT bytes FROM columns WHERE digest = ?", [name]) { known = $0.bytes(0) }
    guard known != bytes else { return }
    try database.run(
      "INSERT OR REPLACE INTO columns(digest, bytes) VALUES(?, ?)", [name, .bytes(bytes)])
  }
}
