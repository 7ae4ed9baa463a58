internal import Synchronization
internal import Tensors

/// Sealed inputs that several trials share, the least recently used dropped first.
final class SealedCache: Sendable {
  /// One input; its lock makes a second asker wait for the first one's writing.
  private final class Slot: Sendable {
    let file = Mutex<AnonymousFile?>(nil)
  }

  private struct State {
    var slots: [String: Slot] = [:]
    var bytes: [String: Int] = [:]
    /// Keys, the least recently used first.
    var order: [String] = []
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// Makes a cache of at most `capacity` bytes; a single larger input is never kept.
  init(capacity: Int) { self.capacity = capacity }

  /// The sealed memory of a source, shared with equal sources where it has a sharing key.
  func file(for source: TensorSource) throws -> AnonymousFile {
    guard let sharingKey = source.sharingKey else { return try AnonymousFile.sealed(source) }
    let key = "\(sharingKey)|\(source.dtype.rawValue)|\(source.shape)"
    let slot = state.withLock { state in
      state.order.removeAll { $0 == key }
      state.order.append(key)
      if let slot = state.slots[key] { return slot }
      let slot = Slot()
      state.slots[key] = slot
      return slot
    }
    let file = try slot.file.withLock { file in
      if let file { return file }
      let made = try AnonymousFile.sealed(source)
      file = made
      return made
    }
    state.withLock { state in
      guard state.slots[key] === slot else { return }
      state.bytes[key] = file.byteCount
      var total = state.bytes.values.reduce(0, +)
      while total > capacity, let oldest = state.order.first {
        state.order.removeFirst()
        state.slots[oldest] = nil
        total -= state.bytes.removeValue(forKey: oldest) ?? 0
      }
    }
    return file
  }

  /// The bytes kept at the moment.
  var byteCount: Int { state.withLock { $0.bytes.values.reduce(0, +) } }
}
