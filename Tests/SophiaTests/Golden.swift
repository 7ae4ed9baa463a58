import Foundation
import Tensors

/// What the authors' code computed; `golden.py` says which, and packed it.
struct Golden {
  private let file: SafetensorsFile
  private let name: String

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    file = try SafetensorsFile(path: folder.appending(path: "golden.safetensors").path())
    self.name = name
  }

  func floats(_ tensor: String) throws -> [Float] {
    try file.tensor(named: "\(name)/\(tensor)").withElements(of: Float.self) { Array($0) }
  }

  func integers(_ tensor: String) throws -> [Int32] {
    try file.tensor(named: "\(name)/\(tensor)").withElements(of: Int32.self) { Array($0) }
  }

  /// One of the equal parts that a tensor's first axis has.
  func floats(_ tensor: String, _ place: Int, of count: Int) throws -> [Float] {
    let all = try floats(tensor)
    let width = all.count / count
    return Array(all[place * width..<(place + 1) * width])
  }
}

/// The largest difference of two arrays, or infinity where they are not equally long.
func difference(_ found: [Float], _ wanted: [Float]) -> Float {
  guard found.count == wanted.count else { return .infinity }
  return zip(found, wanted).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
