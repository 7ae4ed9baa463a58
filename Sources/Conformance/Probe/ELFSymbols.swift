internal import Glibc

/// The dynamic symbols of a 64-bit library file; every read is checked.
struct ELFSymbols {
  /// Names that the library offers to others; weak and unique ones, which C++ makes of templates
  /// and lets all libraries share, are left out.
  private(set) var exported: [String] = []
  /// Names that the library must find elsewhere; weak ones are left out.
  private(set) var needed: [String] = []

  /// Reads a file; nil when it is no 64-bit library of this byte order.
  init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, Int32(SEEK_END)))
    guard size > 64, let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      base != MAP_FAILED
    else { return nil }
    defer { munmap(base, size) }
    guard read(UnsafeRawBufferPointer(start: base, count: size)) else { return nil }
  }

  /// Section and symbol layouts as in the System V ABI, chapter 4.
  private mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ at: Int, _ type: T.Type) -> Int? {
      guard at >= 0, at <= bytes.count - MemoryLayout<T>.size else { return nil }
      return Int(exactly: bytes.loadUnaligned(fromByteOffset: at, as: type))
    }
    func text(_ at: Int) -> String {
      guard at >= 0, at < bytes.count else { return "" }
      return String(decoding: bytes[at...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
    }
    guard bytes.prefix(6).elementsEqual([0x7F, 0x45, 0x4C, 0x46, 2, 1]),
      let sections = load(40, UInt64.self), let width = load(58, UInt16.self),
      let count = load(60, UInt16.self)
    else { return false }
    for index in 0..<count {
      let header = sections &+ index * width
      // SHT_DYNSYM
      guard load(header &+ 4, UInt32.self) == 11 else { continue }
      guard let start = load(header &+ 24, UInt64.self), let size = load(header &+ 32, UInt64.self),
        let link = load(header &+ 40, UInt32.self),
        let names = load(sections &+ link &* width &+ 24, UInt64.self)
      else { return false }
      for at in stride(from: start, to: start &+ size, by: 24).dropFirst() {
        guard let name = load(at, UInt32.self), let info = load(at + 4, UInt8.self),
          let other = load(at + 5, UInt8.self), let section = load(at + 6, UInt16.self)
        else { return false }
        let (isWeak, isVisible) = (info >> 4 == 2, other & 3 == 0 || other & 3 == 3)
        if section == 0 {
          if !isWeak { needed.append(text(names &+ name)) }
        } else if isVisible && info >> 4 == 1 {
          exported.append(text(names &+ name))
        }
      }
    }
    return true
  }
}
