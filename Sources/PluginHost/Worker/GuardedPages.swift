internal import CSystem
internal import Glibc

/// Pages of a shared file between two pages without access.
///
/// Unsafe invariant: `base` points at `byteCount` mapped bytes until `release` or `expire`.
struct GuardedPages {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Maps whole pages of a file for reading, or for writing by both sides.
  init(
    _ descriptor: Int32, offset: Int = 0, byteCount: Int, isWritable: Bool = false
  ) throws(SystemError) {
    let reserve = mmap(
      nil, byteCount + 2 * pageSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let reserve, reserve != MAP_FAILED else {
      throw SystemError("cannot map \(byteCount) bytes", errno)
    }
    // Private for reading: before Linux 6.7 a sealed file has no shared mappings at all.
    let base = mmap(
      reserve + pageSize, byteCount, isWritable ? PROT_READ | PROT_WRITE : PROT_READ,
      (isWritable ? MAP_SHARED : MAP_PRIVATE | MAP_POPULATE) | MAP_FIXED, descriptor, offset)
    guard let base, base != MAP_FAILED else {
      let code = errno
      munmap(reserve, byteCount + 2 * pageSize)
      throw SystemError("cannot map \(byteCount) bytes", code)
    }
    self.base = base
    self.byteCount = byteCount
  }

  /// Lets the fault handler tell this region from others.
  func watch(pages kind: UInt32?, guards: UInt32, index: Int) {
    assay_shim_fault_watch(base - pageSize, byteCount + 2 * pageSize, guards, UInt32(index))
    if let kind { assay_shim_fault_watch(base, byteCount, kind, UInt32(index)) }
  }

  /// Takes the memory away but keeps the addresses, so that a late touch is a fault.
  func expire() {
    mmap(
      base, byteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0)
  }

  /// Gives memory and addresses back.
  func release() { munmap(base - pageSize, byteCount + 2 * pageSize) }
}
