internal import Glibc
internal import Synchronization

/// Runs `body` on `count` threads of its own and returns at once.
///
/// Trials block in `poll`, so they must not sit on the cooperative pool of Swift concurrency.
func detachThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  for _ in 0..<count {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        // Unsafe invariant: the argument is the box retained for this one thread.
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      continue
    }
    pthread_detach(thread)
  }
}

/// Transforms every element, several at a time, and returns the results in the order of the elements.
///
/// For work that is long beside the start of a thread: each element is taken by the next thread that
/// is free, so that elements of unlike cost share the processors well.
package func concurrentMap<Element: Sendable, Result: Sendable>(
  _ elements: [Element], threads: Int = processorCount(),
  _ transform: @escaping @Sendable (Element) -> Result
) -> [Result] {
  let workers = min(threads, elements.count)
  guard workers > 1 else { return elements.map(transform) }
  let work = SharedWork(elements, transform)
  // The calling thread is one of the workers.
  detachThreads(workers - 1) { work.drain() }
  work.drain()
  return work.results()
}

/// The elements still to transform, and the results of the others.
private final class SharedWork<Element: Sendable, Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var done: [Result?]
    var finished = 0
  }
  private let elements: [Element]
  private let transform: @Sendable (Element) -> Result
  private let state: Mutex<State>

  init(_ elements: [Element], _ transform: @escaping @Sendable (Element) -> Result) {
    self.elements = elements
    self.transform = transform
    state = Mutex(State(done: Array(repeating: nil, count: elements.count)))
  }

  func drain() {
    while let index = take() {
      let result = transform(elements[index])
      state.withLock {
        $0.done[index] = result
        $0.finished += 1
      }
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < elements.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  /// Waits for the elements that other threads still have in hand.
  func results() -> [Result] {
    while true {
      let done = state.withLock { $0.finished == elements.count ? $0.done : nil }
      if let done { return done.compactMap(\.self) }
      usleep(200)
    }
  }
}

/// The number of processors that this process may run on.
package func processorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Seconds on the monotonic clock.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
