/// C strings that live as long as this does, for calls that take arrays of structs.
final class CTexts {
  private var kept: [UnsafeMutableBufferPointer<CChar>] = []
  private var latest: (text: String, pointer: UnsafePointer<CChar>?)?

  /// nil stays NULL. Containers come in runs: a text equal to the one before is not copied again.
  func keep(_ text: String?) -> UnsafePointer<CChar>? {
    guard let text else { return nil }
    if let latest, latest.text == text { return latest.pointer }
    let units = text.utf8CString
    let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: units.count)
    _ = buffer.initialize(from: units)
    kept.append(buffer)
    latest = (text, UnsafePointer(buffer.baseAddress))
    return latest?.pointer
  }

  deinit {
    for buffer in kept { buffer.deallocate() }
  }
}
