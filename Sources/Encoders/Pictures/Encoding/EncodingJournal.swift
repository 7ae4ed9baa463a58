package import Documents
internal import Glibc

/// The rows that an encoding has made so far, so that it goes on where it was stopped.
///
///     let journal = try EncodingJournal(in: "out/.encode", plan: digest, streams: [...], count: n)
///     while journal.done < n { ... try journal.append(rows) }
///
/// Each stream is a file of raw f32 rows that grows batch by batch; the first is written last, so
/// that its length tells what is whole. A journal of another plan is thrown away.
package final class EncodingJournal {
  /// The rows of one kind: those of the first `limit` pictures.
  package struct Stream: Equatable, Sendable {
    package var name: String
    /// The numbers of a row.
    package var width: Int
    package var limit: Int

    package init(_ name: String, width: Int, limit: Int) {
      self.name = name
      self.width = width
      self.limit = limit
    }

    var rowBytes: Int { width * MemoryLayout<Float>.stride }
  }

  package let folder: String
  package let streams: [Stream]
  /// The number of pictures that are done.
  package private(set) var done = 0
  /// What was wrong with pictures that were left out, by their places.
  package private(set) var skipped: [Int: String] = [:]
  private let batch: Int

  /// Opens what is there of the plan, or begins it.
  ///
  /// - Parameters:
  ///   - plan: Of all that the rows depend on.
  ///   - batch: The pictures of a batch. It goes on at a whole one, so that the rows are the same,
  ///     bit by bit, as without a stop.
  package init(
    in folder: String, plan: Digest, streams: [Stream], batch: Int
  ) throws(EncodingFailure) {
    precondition(!streams.isEmpty && batch > 0)
    self.folder = folder
    self.streams = streams
    self.batch = batch
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw Self.failure("cannot make the folder \(folder)")
    }
    if (try? Self.text(of: planPath)) == plan.description + "\n" {
      done = streams.reduce(streams[0].limit) { done, stream in
        let rows = Self.size(path(of: stream)) / stream.rowBytes
        return rows < min(done, stream.limit) ? rows : done
      }
      if done < streams[0].limit { done -= done % batch }
      for line in (try? Self.text(of: skippedPath))?.split(separator: "\n") ?? [] {
        let parts = line.split(separator: "\t", maxSplits: 1)
        guard parts.count == 2, let place = Int(parts[0]), place < done else { continue }
        skipped[place] = String(parts[1])
      }
    }
    for stream in streams {
      try Self.cut(path(of: stream), to: min(done, stream.limit) * stream.rowBytes)
    }
    try Self.write(
      skipped.sorted { $0.key < $1.key }.map { Self.line($0.key, $0.value) }.joined(),
      to: skippedPath)
    try Self.write(plan.description + "\n", to: planPath)
  }

  private var planPath: String { "\(folder)/plan" }
  private var skippedPath: String { "\(folder)/skipped" }

  /// Where the rows of a stream lie.
  package func path(of stream: Stream) -> String { "\(folder)/\(stream.name).f32" }

  /// Adds the rows of the next `count` pictures: for each stream in order those that it has.
  package func append(
    _ rows: [[Float]], count: Int, skipping problems: [Int: String] = [:]
  ) throws(EncodingFailure) {
    precondition(rows.count == streams.count)
    for (stream, rows) in zip(streams, rows) {
      let wanted = max(0, min(done + count, stream.limit) - done)
      precondition(rows.count == wanted * stream.width, "'\(stream.name)' lacks rows")
    }
    if !problems.isEmpty {
      let lines = problems.sorted { $0.key < $1.key }.map { Self.line($0.key, $0.value) }
      try Self.add(Array(lines.joined().utf8), to: skippedPath)
      skipped.merge(problems) { $1 }
    }
    for (stream, rows) in zip(streams, rows).reversed() {
      try rows.withUnsafeBufferPointer { (rows) throws(EncodingFailure) in
        try Self.add(UnsafeRawBufferPointer(rows), to: path(of: stream))
      }
    }
    done += count
  }

  /// Removes the journal, once a dataset was made of it.
  package func remove() {
    for stream in streams { unlink(path(of: stream)) }
    unlink(planPath)
    unlink(skippedPath)
    rmdir(folder)
  }

  private static func line(_ place: Int, _ problem: String) -> String {
    "\(place)\t\(problem.replacing("\n", with: " "))\n"
  }

  // MARK: Files

  private static func failure(_ action: String) -> EncodingFailure {
    EncodingFailure("\(action): \(String(cString: strerror(errno)))")
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func text(of path: String) throws(PictureError) -> String {
    String(decoding: try FileContents.read(path, limits: PictureLimits()), as: UTF8.self)
  }

  private static func cut(_ path: String, to size: Int) throws(EncodingFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure("cannot write \(path)") }
    defer { close(file) }
    guard ftruncate(file, off_t(size)) == 0 else { throw failure("cannot write \(path)") }
  }

  private static func add(_ bytes: [UInt8], to path: String) throws(EncodingFailure) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(EncodingFailure) in
      try add(UnsafeRawBufferPointer(bytes), to: path)
    }
  }

  private static func add(
    _ bytes: UnsafeRawBufferPointer, to path: String
  ) throws(EncodingFailure) {
    let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard file >= 0 else { throw failure("cannot write \(path)") }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let written = Glibc.write(file, piece.baseAddress, piece.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure("cannot write \(path)") }
      rest = rest.dropFirst(written)
    }
  }

  private static func write(_ text: String, to path: String) throws(EncodingFailure) {
    do throws(AtomicFile.Failure) {
      try AtomicFile.write(to: path) { (sink) throws(AtomicFile.Failure) in
        try sink.write(Array(text.utf8))
      }
    } catch {
      throw EncodingFailure("\(path): \(error)")
    }
  }
}
