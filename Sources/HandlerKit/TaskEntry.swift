internal import FoundationEssentials
internal import HandlerABI
internal import Synchronization

/// Where the host's calls arrive: finds the handler by its name, decodes, calls, encodes, explains a failure.
enum TaskEntry {
  enum Purpose {
    case run, check
  }

  // A C function pointer carries no context, so one function serves all handlers and looks the right one up.
  private static let handlers = Mutex<[String: any Handler]>([:])
  private static let config = Mutex<JSONText>(.object([:]))

  static func register(_ handler: any Handler) {
    let name = type(of: handler).name
    handlers.withLock { $0[name] = handler }
  }

  static func open(_ host: UnsafePointer<weir_host>?) -> weir_status {
    // try?: no config, or none that could be read, is an empty object.
    guard let host, let text = try? JSONText(validating: HostBytes.copy(host.pointee.config)) else { return Status.ok.code }
    config.withLock { $0 = text }
    return Status.ok.code
  }

  static func call(_ pointer: UnsafeMutablePointer<weir_task>?, _ purpose: Purpose) -> weir_status {
    guard let pointer else { return Status.misuse.code }
    let task = Task(pointer, config: config.withLock { $0 })
    defer { task.end() }
    do {
      guard let handler = handlers.withLock({ $0[task.handler] }) else {
        throw HandlerError(.misuse, "This plugin has no handler \"\(task.handler)\".")
      }
      try perform(handler, task, purpose)
      return Status.ok.code
    } catch let error as HandlerError {
      return task.fail(error)
    } catch {
      return task.fail(.failed("\(task.handler): \(error)"))
    }
  }

  private static func perform<H: Handler>(_ handler: H, _ task: Task, _ purpose: Purpose) throws {
    let params = try params(of: handler, task)
    guard purpose == .run else { return try handler.check(params, task) }
    let result = try handler.run(params, task)
    if !(result is NoResult) { try task.setResult(task.encode(result)) }
  }

  private static func params<H: Handler>(of handler: H, _ task: Task) throws -> H.Params {
    do {
      return try JSONDecoder().decode(H.Params.self, from: Data(task.paramsBytes))
    } catch let error as DecodingError {
      throw HandlerError(decoding: error)
    }
  }
}

extension HandlerError {
  fileprivate init(decoding error: DecodingError) {
    let (path, problem): ([any CodingKey], String) =
      switch error {
      case .keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
      case .valueNotFound(_, let context): (context.codingPath, "must not be null")
      case .typeMismatch(let type, let context): (context.codingPath, "must be of type \(type)")
      case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
      @unknown default: ([], "\(error)")
      }
    let pointer = path.map { key in
      "/" + (key.intValue.map(String.init) ?? key.stringValue.pointerEscaped)
    }.joined()
    self = .invalid("params\(pointer) \(problem).", pointer: pointer)
  }
}

extension String {
  fileprivate var pointerEscaped: String {
    var out = ""
    for character in self {
      switch character {
      case "~": out += "~0"
      case "/": out += "~1"
      default: out.append(character)
      }
    }
    return out
  }
}
