import Autograd
import Tensors
import Testing

@Suite("Convolution and pooling")
struct ImageTests {
  typealias Input = GradientCheck.Input

  @Test(
    "convolutions have the gradients of their differences",
    arguments: [(1, 0, 1), (2, 1, 1), (1, 2, 2), (3, 1, 1)], [1, 2])
  func convolution(geometry: (Int, Int, Int), groups: Int) {
    let inputs = [Input(2, 4, 5, 7), Input(6, 4 / groups, 3, 2, seed: 2), Input(6, seed: 3)]
    let geometry = WindowGeometry(
      stride: geometry.0, padding: geometry.1, dilation: geometry.2)
    #expect(
      GradientCheck.error(inputs) {
        $0[0].conv2d($0[1], $0[2], geometry: geometry, groups: groups)
      } < tolerance)
    #expect(
      GradientCheck.error([inputs[0], inputs[1]]) {
        $0[0].conv2d($0[1], geometry: geometry, groups: groups)
      } < tolerance)
  }

  @Test("convolutions along one axis have the gradients of their differences")
  func sequences() {
    let inputs = [Input(2, 3, 9), Input(4, 3, 3, seed: 2), Input(4, seed: 3)]
    #expect(
      GradientCheck.error(inputs) { $0[0].conv1d($0[1], $0[2], stride: 2, padding: 1) }
        < tolerance)
    #expect(
      GradientCheck.error([Input(1, 1, 1), Input(1, 1, 1)]) { $0[0].conv1d($0[1]) } < tolerance)
  }

  @Test("a convolution is the sum over its windows")
  func value() {
    let tape = Tape()
    let image = tape.constant((0..<9).map { Float($0) }, shape: [1, 1, 3, 3])
    let kernel = tape.constant([1, 10, 100, 1000], shape: [1, 1, 2, 2])
    let result = image.conv2d(kernel)
    #expect(result.numbers == [4310, 5421, 7643, 8754])
    let padded = image.conv2d(kernel, geometry: WindowGeometry(stride: 2, padding: 1))
    #expect(padded.numbers == [0, 2100, 6030, 8754])
  }

  @Test("pools have the gradients of their differences", arguments: [(2, 2, 0), (3, 2, 1)])
  func pools(geometry: (Int, Int, Int)) {
    // Numbers far apart, so that no step changes which is largest.
    let numbers = (0..<60).map { Float(($0 * 37) % 60) / 4 }
    let x = Input(numbers, shape: [2, 1, 5, 6])
    let windows = WindowGeometry(stride: geometry.1, padding: geometry.2)
    #expect(
      GradientCheck.error([x]) { $0[0].maxPool(size: geometry.0, geometry: windows) }
        < tolerance)
    #expect(
      GradientCheck.error([Input(2, 2, 5, 6)]) {
        $0[0].averagePool(size: geometry.0, geometry: windows)
      } < tolerance)
    let y = Input(2, 2, 3, 5)
    #expect(GradientCheck.error([y]) { $0[0].globalAveragePool() } < tolerance)
    #expect(GradientCheck.error([x]) { $0[0].upsampled(by: 3) } < tolerance)
    #expect(GradientCheck.error([Input(2, 2, 4, 4)]) { $0[0].patches(size: 2) } < tolerance)
  }

  @Test("pools give the largest and the mean, and pixels repeated")
  func poolValues() {
    let tape = Tape()
    let image = tape.constant([1, 5, 2, 3, 0, -4, 7, 8], shape: [1, 1, 2, 4])
    #expect(image.maxPool(size: 2).numbers == [5, 8])
    #expect(image.averagePool(size: 2).numbers == [0.5, 5])
    #expect(image.globalAveragePool().numbers == [2.75])
    #expect(
      image.slice(0..<2, axis: 3).upsampled(by: 2).numbers == [
        1, 1, 5, 5, 1, 1, 5, 5, 0, 0, -4, -4, 0, 0, -4, -4,
      ])
    #expect(image.patches(size: 2).numbers == [1, 5, 0, -4, 2, 3, 7, 8])
  }

  @Test("patches with a product are the convolution whose windows do not overlap")
  func patches() {
    let tape = Tape()
    let (image, kernel) = (Input(2, 3, 4, 4), Input(5, 3, 2, 2, seed: 2))
    let x = tape.constant(image.numbers, shape: image.shape)
    let w = tape.constant(kernel.numbers, shape: kernel.shape)
    let tokens = x.patches(size: 2).linear(w.reshaped(5, 12))
    let direct = x.conv2d(w, geometry: WindowGeometry(stride: 2)).reshaped(2, 5, 4).transposed()
    #expect(zip(tokens.numbers, direct.numbers).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
