internal import CSystem
internal import Glibc
package import Tensors

/// Memory of one tensor between pages without access, for scripts.
///
/// A touch of the guards, or a write to an input, ends the worker with a fault that names `index`.
package final class GuardedTensor {
  package let data: UnsafeMutableRawPointer?
  private let pages: GuardedPages?
  private let slot: OutputLayout.Slot?
  private let dtype: DType
  private let index: Int

  /// Memory that holds a tensor, by default read-only.
  package init(input tensor: Tensor, isWritable: Bool = false, index: Int) throws {
    dtype = tensor.dtype
    self.index = index
    slot = nil
    guard tensor.byteCount > 0 else {
      (data, pages) = (nil, nil)
      return
    }
    let pages = try GuardedPages(
      byteCount: rounded(tensor.byteCount, up: pageSize), isWritable: isWritable
    ) { bytes in tensor.withBytes { bytes.copyMemory(from: $0) } }
    pages.watch(
      pages: isWritable ? nil : ASSAY_SHIM_FAULT_INPUT, guards: ASSAY_SHIM_FAULT_PAST_INPUT,
      index: index)
    self.pages = pages
    data = pages.base
  }

  /// Memory for an output, filled with the canary.
  package init(output shape: Shape, _ dtype: DType, index: Int) throws {
    self.dtype = dtype
    self.index = index
    let byteCount = shape.count * dtype.size
    guard byteCount > 0 else {
      (data, pages, slot) = (nil, nil, nil)
      return
    }
    let slot = OutputLayout.Slot(fileOffset: 0, byteCount: byteCount)
    let pages = try GuardedPages(byteCount: slot.pageBytes, isWritable: true) { _ in }
    pages.watch(pages: nil, guards: ASSAY_SHIM_FAULT_OUTPUT_GUARD, index: index)
    slot.prepare(UnsafeMutableRawBufferPointer(start: pages.base, count: slot.pageBytes), dtype)
    self.slot = slot
    self.pages = pages
    data = pages.base + slot.dataOffset
  }

  /// Takes an input away, so that a later touch is a fault.
  package func expire() {
    guard let pages else { return }
    pages.expire()
    pages.watch(pages: nil, guards: ASSAY_SHIM_FAULT_PAST_INPUT, index: index)
  }

  /// What is wrong with an output after the call, as a clause; nil when it was written whole.
  ///
  /// An optional one may be left alone, but not begun.
  package func complaint(isOptional: Bool) -> String? {
    guard let pages, let slot else { return nil }
    let bytes = UnsafeRawBufferPointer(start: pages.base, count: pages.byteCount)
    let end = slot.dataOffset + slot.byteCount
    guard Canary.isIntact(UnsafeRawBufferPointer(rebasing: bytes[..<slot.dataOffset])),
      Canary.isIntact(UnsafeRawBufferPointer(rebasing: bytes[end...]))
    else { return "was written outside its bounds" }
    let data = UnsafeRawBufferPointer(rebasing: bytes[slot.dataOffset..<end])
    let all = slot.byteCount / dtype.size
    guard let (count, first) = Canary.unwritten(data, dtype), !(isOptional && count == all) else {
      return nil
    }
    return "has \(count) of \(all) values that were never written, the first is element \(first)"
  }
}
