import ArgumentParser
import Workflow

struct Config: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the configuration in force, and where each value came from; secrets are hidden.")

  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    let origins = try LoadedConfiguration.read().origins
    if json {
      let members = origins.map { origin in
        (
          origin.name,
          JSON.object(
            JSONObject([("value", origin.value.map(JSON.string) ?? .null), ("source", .string(origin.source))]))
        )
      }
      return Terminal.print(JSON.object(JSONObject(members)).serialized())
    }
    for origin in origins {
      Terminal.print("\(origin.name.padded(to: 22)) \((origin.value ?? "-").padded(to: 40)) \(origin.source)")
    }
  }
}
