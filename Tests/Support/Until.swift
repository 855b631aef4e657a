import Glibc

/// Waits until something holds that gives no signal: another process's end, a file. Looks every millisecond.
/// - Returns: false when it did not hold within `seconds`.
@discardableResult
public func until(within seconds: Int = 60, _ holds: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<seconds * 1000 {
    if try holds() { return true }
    poll(nil, 0, 1)
  }
  return try holds()
}
