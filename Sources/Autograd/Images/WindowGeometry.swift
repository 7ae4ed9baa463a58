internal import CKernels
internal import Tensors

/// How windows slide over an image: steps, margins and gaps, in pixels, the same in both directions
/// unless given for each.
public struct WindowGeometry: Sendable {
  /// The steps from window to window, down and across.
  public var stride: (Int, Int)
  /// The zeros around the image, above and below, left and right.
  public var padding: (Int, Int)
  /// The distance of neighbouring pixels of a window.
  public var dilation: (Int, Int)

  /// Sets the same for both directions.
  public init(stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
    self.init(
      stride: (stride, stride), padding: (padding, padding), dilation: (dilation, dilation))
  }

  /// Sets down and across.
  public init(stride: (Int, Int), padding: (Int, Int), dilation: (Int, Int)) {
    precondition(
      stride.0 > 0 && stride.1 > 0 && dilation.0 > 0 && dilation.1 > 0 && padding.0 >= 0
        && padding.1 >= 0, "windows move and spread by at least one pixel")
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The windows of a size over an image `[channels, height, width]`.
  func windows(_ size: (Int, Int), channels: Int, height: Int, width: Int) -> assay_shim_windows {
    let down = count(size.0, height, stride.0, padding.0, dilation.0)
    let across = count(size.1, width, stride.1, padding.1, dilation.1)
    return assay_shim_windows(
      channels: channels, height: height, width: width, size: size, stride: stride,
      padding: padding, dilation: dilation, count: (down, across))
  }

  private func count(
    _ size: Int, _ extent: Int, _ stride: Int, _ padding: Int, _ dilation: Int
  ) -> Int {
    let room = extent + 2 * padding - dilation * (size - 1) - 1
    precondition(
      size > 0 && room >= 0,
      "a window of \(size) pixels, \(dilation) apart, does not fit into \(extent) and "
        + "\(padding) on each side")
    return room / stride + 1
  }
}

extension assay_shim_windows {
  /// The number of windows.
  var places: Int { count.0 * count.1 }
  /// The number of pixels of a window, over all channels.
  var area: Int { channels * size.0 * size.1 }
  /// The number of pixels of an image.
  var pixels: Int { channels * height * width }
}
