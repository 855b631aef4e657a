extension RunnersError {
  /// The shared library for want of which a plugin's own was refused, such as `libgdal.so.32`; nil: it was refused for something else.
  ///
  /// - Source: glibc 2.36, elf/dl-load.c: "NAME: cannot open shared object file: WHY", in the runner, which has no language.
  public var missingLibrary: String? {
    guard case .libraryRefused(let reason) = code, let begin = reason.firstRange(of: ": it cannot be loaded: ") else { return nil }
    let said = reason[begin.upperBound...]
    guard let end = said.firstRange(of: ": cannot open shared object file: No such file") else { return nil }
    let name = said[..<end.lowerBound]
    // with a path it is the plugin's own library
    return name.isEmpty || name.contains("/") ? nil : String(name)
  }
}
