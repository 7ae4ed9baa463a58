internal import COpenBLAS
internal import Glibc

/// Which kernels OpenBLAS runs on, and whether it recognised the processor.
///
/// OpenBLAS picks its kernels by processor model. A model newer than the library falls back to SSE
/// kernels, several times slower than the processor allows; naming the kernels in the environment
/// before the library is loaded is the cure, for this process and for the workers it starts.
package enum BLASKernels {
  /// The kernels in use, such as `Haswell`.
  package static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "" }

  /// The library's version, such as `0.3.21`.
  package static var version: String {
    let words = openblas_get_config().map { String(cString: $0) } ?? ""
    return words.split(separator: " ").dropFirst().first.map(String.init) ?? words
  }

  /// Tells whether the library uses OpenMP, whose threads hang after a fork.
  package static var isOpenMP: Bool { openblas_get_parallel() == 2 }

  /// The kernels that the processor supports although the library chose ones without AVX2.
  package static var better: String? {
    guard withoutAVX2.contains(core) else { return nil }
    return switch assay_shim_vector_level() {
    case 512: "SkylakeX"
    case 256: "Haswell"
    default: nil
    }
  }

  /// The environment variable that names the kernels.
  package static let variable = "OPENBLAS_CORETYPE"

  /// Starts this process anew with better kernels where there are any; else returns.
  ///
  /// To be called first thing, before threads and open files.
  package static func restartWithBetter() {
    guard getenv(variable) == nil, let better else { return }
    setenv(variable, better, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Without /proc the slower kernels still give right results.
    unsetenv(variable)
  }

  private static let withoutAVX2: Set<String> = [
    "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn",
    "Dunnington", "Nehalem", "Sandybridge", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona",
    "Nano", "Bobcat", "Bulldozer", "Piledriver", "Steamroller", "Generic",
  ]
}
