public import AssayKit
internal import LinearAlgebra

extension COOkeD {
  /// The members, ready to answer.
  public struct Model: FittedMethod {
    let classCount: Int
    let config: Config
    /// The unit text of each class `[K, D]`.
    var text: Matrix<Float>?
    var probe: LinearHead?
    /// The linear head on the second feature space, for settings without a network's logits.
    var head: LinearHead?

    /// Writes the scores and, where wanted, the logarithm of the mean probabilities.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let members = try logits(inputs, context)
      guard let rows = members.first?.rows else {
        throw MethodError.unsupported(
          "no member is left: the config and the setting have none in common")
      }
      if members.count == 1,
        [config.clip, config.probe, config.classifier].count(where: \.self) > 1
      {
        context.warn("of the members only one is left, so that nothing is averaged")
      }
      let scores = try outputs.elements("ood_score", of: Float.self, shape: [rows])
      let logits =
        try outputs.wants("logits")
        ? outputs.matrix("logits", rows: rows, columns: classCount) : nil
      var mean = MeanProbabilities(classCount: classCount)
      for row in 0..<rows {
        if row % 1024 == 0 { try context.checkCancellation() }
        mean.clear()
        for member in members { member.view.withRow(row) { mean.add(softmaxOf: $0) } }
        scores[row] = Float(config.score == .entropy ? mean.entropy : mean.surprise)
        if let logits { mean.writeLogarithms(to: logits.row(row)) }
      }
    }

    /// The logits `[Q, K]` of each member.
    private func logits(_ inputs: Inputs, _ context: Context) throws -> [Matrix<Float>] {
      let width = text?.columns ?? probe?.weights.columns
      let queries = try inputs.matrix("query.features", columns: width)
      var members: [Matrix<Float>] = []
      if let text {
        var cosines = gemm(queries, text.view.transposed, scale: Float(config.scale))
        cosines.withMutableView { $0.scaleRows(by: queries.inverseRowNorms()) }
        members.append(cosines)
      }
      if let probe {
        members.append(probe.logits(queries, factors: queries.rowFactors(toLength: config.norm)))
      }
      guard config.classifier else { return members }
      let aux = try inputs.matrix(
        ifOffered: "query.aux", rows: queries.rows, columns: head?.weights.columns)
      if let given = try inputs.matrix(
        ifOffered: "query.logits", rows: queries.rows, columns: classCount)
      {
        members.append(Matrix(copying: given))
      } else if let head, let aux {
        members.append(head.logits(aux, factors: aux.rowFactors(toLength: config.norm)))
      } else {
        leaveOut(
          "classifier", "neither 'query.logits' nor aux features of training rows and queries",
          context)
      }
      return members
    }
  }
}
