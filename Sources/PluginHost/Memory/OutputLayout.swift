internal import Tensors

/// Where the outputs of a job lie, in a file for each query set.
///
///     | slack A5.. | elements, on a 64-byte border | slack A5.. |   whole pages, for each output
///     | room for the outputs whose shapes the method decides    |   sparse, taken as needed
///
/// Elements lie as near the end of their pages as alignment allows, and a worker maps pages without
/// access on both sides: a write past the end meets the slack, which is checked, or dies.
struct OutputLayout {
  /// Whole pages for one output.
  struct Slot: Equatable {
    var fileOffset: Int
    var pageBytes: Int
    /// From the start of the slot to the first element.
    var dataOffset: Int
    var byteCount: Int

    /// Places `byteCount` bytes, at least 1, at the end of whole pages.
    init(fileOffset: Int, byteCount: Int) {
      self.fileOffset = fileOffset
      self.byteCount = byteCount
      pageBytes = rounded(byteCount, up: pageSize)
      dataOffset = pageBytes - rounded(byteCount, up: 64)
    }

    /// Writes the canary into the elements and the slack of mapped pages.
    func prepare(_ pages: UnsafeMutableRawBufferPointer, _ dtype: DType) {
      let dataEnd = dataOffset + byteCount
      for slack in [pages[..<dataOffset], pages[dataEnd...]] {
        UnsafeMutableRawBufferPointer(rebasing: slack).initializeMemory(
          as: UInt8.self, repeating: Canary.byte)
      }
      Canary.fill(UnsafeMutableRawBufferPointer(rebasing: pages[dataOffset..<dataEnd]), dtype)
    }
  }

  /// The slots of each query set by output; nil for outputs without elements or of open shape.
  private(set) var slots: [[Slot?]] = []
  /// The part of each file for outputs of open shape, empty without any.
  private(set) var open: Range<Int>
  private let hasOpenShape: [Bool]

  /// Lays out the outputs; `openBytes` is the room for those of open shape.
  init(_ queries: [QuerySet], openBytes: Int) {
    var furthest = 0
    for query in queries {
      var row: [Slot?] = []
      var end = 0
      for output in query.outputs {
        let byteCount = (output.shape?.count ?? 0) * output.dtype.size
        guard byteCount > 0 else {
          row.append(nil)
          continue
        }
        let slot = Slot(fileOffset: end, byteCount: byteCount)
        end += slot.pageBytes
        row.append(slot)
      }
      slots.append(row)
      furthest = max(furthest, end)
    }
    hasOpenShape = queries.map { $0.outputs.contains { $0.shape == nil } }
    let room = hasOpenShape.contains(true) ? rounded(openBytes, up: pageSize) : 0
    open = furthest..<furthest + room
  }

  /// Tells whether the room for open shapes holds so many bytes, at least 1, at that offset.
  func openHolds(_ byteCount: Int, at offset: Int) -> Bool {
    // In this order nothing overflows, whatever the numbers.
    open.contains(offset) && offset % pageSize == 0 && byteCount <= open.upperBound - offset
  }

  /// The most bytes of outputs of known shape that are mapped at a time.
  var fixedBytes: Int { open.lowerBound }

  /// Makes the file of a query set and lays the canary; nil when it has no outputs to be written.
  func makeFile(_ query: QuerySet, _ index: Int) throws -> AnonymousFile? {
    let byteCount = hasOpenShape[index] ? open.upperBound : open.lowerBound
    guard hasFile(index) else { return nil }
    let file = try AnonymousFile(name: "assay-output", byteCount: byteCount)
    for case (let output, let slot?) in zip(query.outputs, slots[index]) {
      try file.withWritableBytes(offset: slot.fileOffset, count: slot.pageBytes) {
        slot.prepare($0, output.dtype)
      }
    }
    return file
  }

  /// Whether a query set has a file.
  func hasFile(_ index: Int) -> Bool {
    hasOpenShape[index] || slots[index].contains { $0 != nil }
  }
}
