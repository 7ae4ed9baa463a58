public import AssayKit
internal import Numerics

extension GDA {
  /// The fitted classifier, and what classes known by their text alone need.
  public struct Model: FittedMethod {
    /// Unit text features of the classes of fit, `[K, D]`.
    let text: Matrix<Float>
    let scale: Float
    let alpha: Float
    /// Zero-shot and Gaussian term in one product.
    let classifier: LinearClassifier
    var synthesis: Synthesis?

    /// Writes the logits of the query rows, for the classes of `query.text` where the call has it.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      var classifier = classifier
      if let own = try inputs.matrix(ifOffered: "query.text", columns: text.columns) {
        classifier = try self.classifier(of: own.unitRows(), context)
      }
      let queries = try inputs.matrix("query.features", columns: text.columns)
      let classCount = classifier.weights.rows
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: classCount)
      classifier.write(queries, into: logits)
    }

    /// The classifier of a call's own classes.
    ///
    /// Where every text is one of fit, the call asks for some classes of fit, as a shifted set with
    /// fewer classes does; else all of them are new.
    private func classifier(
      of own: Matrix<Float>, _ context: Context
    ) throws -> LinearClassifier {
      if let known = classes(of: own) { return classifier.selecting(known) }
      let zeroShot = LinearClassifier(zeroShot: own, scale: scale)
      guard let gaussians = try synthesis?.gaussians(of: own, context) else { return zeroShot }
      return zeroShot.adding(gaussians, times: alpha)
    }

    /// For each text the first class of fit with the same; nil when there is none for one of them.
    private func classes(of own: Matrix<Float>) -> [Int]? {
      var classes: [Int] = []
      for row in 0..<own.rows {
        let known = own.view.withRow(row) { wanted in
          (0..<text.rows).first { text.view.withRow($0) { $0.elementsEqual(wanted) } }
        }
        guard let known else { return nil }
        classes.append(known)
      }
      return classes
    }
  }
}
