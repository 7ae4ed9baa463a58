import Glibc
import Learners
import LinearAlgebra
import Testing

@Suite("Present classes")
struct PresentClassesTests {
  @Test("numbers the classes with rows anew and spreads their logits")
  func spread() {
    let present = PresentClasses(labels: [4, 1, 4], classCount: 5)
    #expect(present.classes == [1, 4] && present.renumbered([4, 1]) == [1, 0])
    let logits = Matrix<Float>([log(0.25), log(0.75)], rows: 1, columns: 2)
    let all = Matrix<Float>(rows: 1, columns: 5) { present.spread(logits, into: $0) }
    let wanted: [Float] = [0.25, 0.25, 0.25, 0.25, 0.75]
    for (found, wanted) in zip(all.numbers, wanted) { #expect(abs(exp(found) - wanted) < 1e-6) }
  }

  @Test("changes nothing where every class has rows")
  func complete() {
    let present = PresentClasses(labels: [1, 0], classCount: 2)
    let logits = Matrix<Float>([3, 1], rows: 1, columns: 2)
    let all = Matrix<Float>(rows: 1, columns: 2) { present.spread(logits, into: $0) }
    #expect(all.numbers == [3, 1])
  }
}
