import FuzzReaders
import Glibc

/// The reader that `ASSAY_FUZZ_READER` names.
private nonisolated(unsafe) let folder: ReaderFolder = {
  let name = getenv("ASSAY_FUZZ_READER").map { String(cString: $0) } ?? ""
  guard let reader = Reader(rawValue: name) else {
    fatalError("ASSAY_FUZZ_READER is '\(name)'; wanted is one of \(Reader.allCases)")
  }
  return ReaderFolder(reader, in: "/dev/shm")
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  folder.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
