internal import Glibc
internal import Synchronization

/// Whether the user asked to stop with Ctrl-C or a polite kill.
enum Interruption {
  private static let asked = Atomic<Bool>(false)

  static var isAsked: Bool { asked.load(ordering: .relaxed) }

  /// Takes over SIGINT, SIGTERM and SIGHUP; a second SIGINT ends the process at once.
  static func watch() {
    // A parent may have started this process with signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        // Only async-signal-safe steps here: an atomic store and _exit.
        if number == SIGINT, Interruption.isAsked { _exit(130) }
        Interruption.asked.store(true, ordering: .relaxed)
      }
    }
  }
}
