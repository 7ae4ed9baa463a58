internal import CSystem
internal import Glibc
internal import Synchronization

/// Hands a worker the tensors of each call when the call begins, and takes its outputs for good
/// before the next one begins.
///
/// Calls are numbered: 0 is `fit`, then one for each `predict`. The worker asks for a call by its
/// number on a socket and gets descriptors: the inputs, each once, then the output file. Numbers only
/// go up; asking for a call ends all before it. So whoever has a call's inputs can no longer change
/// what an earlier call put out, also when the plugin itself speaks on the socket.
///
/// What several trials are handed is copied for each: two that had one file could signal each other
/// by its time of access, by waiting on its pages, by which of them are in memory. Other descriptors
/// are opened anew, so that calls share no offset, flag or owner.
final class TensorServer: Sendable {
  /// The files of one call.
  struct Call: Sendable {
    var inputs: [AnonymousFile]
    /// Makes the file of the outputs when the call begins; nil for a call without any.
    var makeOutput: (@Sendable () throws -> AnonymousFile?)?
  }

  private struct State {
    /// The number of the next call that may begin.
    var next = 0
    /// The output files of the calls that began.
    var outputs: [Int: AnonymousFile] = [:]
  }

  private let calls: [Call]
  private let state = Mutex(State())

  init(calls: [Call]) { self.calls = calls }

  /// Begins a call and returns new descriptors, which the caller closes; nil when its time is over.
  ///
  /// The number after the last call begins nothing, and settles the last.
  func begin(_ number: Int) throws -> [Int32]? {
    try state.withLock { state in
      guard number >= state.next, number <= calls.count else { return nil }
      state.next = number + 1
      for (call, file) in state.outputs { state.outputs[call] = try file.settled() }
      guard number < calls.count else { return [] }
      var descriptors: [Int32] = []
      do {
        for input in calls[number].inputs { descriptors.append(try input.handedOver()) }
        if let output = try calls[number].makeOutput?() {
          state.outputs[number] = output
          descriptors.append(try output.openAgain(O_RDWR))
        }
      } catch {
        for descriptor in descriptors { close(descriptor) }
        throw error
      }
      return descriptors
    }
  }

  /// The outputs of a call as they were when it ended; nil for one that never began.
  func output(of number: Int) throws -> AnonymousFile? {
    try state.withLock { state in
      guard let file = state.outputs[number] else { return nil }
      let settled = try file.settled()
      state.outputs[number] = settled
      return settled
    }
  }

  /// Answers the worker at the other end of `socket` until it is gone or breaks the order.
  func serve(_ socket: Int32) {
    var number: UInt32 = 0
    while true {
      let count = recv(socket, &number, MemoryLayout<UInt32>.size, Int32(MSG_WAITALL))
      if count < 0 && errno == EINTR { continue }
      guard count == MemoryLayout<UInt32>.size, let descriptors = try? begin(Int(number)) else {
        return
      }
      defer { for descriptor in descriptors { close(descriptor) } }
      guard assay_shim_send_descriptors(socket, descriptors, descriptors.count) == 0 else { return }
    }
  }
}

/// The worker's end of a TensorServer.
struct TensorClient: Sendable {
  var socket: Int32

  /// Begins a call and returns its `count` descriptors.
  func begin(_ number: Int, count: Int) throws -> [Int32] {
    var number = UInt32(number)
    let isAsked = withUnsafeBytes(of: &number) { writeAll(Array($0), to: socket) }
    var descriptors = [Int32](repeating: -1, count: count)
    let code = isAsked ? assay_shim_receive_descriptors(socket, &descriptors, count) : -EPIPE
    if code == -EMFILE {
      throw LoadError(
        kind: "descriptors",
        message: "the plugin keeps so many files open that the tensors of the call find no place; "
          + "close what is not needed")
    }
    guard code == 0 else { throw SystemError("cannot get the tensors of a call", code) }
    return descriptors
  }
}

extension AnonymousFile {
  /// A new description of the file, with its own offset and flags.
  func openAgain(_ mode: Int32) throws(SystemError) -> Int32 {
    let path = "/proc/self/fd/\(descriptor)"
    let plain = open(path, mode | O_CLOEXEC)
    guard plain >= 0 else { throw SystemError("cannot open shared memory again", errno) }
    return plain
  }

  /// A descriptor of sealed contents that belongs to one trial.
  func handedOver() throws -> Int32 {
    guard isShared else { return try openAgain(O_RDONLY) }
    let copy = try copied("assay-input")
    // The copy's own descriptor goes with it.
    return try copy.openAgain(O_RDONLY)
  }

  /// A sealed copy.
  private func copied(_ name: String) throws -> AnonymousFile {
    let copy = try AnonymousFile(name: name, byteCount: byteCount)
    let code = assay_shim_copy_data(descriptor, copy.descriptor, UInt64(byteCount))
    guard code == 0 else { throw SystemError("cannot copy the tensors of a call", code) }
    _ = assay_shim_seal_contents(copy.descriptor)
    return copy
  }

  /// This file once nobody can change it, or an unchanging copy while somebody still could.
  func settled() throws -> AnonymousFile {
    if assay_shim_seal_contents(descriptor) == 0 || isSettled { return self }
    return try copied("assay-output")
  }

  private var isSettled: Bool { assay_shim_is_sealed(descriptor) == 1 }
}
