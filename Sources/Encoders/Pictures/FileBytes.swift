/// Numbers and names at places of a file that may lie about itself: nil beyond the end.
struct FileBytes {
  let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// The byte at a place from 0.
  subscript(place: Int) -> Int? {
    guard place >= 0, place < bytes.count else { return nil }
    return Int(bytes[bytes.startIndex + place])
  }

  /// The number in `size` bytes.
  func number(at place: Int, size: Int, isBigEndian: Bool) -> Int? {
    guard place >= 0, place <= bytes.count - size else { return nil }
    let start = bytes.startIndex + place
    let part = bytes[start..<start + size]
    return isBigEndian
      ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  func big16(_ place: Int) -> Int? { number(at: place, size: 2, isBigEndian: true) }
  func big32(_ place: Int) -> Int? { number(at: place, size: 4, isBigEndian: true) }
  func little16(_ place: Int) -> Int? { number(at: place, size: 2, isBigEndian: false) }
  func little24(_ place: Int) -> Int? { number(at: place, size: 3, isBigEndian: false) }
  func little32(_ place: Int) -> Int? { number(at: place, size: 4, isBigEndian: false) }

  /// What lies from a place on, at most `count` bytes.
  func part(from place: Int, count: Int = .max) -> FileBytes {
    FileBytes(bytes.dropFirst(max(0, place)).prefix(max(0, count)))
  }

  func starts(with text: String) -> Bool { bytes.starts(with: text.utf8) }

  /// The place behind the first occurrence of a text.
  func end(of text: String) -> Int? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
    for start in bytes.startIndex...bytes.endIndex - wanted.count
    where bytes[start] == first && bytes[start...].starts(with: wanted) {
      return start - bytes.startIndex + wanted.count
    }
    return nil
  }
}
