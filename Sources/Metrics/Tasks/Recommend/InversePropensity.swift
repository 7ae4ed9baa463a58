/// The weight that makes up for what was not shown: `1 / max(θ, 0.01)`.
///
/// The floor bounds the variance of what is weighted by it. Source: the validation metric of the
/// code published with Saito et al., WSDM 2020.
func inversePropensity(_ propensity: Double) -> Double { 1 / max(propensity, 0.01) }
