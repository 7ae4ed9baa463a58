internal import Glibc

/// The little of a library file's dynamic section that the sandbox has to know before loading it.
enum ELFFile {
  /// The folders in DT_RPATH and DT_RUNPATH; empty for a file that is not a 64-bit library.
  static func runPaths(of path: String) -> [String] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, Int32(SEEK_END)))
    guard size > 64 else { return [] }
    let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let base, base != MAP_FAILED else { return [] }
    defer { munmap(base, size) }
    return Image(bytes: UnsafeRawBufferPointer(start: base, count: size)).runPaths()
  }

  /// Offsets and tags as in the System V ABI, chapters 4 and 5; every read is checked.
  private struct Image {
    let bytes: UnsafeRawBufferPointer

    func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T? {
      guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { return nil }
      return bytes.loadUnaligned(fromByteOffset: offset, as: type)
    }

    func word(_ offset: Int) -> Int? { load(offset, as: UInt64.self).flatMap(Int.init(exactly:)) }

    func runPaths() -> [String] {
      let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1]
      guard bytes.prefix(magic.count).elementsEqual(magic), let headers = word(32),
        let headerSize = load(54, as: UInt16.self), let count = load(56, as: UInt16.self)
      else { return [] }
      var segments: [(type: UInt32, offset: Int, address: Int, size: Int)] = []
      for index in 0..<Int(count) {
        let at = headers &+ index * Int(headerSize)
        guard let type = load(at, as: UInt32.self), let offset = word(at &+ 8),
          let address = word(at &+ 16), let size = word(at &+ 32)
        else { return [] }
        segments.append((type, offset, address, size))
      }
      guard let dynamic = segments.first(where: { $0.type == 2 }) else { return [] }
      var strings: Int?
      var names: [Int] = []
      for entry in 0..<min(dynamic.size / 16, 4096) {
        let at = dynamic.offset &+ entry * 16
        guard let tag = word(at), let value = word(at &+ 8) else { continue }
        if tag == 5 { strings = value }
        if tag == 15 || tag == 29 { names.append(value) }
        if tag == 0 { break }
      }
      guard let strings,
        let home = segments.first(where: {
          $0.type == 1 && strings >= $0.address && strings - $0.address < $0.size
        })
      else { return [] }
      let table = home.offset &+ (strings - home.address)
      return names.flatMap { name in text(table &+ name).split(separator: ":").map(String.init) }
    }

    func text(_ offset: Int) -> String {
      guard offset >= 0, offset < bytes.count else { return "" }
      let tail = bytes[offset...].prefix(4096)
      return String(decoding: tail.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
