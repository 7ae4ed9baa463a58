internal import CSystem
internal import Glibc

/// Pages of a tensor between two pages without access.
///
/// Unsafe invariant: `base` points at `byteCount` mapped bytes until `release` or `expire`.
struct GuardedPages {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Maps whole pages of a file for writing.
  init(_ descriptor: Int32, offset: Int, byteCount: Int) throws(SystemError) {
    base = try GuardedPages.reserve(byteCount)
    self.byteCount = byteCount
    let mapped = mmap(
      base, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, offset)
    if mapped == MAP_FAILED { throw failure("map", errno) }
  }

  /// Maps whole pages of a sealed file, read-only and all at once.
  ///
  /// The file belongs to this trial alone: pages that several processes map carry marks that another
  /// could find, such as the waiters of a futex.
  init(readOnly descriptor: Int32, byteCount: Int) throws(SystemError) {
    base = try GuardedPages.reserve(byteCount)
    self.byteCount = byteCount
    let flags = MAP_PRIVATE | MAP_FIXED | MAP_POPULATE
    let mapped = mmap(base, byteCount, PROT_READ, flags, descriptor, 0)
    if mapped == MAP_FAILED { throw failure("map", errno) }
  }

  /// Makes pages of this process alone, which `fill` writes, read-only afterwards unless writable.
  init(
    byteCount: Int, isWritable: Bool, fill: (UnsafeMutableRawBufferPointer) -> Void
  ) throws(SystemError) {
    base = try GuardedPages.reserve(byteCount)
    self.byteCount = byteCount
    guard mprotect(base, byteCount, PROT_READ | PROT_WRITE) == 0 else {
      throw failure("map", errno)
    }
    fill(UnsafeMutableRawBufferPointer(start: base, count: byteCount))
    if !isWritable { mprotect(base, byteCount, PROT_READ) }
  }

  /// Moves whole pages that are mapped elsewhere between guards.
  init(moving pages: UnsafeMutableRawPointer, byteCount: Int) throws(SystemError) {
    base = try GuardedPages.reserve(byteCount)
    self.byteCount = byteCount
    let code = assay_shim_move_pages(pages, byteCount, base)
    if code != 0 { throw failure("move", code) }
  }

  /// Addresses without access, for the pages and a guard on both sides.
  private static func reserve(_ byteCount: Int) throws(SystemError) -> UnsafeMutableRawPointer {
    let start = mmap(
      nil, byteCount + 2 * pageSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let start, start != MAP_FAILED else {
      throw SystemError("cannot map \(byteCount) bytes", errno)
    }
    return start + pageSize
  }

  private func failure(_ step: String, _ code: Int32) -> SystemError {
    release()
    return SystemError("cannot \(step) \(byteCount) bytes", code)
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
