internal import CPictures
internal import Glibc
internal import Synchronization

/// A process that decodes, alive as long as this is.
final class DecoderProcess: Sendable {
  private let socket: Int32
  let process: pid_t
  private let stopped = Mutex(false)

  init(_ limits: PictureLimits, _ path: String) throws(PictureError) {
    var socket: Int32 = -1
    var process: pid_t = 0
    let error = assay_shim_decoder_start(UInt64(limits.memory), &socket, &process)
    guard error == 0 else {
      throw PictureError(
        .decoderDied, path: path,
        "no process for decoding could be started: \(String(cString: strerror(-error)))")
    }
    self.socket = socket
    self.process = process
  }

  deinit { stop() }

  /// Ends the process; the signal that it had died of before.
  @discardableResult
  private func stop() -> Int32 {
    stopped.withLock { stopped in
      if stopped { return 0 }
      stopped = true
      return assay_shim_decoder_stop(socket, process)
    }
  }

  func picture(
    of bytes: [UInt8], _ format: PictureFormat, _ limits: PictureLimits, _ path: String
  ) throws(PictureError) -> Picture {
    var left = Int64(limits.seconds * 1000)
    var result = assay_shim_decoded()
    var error = assay_shim_decoder_ask(
      socket, format.code, bytes, bytes.count, UInt64(limits.pixels), &left, &result)
    if error == 0, result.status == ASSAY_SHIM_DECODED {
      let (width, height) = (Int(result.width), Int(result.height))
      let count = width * height * 3
      let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
        guard let start = buffer.baseAddress else { return }
        error = assay_shim_decoder_take(socket, start, count, &left)
        initialised = error == 0 ? count : 0
      }
      if error == 0 { return Picture(width: width, height: height, bytes: pixels) }
    }
    if error == -ETIMEDOUT {
      stop()
      throw PictureError(
        .tookTooLong, path: path,
        "decoding took more than \(limits.seconds) s; save the picture anew, or leave it out")
    }
    if error != 0 {
      let signal = stop()
      let reason = signal == 0 ? "its process ended" : "its process died of signal \(signal)"
      throw PictureError(
        .decoderDied, path: path,
        "the picture brought its decoder down (\(reason)); save it anew, or leave it out")
    }
    throw PictureError(result, path: path)
  }
}
