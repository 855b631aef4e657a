import Testing

@testable import Storage

@Suite struct `Names and keys` {
  @Test(arguments: [
    ("", "an object's key is empty"), ("/a", "an object's key does not start with \"/\""),
    ("a/", "an object's key does not end with \"/\""), ("a//b", "an object's key has an empty segment (\"//\")"),
    (".", "an object's key has no segment \".\""), ("a/./b", "an object's key has no segment \".\""),
    ("..", "an object's key has no segment \"..\""), ("a/../b", "an object's key has no segment \"..\""),
    ("../../etc/passwd", "an object's key has no segment \"..\""), ("a\0b", "an object's key has a NUL character"),
    (String(repeating: "k", count: 1025), "an object's key has at most 1024 bytes, this has 1025"),
  ])
  func `a key that could leave its container or is no path is refused`(key: String, problem: String) {
    #expect(code { _ = try ObjectKey(key) } == .invalid(problem))
  }

  @Test(arguments: ["a", ".hidden", "..a", "a/...", "a b", "100%.tif", "a\nb", "日本/é.tif", "a\\b", "~", "*"])
  func `any other text is a key`(key: String) throws {
    #expect(try ObjectKey(key).text == key)
  }

  @Test func `keys are compared byte by byte`() throws {
    #expect(try ObjectKey("\u{e9}") != ObjectKey("e\u{301}"))
    #expect(try ObjectKey("Z") < ObjectKey("a"))
    #expect(try ObjectKey("a-b") < ObjectKey("a/b"))
  }

  @Test(arguments: ["", "-a", ".a", "a/b", "a b", "..", "é", String(repeating: "c", count: 64)])
  func `a container's name that is no plain word is refused`(name: String) {
    #expect(throws: StorageError.self) { try ContainerName(name) }
  }

  @Test func `a message names the thing, the fault and the remedy`() throws {
    let error = #expect(throws: StorageError.self) { try ObjectKey("a/../b") }
    #expect(error?.description == "\"a/../b\": an object's key has no segment \"..\".")
    #expect(
      StorageError(.noObject, "bronze/a.tif").description
        == "bronze/a.tif: there is no such object. Keys are case-sensitive; list the container to see what is there.")
  }
}
