extension StageDefinition {
  static let keys = [
    "id", "title", "handler", "needs", "when", "if_skipped", "for_each", "params", "retry", "timeout",
    "queue_timeout", "progress_timeout", "max_parallel", "tolerate", "failure_budget", "totals",
  ]

  /// A stage as far as it can be understood: rules look at every stage, also at a broken one.
  static func read(_ value: LocatedValue, at path: ManifestPath, log: ProblemLog) -> StageDefinition {
    guard let reader = ObjectReader(value, at: path, subject: "a stage", keys: keys, log: log) else {
      return StageDefinition(id: "", handler: "")
    }
    let hint = "A stage needs id and handler."
    return StageDefinition(
      id: reader.requiredString("id", hint: hint) ?? "", title: reader.string("title"),
      handler: reader.requiredString("handler", hint: hint) ?? "", needs: reader.strings("needs", of: "stage ids") ?? [],
      when: reader.condition("when"), ifSkipped: reader.choice("if_skipped", SkipRule.self) ?? .skip,
      forEach: reader.fanOut("for_each"), params: reader.params("params"), retry: reader.retry("retry"),
      timeout: reader.duration("timeout"), queueTimeout: reader.duration("queue_timeout"),
      progressTimeout: reader.duration("progress_timeout"), maxParallel: reader.integer("max_parallel"),
      tolerate: reader.tolerance("tolerate") ?? .none, failureBudget: reader.tolerance("failure_budget"),
      totals: reader.totals("totals"))
  }
}

extension ObjectReader {
  func retry(_ key: String) -> RetryPolicy? {
    guard let reader = object(key, subject: "a retry policy", keys: ["attempts", "backoff", "cap"]) else { return nil }
    let usual = RetryPolicy()
    let backoff = reader.duration("backoff") ?? usual.backoff
    return RetryPolicy(
      attempts: reader.integer("attempts") ?? usual.attempts, backoff: backoff,
      cap: reader.duration("cap") ?? max(usual.cap, backoff))
  }

  fileprivate func params(_ key: String) -> Template {
    guard let value = value(key) else { return .empty }
    guard case .object = value.content else {
      reportWrong(key, expected: "an object")
      return .empty
    }
    return template(value, at: path[key]) ?? .empty
  }

  private func template(_ value: LocatedValue, at path: ManifestPath) -> Template? {
    do {
      return try Template(value.json)
    } catch {
      for fault in error.faults { report(fault, inside: path) }
      return nil
    }
  }

  private func report(_ fault: TemplateError.Fault, inside path: ManifestPath) {
    let place = path + fault.place
    log.report(offset: log.text.offset(of: place), at: place, fault.message, hint: fault.hint)
  }

  fileprivate func condition(_ key: String) -> Condition? {
    guard let value = value(key) else { return nil }
    do {
      return try Condition(value.json)
    } catch {
      for fault in error.faults { report(fault, inside: path[key]) }
      return nil
    }
  }

  fileprivate func fanOut(_ key: String) -> FanOut? {
    guard let reader = object(key, subject: "a fan-out", keys: ["items_of", "array", "batch"]) else { return nil }
    let batch = reader.batch()
    switch (reader.value("items_of"), reader.value("array")) {
    case (_?, nil): return reader.string("items_of").map { FanOut(source: .itemsOf($0), batch: batch) }
    case (nil, _?): return reader.expression("array").map { FanOut(source: .array($0), batch: batch) }
    case (_?, _?):
      log.report(value(key)!, at: path[key], "has both items_of and array.", hint: "Keep one of them.")  // read above
    case (nil, nil):
      log.report(
        value(key)!, at: path[key], "does not say over what.",  // read above
        hint: "Write \"items_of\": the id of an earlier stage, or \"array\": an expression such as \"${params.years}\".")
    }
    return nil
  }

  private func batch() -> FanOut.Batch? {
    guard let value = value("batch") else { return nil }
    switch value.content {
    case .scalar(.number(let number)):
      if let size = number.int { return .size(size) }
    case .scalar(.string): return expression("batch").map { .expression($0) }
    default: break
    }
    reportWrong("batch", expected: "a whole number or one expression")
    return nil
  }

  /// A string that is one expression and nothing else.
  private func expression(_ key: String) -> Template? {
    guard let value = value(key) else { return nil }
    let template: Template?
    if case .scalar(.string) = value.content {
      template = self.template(value, at: path[key])
      if template == nil { return nil }
    } else {
      template = nil
    }
    if let template, template.isOneExpression { return template }
    reportWrong(key, expected: "one expression, such as \"${params.years}\"")
    return nil
  }

  fileprivate func tolerance(_ key: String) -> Tolerance? {
    guard let value = value(key) else { return nil }
    if case .scalar(let scalar) = value.content {
      if let count = scalar.intValue, count >= 0 { return .count(count) }
      if let text = scalar.stringValue, let tolerance = Tolerance(text) { return tolerance }
    }
    reportWrong(key, expected: "a count or a percentage", hint: Tolerance.hint)
    return nil
  }

  fileprivate func totals(_ key: String) -> [String: Aggregate] {
    guard let reader = object(key, subject: "an object of aggregates", keys: nil) else { return [:] }
    var totals: [String: Aggregate] = [:]
    for name in reader.names { totals[name] = reader.choice(name, Aggregate.self) }
    return totals
  }
}
