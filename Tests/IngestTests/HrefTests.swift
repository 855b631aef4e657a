import Testing

@testable import Ingest

@Suite struct `Hrefs of a STAC document` {
  @Test(arguments: [
    ("collection.json", "./a.json", "a.json"), ("collection.json", "a.json", "a.json"), ("c/d/x.json", "../a.tif", "c/a.tif"),
    ("c/d/x.json", "../../a.tif", "a.tif"), ("c/d/x.json", "/e/a.tif", "e/a.tif"), ("c/x.json", "./d/../e/./a.tif", "c/e/a.tif"),
    ("x.json", "with%20space/a%23b.tif", "with space/a#b.tif"), ("x.json", "gr%C3%B6%C3%9Fe.tif", "größe.tif"),
    ("x.json", "größe.tif", "größe.tif"), ("x.json", "a+b&c.tif", "a+b&c.tif"), ("x.json", "50%.tif", "50%.tif"),
    ("x.json", "a.tif#part", "a.tif"), ("x.json", "./a:b.tif", "a:b.tif"), ("x.json", "d//a.tif", "d/a.tif"),
    ("x.json", "s3://bronze/d/a%20b.tif", "d/a b.tif"), ("c/x.json", "%2e%2e/a.tif", "a.tif"), ("x.json", "1:2.tif", "1:2.tif"),
    ("c/x.json", "d/\u{301}a.tif", "c/d/\u{301}a.tif"),
  ])
  func `lead to keys of the container`(document: String, href: String, key: String) throws {
    #expect(try Href(document: document, containerURL: "s3://bronze/").key(of: href) == key)
  }

  @Test(arguments: [
    ("x.json", "../a.tif", "../a.tif leaves the container"), ("c/x.json", "../../a.tif", "../../a.tif leaves the container"),
    ("x.json", "../bronze/a.tif", "../bronze/a.tif leaves the container"), ("x.json", "/../a", "/../a leaves the container"),
    ("x.json", "%2e%2E/a", "%2e%2E/a leaves the container"), ("x.json", "https://e.org/a", "https://e.org/a leaves the container"),
    ("x.json", "//e.org/a", "//e.org/a leaves the container"), ("x.json", "s3://silver/a", "s3://silver/a leaves the container"),
    ("x.json", "s3://bronze/../a", "s3://bronze/../a leaves the container"),
    ("x.json", "file:///etc/a", "file:///etc/a leaves the container"),
    ("x.json", "", "the href is empty"), ("x.json", "a/", "a/ names a folder, not an object"),
    ("c/x.json", "..", ".. names a folder, not an object"),
    ("x.json", "a?b=1", "a?b=1 has a query, which no object in a container has"),
    ("x.json", "a%2Fb", "a%2Fb has an encoded slash or control character in a name"),
    ("x.json", "a%00b", "a%00b has an encoded slash or control character in a name"), ("x.json", "a%FF", "a%FF is not UTF-8 once decoded"),
  ])
  func `are refused with a reason`(document: String, href: String, reason: String) {
    do {
      let key = try Href(document: document, containerURL: "s3://bronze/").key(of: href)
      Issue.record("\(href) led to \(key)")
    } catch {
      #expect(error.description == reason)
    }
  }

  @Test func `make URLs that lead back to their keys`() throws {
    for key in ["a.tif", "with space/a#b.tif", "größe/東京.tif", "50%.tif", "a+b&c?d.tif"] {
      let url = ContainerURL("silver", root: nil).url(of: key)
      #expect(try Href(document: "x", containerURL: "weir://silver/").key(of: url) == key)
      #expect(ContainerURL.root(of: url, key: key) == "weir://silver/")
    }
    #expect(ContainerURL("silver", root: nil).url(of: "a b.tif") == "weir://silver/a%20b.tif")
    #expect(ContainerURL.root(of: "https://e.org/other.tif", key: "a.tif") == nil)
  }
}
