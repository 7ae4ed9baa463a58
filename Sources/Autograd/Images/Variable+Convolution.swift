internal import CKernels
internal import Tensors

extension Variable {
  /// The convolution of images `[N, C, H, W]` with a kernel `[K, C / groups, h, w]`;
  /// `[N, K, H', W']`.
  ///
  /// As in all of deep learning the kernel is not flipped. Each image becomes a matrix of its
  /// windows, which a product takes; the matrix is made again on the way back rather than kept.
  ///
  ///     let edges = images.conv2d(tape.use(kernel), geometry: WindowGeometry(padding: 1))
  public func conv2d(
    _ kernel: Variable, _ bias: Variable? = nil, geometry: WindowGeometry = WindowGeometry(),
    groups: Int = 1
  ) -> Variable {
    precondition(
      shape.rank == 4 && kernel.shape.rank == 4 && groups > 0
        && shape[1] == kernel.shape[1] * groups && kernel.shape[0].isMultiple(of: groups),
      "a kernel \(kernel.shape) in \(groups) groups does not fit images \(shape)")
    precondition(
      bias == nil || bias?.shape == [kernel.shape[0]],
      "a bias for \(kernel.shape[0]) channels has not the shape \(bias?.shape ?? [])")
    let windows = geometry.windows(
      (kernel.shape[2], kernel.shape[3]), channels: kernel.shape[1], height: shape[2],
      width: shape[3])
    let step = ConvolutionStep(
      images: self, kernel: kernel, bias: bias, windows: windows, groups: groups)
    return tape.record(
      [shape[0], kernel.shape[0], windows.count.0, windows.count.1],
      of: [self, kernel] + (bias.map { [$0] } ?? [])
    ) {
      step.compute($0)
    } walk: {
      step.slopes($0)
    }
  }

  /// The convolution of sequences `[N, C, L]` with a kernel `[K, C / groups, l]`; `[N, K, L']`.
  public func conv1d(
    _ kernel: Variable, _ bias: Variable? = nil, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1
  ) -> Variable {
    precondition(
      shape.rank == 3 && kernel.shape.rank == 3,
      "a kernel \(kernel.shape) does not fit sequences \(shape)")
    let geometry = WindowGeometry(
      stride: (1, stride), padding: (0, padding), dilation: (1, dilation))
    let result = reshaped(shape[0], shape[1], 1, shape[2]).conv2d(
      kernel.reshaped(kernel.shape[0], kernel.shape[1], 1, kernel.shape[2]), bias,
      geometry: geometry, groups: groups)
    return result.reshaped(result.shape[0], result.shape[1], result.shape[3])
  }

  /// The windows that tile images `[N, C, H, W]`, as rows `[N, places, C · size · size]`.
  ///
  /// The tokens of a vision transformer: a product with the kernel of its patches follows.
  public func patches(size: Int) -> Variable {
    precondition(
      shape.rank == 4 && size > 0 && shape[2].isMultiple(of: size)
        && shape[3].isMultiple(of: size), "\(shape) is not tiled by patches of \(size) pixels")
    let (down, across) = (shape[2] / size, shape[3] / size)
    return reshaped(shape[0], shape[1], down, size, across, size).permuted(0, 2, 4, 1, 3, 5)
      .reshaped(shape[0], down * across, shape[1] * size * size)
  }
}

/// One use of a convolution.
private struct ConvolutionStep {
  let images, kernel: Variable
  let bias: Variable?
  /// The windows over the channels of one group.
  let windows: assay_shim_windows
  let groups: Int

  private var tape: Tape { images.tape }
  private var number: Int { images.shape[0] }
  /// The channels that one group gives.
  private var outputs: Int { kernel.shape[0] / groups }
  private var places: Int { windows.places }

  /// Calls `body` with each group of each image: where pixels, kernel and results start.
  private func eachPart(_ body: (_ pixels: Int, _ weights: Int, _ results: Int) -> Void) {
    for part in 0..<number * groups {
      body(
        part * windows.pixels, part % groups * outputs * windows.area, part * outputs * places)
    }
  }

  private func weights(
    _ base: UnsafeMutablePointer<Float>, transposed: Bool = false
  ) -> Operand {
    Operand(address: base, stride: windows.area, isTransposed: transposed)
  }

  private func grid(_ base: UnsafeMutablePointer<Float>, transposed: Bool = false) -> Operand {
    Operand(address: base, stride: places, isTransposed: transposed)
  }

  func compute(_ output: UnsafeMutablePointer<Float>) {
    if let bias {
      for channel in 0..<number * kernel.shape[0] {
        (output + channel * places).update(
          repeating: bias.address[channel % kernel.shape[0]], count: places)
      }
    }
    tape.withScratch(windows.area * places) { columns in
      eachPart { pixels, start, results in
        assay_shim_unfold(windows, images.address + pixels, columns)
        tape.multiply(
          weights(kernel.address + start), grid(columns), into: grid(output + results),
          m: outputs, n: places, inner: windows.area, adds: bias != nil)
      }
    }
  }

  func slopes(_ gradient: UnsafeMutablePointer<Float>) {
    bias?.addToGradient { to in
      let channels = kernel.shape[0]
      let extents = StridedWalk(extents: [number, channels, places])
      extents.run(into: (to, [0, 1, 0]), (gradient, [channels * places, places, 1]), adds: true)
    }
    kernel.addToGradient { to in
      tape.withScratch(windows.area * places) { columns in
        eachPart { pixels, start, results in
          assay_shim_unfold(windows, images.address + pixels, columns)
          tape.multiply(
            grid(gradient + results), grid(columns, transposed: true), into: weights(to + start),
            m: outputs, n: windows.area, inner: places, adds: true)
        }
      }
    }
    images.addToGradient { to in
      tape.withScratch(windows.area * places) { columns in
        eachPart { pixels, start, results in
          tape.multiply(
            weights(kernel.address + start, transposed: true), grid(gradient + results),
            into: grid(columns), m: windows.area, n: places, inner: outputs, adds: false)
          assay_shim_fold_add(windows, columns, to + pixels)
        }
      }
    }
  }
}
