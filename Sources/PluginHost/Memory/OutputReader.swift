internal import Contracts
internal import Tensors

/// Reads the outputs of a finished job and holds them against the contract.
struct OutputReader {
  let job: TrialJob
  let layout: OutputLayout
  /// The settled outputs of each query set; nil where its call never began or has none.
  let files: [AnonymousFile?]
  let allocations: [Int: [String: WorkerMessage.Allocation]]

  /// The outputs by name for each query set; `symbols` are those that the fit inputs settled.
  func read(_ symbols: SymbolTable) throws -> [[String: Tensor]] {
    var results: [[String: Tensor]] = []
    for (index, query) in job.queries.enumerated() {
      var symbols = symbols
      for input in query.inputs {
        try job.contract.checkInput(input, in: job.contract.predict, &symbols)
      }
      results.append(try read(query, index, &symbols))
    }
    return results
  }

  private func read(
    _ query: QuerySet, _ index: Int, _ symbols: inout SymbolTable
  ) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (place, output) in query.outputs.enumerated() {
      let isOptional =
        Contract.spec(named: output.name, in: job.contract.outputs)?.isOptional ?? false
      var shape = output.shape
      var slot = layout.slots[index][place]
      if shape == nil {
        guard let allocation = allocations[index]?[output.name] else {
          if isOptional { continue }
          throw ContractBreach(
            kind: "missing-output",
            message: "\(whose(output, query)) was not allocated; call host->alloc_output for it")
        }
        (shape, slot) = try locate(allocation, output, query)
      }
      guard let shape else { continue }
      let tensor: Tensor
      if let slot {
        guard let file = files[index] else {
          throw ContractBreach(
            kind: "output-unwritten",
            message: "\(whose(output, query)) was not written: its call never began")
        }
        guard let written = try read(file, slot, shape, output, query, isOptional) else { continue }
        tensor = written
      } else {
        tensor = Tensor(dtype: output.dtype, shape: shape) { _ in }
      }
      try job.contract.checkOutput(tensor, named: output.name, &symbols)
      result[output.name] = tensor
    }
    return result
  }

  /// Checks what a worker says of an allocation, which a plugin may have forged.
  private func locate(
    _ allocation: WorkerMessage.Allocation, _ output: OutputSpec, _ query: QuerySet
  ) throws(ContractBreach) -> (Shape, OutputLayout.Slot?) {
    guard allocation.dtype == output.dtype else {
      throw ContractBreach(
        kind: "dtype-output",
        message: "\(whose(output, query)) is \(allocation.dtype.rawValue) where "
          + "\(output.dtype.rawValue) is wanted")
    }
    let offset = allocation.fileOffset
    guard let byteCount = allocation.shape.checkedByteCount(allocation.dtype),
      byteCount == 0 || layout.openHolds(byteCount, at: offset)
    else {
      throw ContractBreach(
        kind: "shape-output",
        message: "\(whose(output, query)) has the impossible shape \(allocation.shape)")
    }
    let slot =
      byteCount == 0 ? nil : OutputLayout.Slot(fileOffset: offset, byteCount: byteCount)
    return (allocation.shape, slot)
  }

  /// Reads one output; nil for an optional one that was left alone.
  private func read(
    _ file: AnonymousFile, _ slot: OutputLayout.Slot, _ shape: Shape, _ output: OutputSpec,
    _ query: QuerySet, _ isOptional: Bool
  ) throws -> Tensor? {
    guard slot.fileOffset + slot.pageBytes <= file.byteCount else { return nil }
    let storage = try file.mapped(offset: slot.fileOffset, count: slot.pageBytes)
    let pages = UnsafeRawBufferPointer(start: storage.base, count: slot.pageBytes)
    let dataEnd = slot.dataOffset + slot.byteCount
    let isIntact =
      Canary.isIntact(UnsafeRawBufferPointer(rebasing: pages[..<slot.dataOffset]))
      && Canary.isIntact(UnsafeRawBufferPointer(rebasing: pages[dataEnd...]))
    guard isIntact else {
      throw ContractBreach(
        kind: "output-bounds",
        message: "the plugin wrote outside \(whose(output, query)) of shape \(shape)")
    }
    let data = UnsafeRawBufferPointer(rebasing: pages[slot.dataOffset..<dataEnd])
    if let (count, first) = Canary.unwritten(data, output.dtype) {
      if isOptional && count == shape.count { return nil }
      throw ContractBreach(
        kind: "output-unwritten",
        message: "\(count) of the \(shape.count) values of \(whose(output, query)) were never "
          + "written, the first is element \(first)")
    }
    return Tensor(
      dtype: output.dtype, shape: shape, storage: storage, byteOffset: slot.dataOffset)
  }

  private func whose(_ output: OutputSpec, _ query: QuerySet) -> String {
    "output '\(output.name)' of query set '\(query.name)'"
  }
}
