package import Tensors

extension TensorSpec {
  /// What is wrong with the values of data that stand under this name, a clause that begins with the
  /// name; nil where they lie in the domain.
  package func breach(
    of tensor: Tensor, named name: String, _ symbols: SymbolTable
  ) -> String? {
    do throws(ContractBreach) {
      try tensor.check(domain, named: name, symbols)
      return nil
    } catch {
      // The same checks tell of what methods return.
      let prefix = "output "
      return error.message.hasPrefix(prefix)
        ? String(error.message.dropFirst(prefix.count)) : error.message
    }
  }
}
