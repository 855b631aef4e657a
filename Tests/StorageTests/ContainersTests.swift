import Testing

@testable import Storage

@Suite struct `Containers by configuration` {
  private func path(_ name: String, _ urls: [String: String]) throws -> String? {
    (try Containers(urls).store(ContainerName(name)) as? DirectoryStore)?.path
  }

  @Test func `a listed name comes before a pattern, a longer pattern before a shorter`() throws {
    let urls = [
      "bronzemapspam": "file:///data/my%20bronze/", "*": "file:///root/*", "silver*": "file:///silver/x-*/here",
    ]
    #expect(try path("bronzemapspam", urls) == "/data/my bronze")
    #expect(try path("bronzeother", urls) == "/root/bronzeother")
    #expect(try path("silvermapspam", urls) == "/silver/x-silvermapspam/here")
  }

  @Test func `a name that nothing fits is no container`() throws {
    #expect(code { _ = try path("gold", ["silver*": "file:///s/*"]) } == .noContainer)
  }

  @Test(arguments: [
    ("a", "s3://bucket", "a: \"s3://\" containers are not supported by this weir, only file:///absolute/path."),
    ("a", "/data", "a: \"/data\" is no URL; a directory is written file:///absolute/path."),
    ("a", "file://data/x", "a: \"file://data/x\" names another machine; write file:///absolute/path."),
    ("a", "file:///", "a: \"file:///\" has no path; write file:///absolute/path."),
    ("*", "file:///x", "*: \"file:///x\" needs one \"*\", where the container's name goes."),
    ("a", "file:///x/*", "a: \"file:///x/*\" has a \"*\", but its name has none."),
    ("a*b*", "file:///x/*", "a*b*: a pattern of container names has one \"*\"."),
  ])
  func `a wrong URL is refused at the start`(name: String, url: String, message: String) {
    let error = #expect(throws: StorageError.self) { try Containers([name: url]) }
    #expect(error?.message == message)
  }
}
