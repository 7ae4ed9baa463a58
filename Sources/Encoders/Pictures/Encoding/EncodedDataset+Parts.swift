internal import Documents
internal import Tensors

extension EncodedDataset {
  /// The files of the folder, each whole or not at all.
  struct Parts {
    let folder: String
    let plan: EncodingPlan
    let journal: EncodingJournal

    private func write(
      _ name: String, _ body: (borrowing AtomicFile.Sink) throws(AtomicFile.Failure) -> Void
    ) throws(EncodingFailure) {
      do throws(AtomicFile.Failure) {
        try AtomicFile.write(to: "\(folder)/\(name)", body)
      } catch {
        throw EncodingFailure("\(folder)/\(name): \(error)")
      }
    }

    func writeLines(_ lines: [String], to name: String) throws(EncodingFailure) {
      try write(name) { (sink) throws(AtomicFile.Failure) in
        for line in lines { try sink.write(Array((line + "\n").utf8)) }
      }
    }

    func write(_ numbers: [Float], shape: [Int], to name: String) throws(EncodingFailure) {
      do throws(TensorError) {
        try Tensor(numbers, shape: Shape(shape)).writeNPY(to: "\(folder)/\(name)")
      } catch {
        throw EncodingFailure("\(error)")
      }
    }

    func write(_ numbers: [Int32], to name: String) throws(EncodingFailure) {
      do throws(TensorError) {
        try Tensor(numbers, shape: [numbers.count]).writeNPY(to: "\(folder)/\(name)")
      } catch {
        throw EncodingFailure("\(error)")
      }
    }

    /// Copies rows of a stream, `[N] + row`, of which there may be more than fit into memory.
    func write(
      _ stream: EncodingJournal.Stream, _ places: [Int], row: [Int], to name: String
    ) throws(EncodingFailure) {
      let header: [UInt8]
      let mapped: TensorStorage
      do throws(TensorError) {
        header = try Tensor.npyHeader(.f32, Shape([places.count] + row))
        mapped = try TensorStorage.mapping(journal.path(of: stream))
      } catch {
        throw EncodingFailure("\(error)")
      }
      let rows = UnsafeRawBufferPointer(start: mapped.base, count: mapped.byteCount)
      try write(name) { (sink) throws(AtomicFile.Failure) in
        try sink.write(header)
        for place in places {
          let start = place * stream.rowBytes
          try sink.write(UnsafeRawBufferPointer(rebasing: rows[start..<start + stream.rowBytes]))
        }
      }
      withExtendedLifetime(mapped) {}
    }
  }
}
