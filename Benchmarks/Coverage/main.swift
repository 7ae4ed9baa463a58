// Prints how often nominal 95 % intervals cover the number that they are of, by design.
//
//   Coverage [test sets of a design] [resamples]
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let sets = arguments.first ?? 1000
let resamples = arguments.dropFirst().first ?? 1000

print("Nominal 95 %; \(sets) test sets of each design, \(resamples) resamples of each set.")
print("A miss is an interval that lies wholly above or below the number.\n")
print("| kind | design | covers | above | below | mean width | without |")
print("|---|---|---|---|---|---|---|")
func thousandths(_ share: Double) -> String {
  share.isNaN ? "-" : "\((share * 1000).rounded() / 1000)"
}
for design in proportions() + areas() + means() + calibration() + groupings() {
  let found = try design.simulate(sets: sets, resamples: resamples)
  let count = Double(max(1, found.count))
  print(
    "| \(design.kind) | \(design.name) | \(thousandths(found.share)) "
      + "| \(thousandths(Double(found.above) / count)) "
      + "| \(thousandths(Double(found.below) / count)) "
      + "| \(thousandths(found.width / count)) | \(found.missing) |")
}
