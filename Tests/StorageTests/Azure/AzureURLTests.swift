import Testing

@testable import Storage

@Suite struct `An azure:// URL` {
  @Test func `names account, container, prefix, endpoint and credentials`() throws {
    let containers = try Containers(["silver": "azure://lake/data", "g*": "azure://lake/data/x%20y/*?endpoint=http://127.0.0.1:10000/lake"])
    let plain = try #require(try containers.store(ContainerName("silver")) as? AzureStore)
    #expect(plain.address == AzureAddress(account: "lake", container: "data"))
    #expect(containers.url(container: "silver", key: "a b/ü.tif") == "https://lake.blob.core.windows.net/data/a%20b/%C3%BC.tif")
    let gold = try #require(try containers.store(ContainerName("gold")) as? AzureStore)
    #expect(gold.address == AzureAddress(account: "lake", container: "data", prefix: "x y/gold/", endpoint: "http://127.0.0.1:10000/lake"))
    #expect(containers.url(container: "gold", key: "k") == "http://127.0.0.1:10000/lake/data/x%20y/gold/k")
  }

  @Test(arguments: [
    ("a", "azure://lake", "a: \"azure://lake\" names no container; write azure://account/container/prefix?credentials=name."),
    (
      "a", "azure://Lake/c",
      "a: \"azure://Lake/c\" names no account, which has lower-case letters and digits only; "
        + "write azure://account/container/prefix?credentials=name."
    ),
    ("a", "azure://lake/c/%zz", "a: \"azure://lake/c/%zz\" has a \"%\" that encodes nothing."),
    ("a", "azure://lake/c/../d", "a: \"azure://lake/c/../d\" has a wrong prefix: an object's key has no segment \"..\"."),
    (
      "a", "azure://lake/c?endpoint=ftp://x",
      "a: \"azure://lake/c\" has the endpoint \"ftp://x\", expected is http(s)://host/path or http(s)://host:port/path."
    ),
    (
      "a", "azure://lake/c?sig=SECRET",
      "a: \"azure://lake/c\" has an option \"sig\"; there are only credentials and endpoint, and a secret is a credential."
    ),
    ("a", "azure://lake/c?credentials=", "a: \"azure://lake/c\" has the option \"credentials\" empty or twice."),
  ])
  func `that is wrong is refused with what is wrong, and no secret`(name: String, url: String, message: String) {
    let error = #expect(throws: StorageError.self) { try Containers([name: url]) }
    #expect(error?.message == message)
  }
}
