import FoundationEssentials
import Testing

@testable import Storage

/// Microsoft's own examples, and what Microsoft's SDK for Python (azure-storage-blob 12.31.1) signs.
@Suite struct `Azure's signatures` {
  /// The key that Microsoft's emulators have; no secret.
  private static let key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
  private static let dated = [("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"), ("x-ms-version", "2015-02-21")].map {
    (name: $0.0, value: $0.1)
  }

  private func text(
    _ method: String, _ path: String, _ query: [(name: String, value: String)], headers: [(name: String, value: String)] = dated,
    size: Int = 0
  ) -> String {
    AzureSignature.stringToSign(
      account: "myaccount", method: method, url: "https://myaccount.blob.core.windows.net" + path, query: query, headers: headers,
      size: size)
  }

  /// - Source: Microsoft, Authorize with Shared Key: "Blob, Queue, and File Services".
  @Test func `the text to sign of a container's metadata is Microsoft's`() {
    let expected =
      "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
      + "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20"
    #expect(text("GET", "/mycontainer", [("restype", "container"), ("comp", "metadata"), ("timeout", "20")]) == expected)
  }

  /// - Source: the same page: "Content-Length header in version 2015-02-21 and later".
  @Test func `a body of no bytes has no length in it`() {
    let expected =
      "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
      + "/myaccount/mycontainer\nrestype:container\ntimeout:30"
    #expect(text("PUT", "/mycontainer", [("restype", "container"), ("timeout", "30")]) == expected)
  }

  /// - Source: the same page: "2009-09-19 and later Shared Key format" of the canonicalized resource.
  @Test func `a parameter given several times is one line`() {
    let query = [
      ("restype", "container"), ("comp", "list"), ("include", "snapshots"), ("include", "metadata"), ("include", "uncommittedblobs"),
    ]
    let lines = text("GET", "/mycontainer", query.map { (name: $0.0, value: $0.1) })
    #expect(lines.hasSuffix("\n/myaccount/mycontainer\ncomp:list\ninclude:metadata,snapshots,uncommittedblobs\nrestype:container"))
  }

  @Test func `requests are signed as the SDK signs them`() throws {
    let key = try #require(Base64.bytes(Self.key))
    let metadata = AzureSignature.authorization(
      account: "myaccount", key: key, method: "GET", url: "https://myaccount.blob.core.windows.net/mycontainer",
      query: [("restype", "container"), ("comp", "metadata"), ("timeout", "20")], headers: Self.dated, size: 0)
    #expect(metadata == "SharedKey myaccount:1u9lui2jDxj0+fpbHjQ5m5NnastJRSYM+PSmfi8TXx4=")
    let block = AzureSignature.authorization(
      account: "myaccount", key: key, method: "PUT", url: "https://myaccount.blob.core.windows.net/c/a%20b/%C3%BC",
      query: [("comp", "block"), ("blockid", "QUE=")],
      headers: Self.dated + [
        ("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="), ("x-ms-meta-weir_write", "1"), ("x-ms-meta-weir_sha256", "2"), ("If-Match", "\"0x1\""),
      ], size: 11)
    #expect(block == "SharedKey myaccount:hNR9qRsqXtW8WUjcVK2vvgfoXAfUvnbWrQur1FDRdWY=")
  }

  @Test func `a SAS for a blob is the SDK's`() throws {
    let address = AzureAddress(account: "myaccount", container: "c")
    let sas = AzureSAS.reading(
      address, blob: "a b/ü.tif", key: try #require(Base64.bytes(Self.key)),
      expiry: try #require(HTTPDate.parse("Mon, 23 Nov 2026 17:00:00 GMT")))
    #expect(sas == "sv=2021-12-02&sr=b&sp=r&se=2026-11-23T17%3A00%3A00Z&sig=kEoDzDL6T9q9EWt2jWpdz%2BPBfAbat4qjlFs1GwXK4kk%3D")
  }
}
