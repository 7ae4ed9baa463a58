package import Tensors

/// The values of one case of a dataset, for what a contract says of them in words alone.
package struct GivenCase {
  /// Which tensors of a case: those that fit is handed, or those that the host keeps.
  package enum Member: String {
    case fit
    case truth
  }

  /// What is wrong with a tensor.
  package struct Fault {
    package let member: Member
    package let name: String
    /// A clause that begins with the name.
    package let message: String
  }

  /// The extent of a symbol of the contract, where the case settles it.
  package let extent: (String) -> Int?
  private let tensor: (Member, String, DType) -> Tensor?

  package init(
    extent: @escaping (String) -> Int?, tensor: @escaping (Member, String, DType) -> Tensor?
  ) {
    self.extent = extent
    self.tensor = tensor
  }

  func floats(_ member: Member, _ name: String) -> [Float]? {
    tensor(member, name, .f32)?.withElements(of: Float.self) { Array($0) }
  }

  func integers(_ member: Member, _ name: String) -> [Int32]? {
    tensor(member, name, .i32)?.withElements(of: Int32.self) { Array($0) }
  }

  /// Numbers of truth that are below the least one, or reach an end.
  func outside(
    _ least: Int32, _ end: Int?, _ name: String, _ wanted: String
  ) -> [Fault] {
    guard let numbers = integers(.truth, name),
      let row = numbers.firstIndex(where: { $0 < least || Int($0) >= end ?? .max })
    else { return [] }
    let range = end.map { " in 0 ..< \($0)" } ?? ""
    let message = "'\(name)' is \(numbers[row]) in row \(row), not \(wanted)\(range)"
    return [Fault(member: .truth, name: name, message: message)]
  }
}
