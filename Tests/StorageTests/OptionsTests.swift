import FoundationEssentials
import Testing
import Workflow

@testable import Storage

@Suite struct `Options and answers as JSON` {
  @Test func `options are read strictly`() throws {
    let text = #"{"if_exists":"update","if_match":null,"sha256":"\#(String(repeating: "A", count: 64))","type":"image/tiff"}"#
    let options = try WriteOptions(json: text, subject: "write")
    #expect(options == WriteOptions(ifExists: .update, sha256: String(repeating: "a", count: 64), type: "image/tiff"))
    #expect(try WriteOptions(json: nil, over: options, subject: "copy") == options)
    #expect(try WriteOptions.ofCopy(json: #"{"heads":true,"if_exists":"skip"}"#, subject: "copy").wantsHeads)
    #expect(try ListQuery(prefix: "a/", json: #"{"delimiter":"/","limit":5}"#, page: nil, subject: "list").limit == 5)
  }

  @Test(arguments: [
    (#"{"overwrite":true}"#, "write: there is no option \"overwrite\" here, only if_exists, if_match, sha256, type."),
    (#"{"if_exists":"maybe"}"#, "write: if_exists is \"maybe\", it can be \"replace\", \"fail\", \"skip\", \"update\"."),
    (#"{"if_exists":1}"#, "write: option \"if_exists\" is 1, expected is a string."),
    (#"{"sha256":"abc"}"#, "write: sha256 is \"abc\", expected are 64 hex digits."),
    (#"{"type":"tiff"}"#, "write: type is \"tiff\", expected is a media type such as \"image/tiff\"."),
    ("[]", "write: the options are no JSON object."),
  ])
  func `a wrong option is refused by name`(text: String, message: String) {
    let error = #expect(throws: StorageError.self) { try WriteOptions(json: text, subject: "write") }
    #expect(error?.message == message)
    #expect((error?.status == .unsupported) == message.contains("no option"))
  }

  @Test func `options that are no JSON say so`() {
    let error = #expect(throws: StorageError.self) { try WriteOptions(json: "{", subject: "write") }
    #expect(error?.message.hasPrefix("write: the options are no JSON: ") == true)
  }

  @Test func `a head has what is known, its time as RFC 3339`() {
    let plain = ObjectHead(size: 3, etag: "e", modified: .init(timeIntervalSince1970: 1_000_000_000.25))
    #expect(plain.json.serialized() == #"{"size":3,"etag":"e","modified":"2001-09-09T01:46:40.250Z"}"#)
    let full = ObjectHead(size: 3, etag: "e", modified: .init(timeIntervalSince1970: 0), sha256: "ab", type: "a/b")
    #expect(full.json["sha256"] == "ab" && full.json["type"] == "a/b")
  }

  @Test func `a page has next only if there is one`() throws {
    let folder = try Folder()
    try folder.store.put("x", "a")
    try folder.store.put("x", "b/c")
    let page = try folder.store.list(ListQuery(delimiter: "/", limit: 1), cancel: .never).json
    #expect(page["objects"]?[0]?["key"] == "a" && page["next"] == "a" && page["prefixes"] == [])
    let rest = try folder.store.list(ListQuery(delimiter: "/", page: "a"), cancel: .never).json
    #expect(rest["prefixes"] == ["b/"] && rest["next"] == nil)
  }
}
