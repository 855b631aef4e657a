/// What the command line asks for.
struct Options {
  enum Command {
    case table
    case soak
    case viewers
    case tiles
    case look
    case once(String)
  }

  var command = Command.table
  var isQuick = false
  var hasPeers = true
  var rounds = 5
  var minutes = 60.0
  var url = ""
  var job = 0
  var tasks = 10_000
  /// Tasks of the soak's large stage.
  var large = 1_000_000

  init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    switch rest.first {
    case "soak": command = .soak
    case "viewers": command = .viewers
    case "tiles": command = .tiles
    case "look": command = .look
    case "once":
      rest.removeFirst()
      guard let work = rest.first else { throw Complaint("once: which work? \(Measurement.works)") }
      command = .once(work)
    default: break
    }
    if case .table = command {} else { rest.removeFirst() }
    while let argument = rest.popFirst() {
      switch argument {
      case "--quick": (isQuick, rounds, large) = (true, 1, 100_000)
      case "--no-peers": hasPeers = false
      case "--rounds": rounds = Int(try Self.value(&rest, argument))
      case "--minutes": minutes = try Self.value(&rest, argument)
      case "--tasks":
        tasks = Int(try Self.value(&rest, argument))
        large = tasks
      case "--job": job = Int(try Self.value(&rest, argument))
      case "--url": url = rest.popFirst() ?? ""
      default:
        throw Complaint(
          "\(argument): there is no such option. weir-bench [--quick] [--no-peers] [--rounds N] | soak [--minutes N] | viewers [--quick] | tiles [--quick]"
        )
      }
    }
  }

  private static func value(_ rest: inout ArraySlice<String>, _ option: String) throws -> Double {
    guard let value = rest.popFirst().flatMap(Double.init), value > 0 else { throw Complaint("\(option) needs a number") }
    return value
  }
}

/// Why it cannot go on.
struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
