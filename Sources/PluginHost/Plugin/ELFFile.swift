internal import Glibc

/// What the dynamic section of a 64-bit ELF file says that decides what is loaded with it.
///
/// Offsets and tags as in the System V ABI, chapters 4 and 5. The file is read, not mapped, so that
/// one that is cut short meanwhile does no harm; every number in it is hostile.
struct ELFFile {
  /// The names in DT_NEEDED, DT_AUXILIARY and DT_FILTER, all of which the loader loads.
  private(set) var needed: [String] = []
  /// The folders of DT_RPATH, which libraries further down inherit.
  private(set) var oldPaths: [String] = []
  /// The folders of DT_RUNPATH.
  private(set) var runPaths: [String] = []
  private(set) var name: String?

  private static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1]
  private static let mostEntries = 4096
  /// Real libraries have about ten.
  private static let mostSegments = 512

  /// Reads an open file; nil for one that is no 64-bit ELF file of this byte order.
  init?(_ descriptor: Int32) {
    let header = ELFFile.read(descriptor, at: 0, count: 64)
    guard header.count == 64, header.starts(with: ELFFile.magic) else { return nil }
    guard let table = header.number(32), let size = header.short(54), let count = header.short(56),
      size == 56, count <= ELFFile.mostSegments
    else { return nil }
    let headers = ELFFile.read(descriptor, at: table, count: size * count)
    var segments: [(type: UInt32, offset: Int, address: Int, size: Int)] = []
    for start in stride(from: 0, through: headers.count - size, by: size) {
      guard let type = headers.word(start), let offset = headers.number(start + 8),
        let address = headers.number(start + 16), let size = headers.number(start + 32)
      else { continue }
      segments.append((type, offset, address, size))
    }
    guard let dynamic = segments.first(where: { $0.type == 2 }) else { return }
    let entries = ELFFile.read(
      descriptor, at: dynamic.offset, count: min(dynamic.size, ELFFile.mostEntries * 16))
    var strings: Int?
    var names: [(tag: Int, offset: Int)] = []
    for start in stride(from: 0, through: entries.count - 16, by: 16) {
      guard let tag = entries.number(start), let value = entries.number(start + 8) else { continue }
      if tag == 0 { break }
      if tag == 5 { strings = value } else { names.append((tag, value)) }
    }
    guard let strings,
      let home = segments.first(where: {
        $0.type == 1 && strings >= $0.address && strings - $0.address < $0.size
      })
    else { return }
    for (tag, offset) in names {
      let place = home.offset.addingReportingOverflow(strings - home.address)
      let start = place.partialValue.addingReportingOverflow(offset)
      guard !place.overflow, !start.overflow, start.partialValue >= 0 else { continue }
      func text() -> String {
        let bytes = ELFFile.read(descriptor, at: start.partialValue, count: 4096)
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      switch tag {
      case 1, 0x7FFF_FFFD, 0x7FFF_FFFF: needed.append(text())
      case 14: name = text()
      case 15: oldPaths += text().split(separator: ":").map(String.init)
      case 29: runPaths += text().split(separator: ":").map(String.init)
      default: break
      }
    }
  }

  private static func read(_ descriptor: Int32, at offset: Int, count: Int) -> [UInt8] {
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, offset))
    }
  }
}

extension [UInt8] {
  private func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: T.Type) -> T? {
    guard offset >= 0, offset <= count - MemoryLayout<T>.size else { return nil }
    return withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
  }

  fileprivate func short(_ offset: Int) -> Int? { load(offset, UInt16.self).map(Int.init) }
  fileprivate func word(_ offset: Int) -> UInt32? { load(offset, UInt32.self) }
  fileprivate func number(_ offset: Int) -> Int? {
    load(offset, UInt64.self).flatMap(Int.init(exactly:))
  }
}
