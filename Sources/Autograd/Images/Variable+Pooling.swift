internal import CKernels
internal import Tensors

extension Variable {
  /// The largest pixel of each window of `[N, C, H, W]`; of equal ones the first gets the gradient.
  ///
  /// The windows are as far apart as they are wide, unless a geometry says otherwise.
  public func maxPool(size: Int, geometry: WindowGeometry? = nil) -> Variable {
    let windows = windows(size, geometry)
    precondition(
      windows.padding.0 < size && windows.padding.1 < size, "a window may not lie in padding alone")
    let results = shape[0] * shape[1] * windows.places
    let pixels = windows.height * windows.width
    let output = tape.arena.take(results)
    let places = [Int32](unsafeUninitializedCapacity: results) { all, filled in
      filled = results
      guard let base = all.baseAddress else { return }
      for image in 0..<shape[0] * shape[1] {
        let start = image * windows.places
        assay_shim_maxima(windows, address + image * pixels, output + start, base + start)
      }
    }
    let result = Shape([shape[0], shape[1], windows.count.0, windows.count.1])
    return tape.record(result, at: output, of: [self]) { gradient in
      addToGradient { to in
        places.withUnsafeBufferPointer { all in
          guard let base = all.baseAddress else { return }
          for image in 0..<shape[0] * shape[1] {
            let start = image * windows.places
            assay_shim_scatter_add(
              gradient + start, base + start, windows.places, to + image * pixels)
          }
        }
      }
    }
  }

  /// The mean of each window of `[N, C, H, W]`, zeros of the padding counted.
  public func averagePool(size: Int, geometry: WindowGeometry? = nil) -> Variable {
    let (number, channels) = (shape[0], shape[1])
    let weight = tape.constant(
      repeatElement(1 / Float(size * size), count: size * size), shape: [1, 1, size, size])
    // Each channel is an image of its own.
    let result = reshaped(number * channels, 1, shape[2], shape[3]).conv2d(
      weight, geometry: geometry ?? WindowGeometry(stride: size))
    return result.reshaped(number, channels, result.shape[2], result.shape[3])
  }

  /// The mean of each channel of `[N, C, ...]`; `[N, C]`.
  public func globalAveragePool() -> Variable {
    precondition(shape.rank > 2, "\(shape) has no axes beside [N, C] to take means along")
    return mean(axes: Array(2..<shape.rank))
  }

  /// Each pixel of `[N, C, H, W]` as a square of `factor` pixels.
  public func upsampled(by factor: Int) -> Variable {
    precondition(shape.rank == 4 && factor > 0, "\(shape) cannot be enlarged \(factor) times")
    let (number, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    return reshaped(number * channels, height, 1, width, 1)
      .repeated(to: [number * channels, height, factor, width, factor])
      .reshaped(number, channels, height * factor, width * factor)
  }

  private func windows(_ size: Int, _ geometry: WindowGeometry?) -> assay_shim_windows {
    precondition(shape.rank == 4, "pooling takes images [N, C, H, W], not \(shape)")
    return (geometry ?? WindowGeometry(stride: size)).windows(
      (size, size), channels: 1, height: shape[2], width: shape[3])
  }
}
