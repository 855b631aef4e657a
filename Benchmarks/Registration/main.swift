// How many items a second reach pgSTAC: by Weir, by `pypgstac load items --method upsert`, and by a raw COPY of the same
// bytes into a jsonb column, which nothing that stores JSON in PostgreSQL can beat. Same server, same run, in turn.
//
//   registration DATABASE_URL [PATH_OF_PYPGSTAC] [ITEMS] [ROUNDS]
//
// The database needs what `weir db migrate` installs; collections and a table named weir_bench* in it are replaced. What Weir puts
// names its attempt, as in a job; how much of the time that takes, the line without provenance says.

import Database
import Engine
import Foundation

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
  print("usage: registration DATABASE_URL [PATH_OF_PYPGSTAC] [ITEMS] [ROUNDS]")
  exit(64)
}
let url = arguments[1]
let loader = arguments.count > 2 ? arguments[2] : nil
let count = arguments.count > 3 ? Int(arguments[3]) ?? 10_000 : 10_000
let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 3 : 3

let race = try Race(url: url, pypgstac: loader, count: count)
var seconds: [String: [Double]] = [:]
for _ in 0..<rounds {
  for (name, time) in try race.round() { seconds[name, default: []].append(time) }
}
let medians = seconds.mapValues { $0.sorted()[$0.count / 2] }
for (name, time) in medians.sorted(by: { $0.value < $1.value }) {
  let all = (seconds[name] ?? []).map { String(format: "%.3f", $0) }.joined(separator: " ")
  print(String(format: "%@: %.0f items/s (median of %@ s)", name, Double(count) / time, all))
}
if let weir = medians["weir"] {
  for (name, time) in medians.sorted(by: { $0.key < $1.key }) where name != "weir" {
    print(String(format: "weir / %@: %.2f", name, time / weir))
  }
}
