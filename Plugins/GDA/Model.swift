public import AssayKit
internal import LinearAlgebra

extension GDA {
  /// The fitted classifier, and what classes known by their text alone need.
  public struct Model: FittedMethod {
    /// Unit text features of the classes of fit, `[K, D]`; zeros where there was no text.
    let text: Matrix<Float>
    var hasText = true
    let scale: Float
    let alpha: Float
    /// Zero-shot and Gaussian term in one product.
    let classifier: LinearClassifier
    var synthesis: Synthesis?

    /// Writes the logits of the query rows, for the classes of `query.text` where the call has it.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      var classifier = classifier
      if let own = try inputs.matrix(ifOffered: "query.text", columns: text.columns) {
        guard hasText else {
          throw MethodError.unsupported(
            "a call brings classes by 'query.text', but fit was given no text to compare it with")
        }
        let text = own.unitRows()
        classifier = try self.classifier(
          of: text, at: try known(inputs, count: own.rows) ?? classes(of: text), context)
      }
      let queries = try inputs.matrix("query.features", columns: text.columns)
      let classCount = classifier.weights.rows
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: classCount)
      classifier.write(queries, into: logits)
    }

    /// The classifier of a call's own classes.
    ///
    /// Classes that have a place among those of fit keep what was fitted, as for a shifted set with
    /// fewer classes; the others are new.
    private func classifier(
      of own: Matrix<Float>, at places: [Int?], _ context: Context
    ) throws -> LinearClassifier {
      let known = places.compactMap { $0 }
      if known.count == places.count { return classifier.selecting(known) }
      let zeroShot = LinearClassifier(zeroShot: own, scale: scale)
      guard let synthesis, alpha > 0 else {
        // Beside Gaussians of some classes alone, those of the others could not compete.
        if alpha > 0 {
          context.note(
            "no training rows were kept for classes that calls bring (the setting has no "
              + "'class.open', or 'neighbours' is below 2): such a call is zero-shot")
        }
        return zeroShot
      }
      let new = zeroShot.selecting(places.indices.filter { places[$0] == nil })
      // All classes of a call have equal priors, known or new.
      let gaussians = try synthesis.gaussians(
        of: new.weights, priorOf: known.isEmpty ? new.weights.rows : text.rows, context)
      return classifier.completing(places, by: new.adding(gaussians, times: alpha))
    }

    /// The places among the classes of fit that the call names, nil where it names none.
    private func known(_ inputs: Inputs, count: Int) throws(MethodError) -> [Int?]? {
      guard let tensor = inputs.tensor(ifOffered: "query.known") else { return nil }
      guard tensor.shape == [count] else {
        throw .contract(
          "tensor 'query.known' has shape \(tensor.shape), but 'query.text' has \(count) classes")
      }
      return try tensor.elements(of: Int32.self).map { place in
        (0..<text.rows).contains(Int(place)) ? Int(place) : nil
      }
    }

    /// For each unit text the class of fit that has the same; nil where there is none.
    ///
    /// Texts that were rounded to half precision on the way are still the same. In CLIP's text of
    /// ImageNet, classes whose texts differ are at least 0.02 apart by 1 - cosine.
    private func classes(of own: Matrix<Float>) -> [Int?] {
      let cosines = gemm(own.view, text.view.transposed)
      return cosines.view.argmaxRows().enumerated().map { row, nearest in
        own.view.withRow(row) { wanted in
          text.view.withRow(Int(nearest)) { found in
            let square = wanted.indices.reduce(0.0) { sum, column in
              let difference = Double(wanted[column]) - Double(found[column])
              return sum + difference * difference
            }
            // Twice 1 - cosine.
            return square < 2e-5 ? Int(nearest) : nil
          }
        }
      }
    }
  }
}
