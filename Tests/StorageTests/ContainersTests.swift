import Testing
import Workflow

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

  @Test func `a bucket is named with where it is and how it is reached`() throws {
    let lake = Credentials(["lake": CredentialSetting(["key_id": .text("K"), "secret": .environment("S")])])
    let urls = [
      "silver*": "s3://*/maps%20in/?region=eu-1&credentials=lake", "gold": "s3://a.b/?endpoint=http://10.0.0.1:9000/", "x*": "s3://all/*",
      "host": "s3://b?endpoint=https://ceph.example.org&addressing=virtual",
    ]
    let containers = try Containers(urls, credentials: lake)
    func location(_ name: String) throws -> S3Location? { (try containers.store(ContainerName(name)) as? S3Store)?.location }
    let silver = try #require(try location("silverspam"))
    #expect(silver.origin == "https://silverspam.s3.eu-1.amazonaws.com" && silver.host == "silverspam.s3.eu-1.amazonaws.com")
    #expect(silver.path(try ObjectKey("a b")) == "/maps%20in/a%20b" && silver.prefix == "maps in/")
    let gold = try #require(try location("gold"))
    #expect(gold.origin == "http://10.0.0.1:9000" && gold.host == "10.0.0.1:9000" && gold.path(nil) == "/a.b" && gold.region == "us-east-1")
    #expect(try location("xy")?.path(try ObjectKey("k")) == "/xy/k" && location("xy")?.bucket == "all")
    #expect(try location("host")?.host == "b.ceph.example.org")
    #expect(containers.url(container: "silverspam", key: "ä/b") == "s3://silverspam/maps%20in/%C3%A4/b")
    let (one, two) = (
      try containers.store(ContainerName("silver1")) as? S3Store, try containers.store(ContainerName("silver2")) as? S3Store
    )
    #expect(one?.session === two?.session)
  }

  @Test(arguments: [
    (
      "a", "ftp://h/x",
      "a: \"ftp://\" containers are not supported by this weir, only file:///absolute/path, s3://bucket/prefix and azure://account/container/prefix."
    ),
    ("a", "/data", "a: \"/data\" is no URL; a directory is written file:///absolute/path."),
    ("a", "file://data/x", "a: \"file://data/x\" names another machine; write file:///absolute/path."),
    ("a", "file:///", "a: \"file:///\" has no path; write file:///absolute/path."),
    ("a", "file:///x?y", "a: \"file:///x?y\" has a \"?\"; in a path it is written %3F."),
    ("a", "s3://", "a: \"s3://\" names no bucket; write s3://bucket/prefix?endpoint=https://host&region=name&credentials=name."),
    ("a", "s3://b?key=x", "a: \"s3://b?key=x\" has an option \"key\"; there are only endpoint, region, addressing, credentials, ca."),
    ("a", "s3://b?region=", "a: \"s3://b?region=\" has the option \"region\" empty or twice."),
    (
      "a", "s3://b?endpoint=h:80",
      "a: \"s3://b?endpoint=h:80\" has the endpoint \"h:80\", expected is http(s)://host or http(s)://host:port."
    ),
    ("a", "s3://b?addressing=no", "a: \"s3://b?addressing=no\" has addressing neither \"path\" nor \"virtual\"."),
    ("a", "s3://b?credentials=lake", "a: there is no credential \"lake\"; the configuration has none."),
    ("a", "s3://b/x/../y", "a: \"s3://b/x/../y\" has a wrong prefix: an object's key has no segment \"..\"."),
    ("*", "file:///x", "*: \"file:///x\" needs one \"*\", where the container's name goes."),
    ("a", "file:///x/*", "a: \"file:///x/*\" has a \"*\", but its name has none."),
    ("a*b*", "file:///x/*", "a*b*: a pattern of container names has one \"*\"."),
  ])
  func `a wrong URL is refused at the start`(name: String, url: String, message: String) {
    let error = #expect(throws: StorageError.self) { try Containers([name: url]) }
    #expect(error?.message == message)
  }
}
