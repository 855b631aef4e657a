/// The counts of a job, which must agree before it may be called complete.
struct Reconciliation {
  let listed: Int
  /// By the inventory.
  let rejected: Int
  let copied: Int
  let skipped: Int
  let copyFailed: Int
  let registered: Int
  let registerFailed: Int

  var failed: Int { rejected + copyFailed + registerFailed }

  /// What does not agree, with the numbers; nil if all does. `inCatalogue`: items that the collection now has.
  func problem(inCatalogue: Int?) -> String? {
    if listed != rejected + copied + skipped + copyFailed {
      return "listed \(listed) items, but \(rejected) rejected + \(copied) copied + \(skipped) in place + \(copyFailed) not copied"
        + " = \(rejected + copied + skipped + copyFailed)"
    }
    if registered != listed - failed {
      return "registered \(registered) items, but \(listed) listed - \(failed) failed = \(listed - failed)"
    }
    if let inCatalogue, inCatalogue < registered {
      return "registered \(registered) items, but the collection has \(inCatalogue)"
    }
    return nil
  }
}
