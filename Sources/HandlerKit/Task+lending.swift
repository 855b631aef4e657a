public import HandlerABI

extension Task {
  /// Lends the task to a part in C or C++, such as HandlerGDAL, until `body` returns. What a service said of a failed call stays there for
  /// the next look at `last_error`.
  public func withHostTask<T>(_ body: (UnsafeMutablePointer<weir_task>) throws -> T) throws -> T {
    try body(try live())
  }
}
