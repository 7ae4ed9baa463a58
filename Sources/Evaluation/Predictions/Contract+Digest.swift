package import Contracts
package import Documents
package import Tensors

extension Contract {
  /// The digest of every output byte of all query sets, in contract order.
  package func digest(of outputs: [[String: Tensor]]) -> Digest {
    var hasher = Hasher256()
    for query in outputs {
      for spec in self.outputs { query[spec.name]?.withBytes { hasher.update($0) } }
    }
    return hasher.finish()
  }
}
