import Autograd
import Foundation
import Layers
import Tensors
import Testing

/// The stored results of PyTorch; `reference.py` made them.
struct Golden {
  let file: SafetensorsFile
  let name: String

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    file = try SafetensorsFile(path: folder.appending(path: "golden.safetensors").path())
    self.name = name
  }

  func numbers(_ tensor: String) throws -> [Float] {
    // Names of parameters carry that of their block, which the reference has not.
    let tensor = tensor.replacing("block.", with: "")
    return try file.tensor(named: "\(name)/\(tensor)").withElements(of: Float.self) { Array($0) }
  }

  func leaf(_ tensor: String, on tape: Tape) throws -> Variable {
    let form = try file.form(of: "\(name)/\(tensor)")
    return tape.constant(try numbers(tensor), shape: form.shape, needsGradient: true)
  }

  /// Sets parameters to the stored numbers of their names.
  func load(_ parameters: [NetworkParameter]) throws {
    for parameter in parameters where parameter.isTrained {
      let stored = try numbers(parameter.name)
      parameter.withNumbers { _ = $0.update(fromContentsOf: stored) }
    }
  }

  /// The largest difference from a stored tensor, relative to its largest number where above 1.
  func error(_ found: [Float]?, _ tensor: String) throws -> Float {
    let wanted = try numbers(tensor)
    guard let found, found.count == wanted.count else { return .infinity }
    let size = wanted.reduce(1) { max($0, abs($1)) }
    return zip(found, wanted).reduce(0) { max($0, abs($1.0 - $1.1)) } / size
  }
}
