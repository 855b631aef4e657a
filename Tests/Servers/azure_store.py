"""What the stand-in for Azure Blob does with a request: the operations on containers and block blobs that Weir uses, and no others."""
import base64
import hashlib
import itertools
import re
import threading
import time
from email.utils import formatdate
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import azure_access
from azure_access import Refused
from azure_request import Request

XML_SAFE = re.compile("^[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*$")
LARGEST_SYNC_COPY = 256 << 20
MOST_LISTED = 5000


class Blob:
    versions = itertools.count(1)

    def __init__(self, data, headers, copy=None):
        self.data = data
        self.etag = f"0x8DC{next(self.versions):012X}"
        self.modified = time.time()
        self.type = headers.get("x-ms-blob-content-type") or headers.get("content-type") or "application/octet-stream"
        self.md5 = headers.get("x-ms-blob-content-md5")
        self.metadata = {name[10:]: value for name, value in headers.items() if name.startswith("x-ms-meta-")}
        self.copy = copy
        self.blocks = {}

    def headers(self):
        headers = {
            "ETag": f'"{self.etag}"', "Last-Modified": formatdate(self.modified, usegmt=True), "Content-Type": self.type,
            "x-ms-blob-type": "BlockBlob", "Accept-Ranges": "bytes"}
        headers.update({"x-ms-meta-" + name: value for name, value in self.metadata.items()})
        if self.copy:
            headers.update({
                "x-ms-copy-id": self.copy["id"], "x-ms-copy-status": self.copy["status"],
                "x-ms-copy-progress": f"{len(self.data)}/{len(self.copy['data'])}"})
        return headers

    def look(self):
        """Each look at a pending copy brings it on."""
        if not self.copy or self.copy["status"] != "pending":
            return
        self.copy["looks"] -= 1
        if self.copy["looks"] <= 0:
            self.copy["status"] = self.copy["end"]
            if self.copy["end"] == "success":
                self.data, self.md5 = self.copy["data"], self.copy["md5"]


class Container:
    def __init__(self):
        self.blobs = {}
        self.blocks = {}


class Store:
    def __init__(self):
        self.containers = {}
        self.lock = threading.RLock()
        self.copies = itertools.count(1)

    def answer(self, request):
        if request.account not in azure_access.ACCOUNTS:
            raise Refused(404, "ResourceNotFound", "There is no such account.")
        operation = self.operation(request)
        if operation is None:
            raise Refused(400, "UnsupportedQueryParameter", f"The stand-in has no {request.method} {request.operation}.")
        act, permissions = operation
        request.is_owner = azure_access.check(request, permissions)
        with self.lock:
            return act(request)

    def operation(self, request):
        """What is to be done, and the permissions of which a SAS needs one."""
        key = f"{request.method} {'blob' if request.blob else 'container'} {request.operation}"
        if key == "PUT blob /" and "x-ms-copy-source" in request.headers:
            return self.copy, "cw"
        return {
            "PUT container container/": (self.make_container, "cw"), "GET container container/list": (self.list, "l"),
            "PUT blob /": (self.put, "cw"), "PUT blob /block": (self.put_block, "w"), "PUT blob /blocklist": (self.put_block_list, "w"),
            "GET blob /": (self.get, "r"), "HEAD blob /": (self.head, "r"), "DELETE blob /": (self.delete, "d"),
            "PUT blob /copy": (self.abort_copy, "w"),
        }.get(key)

    # containers

    def make_container(self, request):
        if (request.account, request.container) in self.containers:
            raise Refused(409, "ContainerAlreadyExists", "The specified container already exists.")
        self.containers[request.account, request.container] = Container()
        return 201, {}, b""

    def container(self, request):
        found = self.containers.get((request.account, request.container))
        if found is None:
            raise Refused(404, "ContainerNotFound", "The specified container does not exist.")
        return found

    def blob(self, request):
        found = self.container(request).blobs.get(request.blob)
        if found is None:
            raise Refused(404, "BlobNotFound", "The specified blob does not exist.")
        return found

    def list(self, request):
        query = request.query
        prefix, delimiter, marker = query.get("prefix", ""), query.get("delimiter", ""), query.get("marker", "")
        limit = min(int(query.get("maxresults", MOST_LISTED)), MOST_LISTED)
        entries, following = [], ""
        for name, blob in sorted(self.container(request).blobs.items(), key=lambda entry: entry[0].encode()):
            cut = name.find(delimiter, len(prefix)) if delimiter else -1
            shown = name if cut < 0 else name[:cut + len(delimiter)]
            if not name.startswith(prefix) or (entries and entries[-1][0] == shown):
                continue
            if marker and (shown if cut < 0 else name).encode() < base64.b64decode(marker):
                continue
            if len(entries) == limit:
                following = base64.b64encode(name.encode()).decode()
                break
            entries.append((shown, None if cut >= 0 else blob))
        text = '<?xml version="1.0" encoding="utf-8"?>' f'<EnumerationResults ContainerName="{request.container}"><Blobs>'
        text += "".join(listed(name, blob, query.get("include", "").split(",")) for name, blob in entries)
        text += f"</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
        return 200, {"Content-Type": "application/xml"}, text.encode()

    # blobs

    def check_conditions(self, request, is_write):
        present = self.container(request).blobs.get(request.blob)
        match, none = request.headers.get("if-match"), request.headers.get("if-none-match")
        unmet = Refused(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.")
        if match and (present is None or match not in ("*", f'"{present.etag}"')):
            raise unmet
        if none == "*" and present is not None:
            raise Refused(409, "BlobAlreadyExists", "The specified blob already exists.") if is_write else unmet

    def check_body(self, request):
        body, given = md5(request.body), request.headers.get("content-md5")
        if given and given != body:
            raise Refused(400, "Md5Mismatch", "The MD5 value specified in the request did not match with the MD5 value calculated by the server.")
        return body

    def place(self, request, blob):
        container = self.container(request)
        container.blobs[request.blob] = blob
        container.blocks.pop(request.blob, None)
        return {"ETag": f'"{blob.etag}"', "Last-Modified": formatdate(blob.modified, usegmt=True)}

    def put(self, request):
        self.check_conditions(request, True)
        if request.headers.get("x-ms-blob-type") != "BlockBlob":
            raise Refused(400, "MissingRequiredHeader", "x-ms-blob-type is missing or not BlockBlob.")
        blob = Blob(request.body, request.headers)
        blob.md5 = self.check_body(request)
        return 201, {**self.place(request, blob), "Content-MD5": blob.md5}, b""

    def put_block(self, request):
        blocks = self.container(request).blocks.setdefault(request.blob, {})
        identity, headers = request.query.get("blockid", ""), {}
        if any(len(other) != len(identity) for other in blocks) or not re.fullmatch("[A-Za-z0-9+/]+=*", identity):
            raise Refused(400, "InvalidBlobOrBlock", "The specified blob or block content is invalid.")
        if "x-ms-copy-source" in request.headers:
            data = self.source(request).data
            first, last = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("x-ms-source-range", f"bytes=0-{len(data) - 1}")).groups()
            if int(last) >= len(data):
                raise Refused(416, "InvalidRange", "The range specified is invalid for the current size of the resource.")
            blocks[identity] = data[int(first):int(last) + 1]
            headers["Content-MD5"] = md5(blocks[identity])
        else:
            headers["Content-MD5"] = self.check_body(request)
            blocks[identity] = request.body
        return 201, headers, b""

    def put_block_list(self, request):
        self.check_conditions(request, True)
        self.check_body(request)
        container = self.container(request)
        present = container.blobs.get(request.blob)
        known = {**(present.blocks if present else {}), **container.blocks.get(request.blob, {})}
        try:
            blocks = {entry.text: known[entry.text] for entry in ElementTree.fromstring(request.body)}
        except (ElementTree.ParseError, KeyError):
            raise Refused(400, "InvalidBlockList", "The specified block list is invalid.") from None
        headers = {name: value for name, value in request.headers.items() if name != "content-type"}
        blob = Blob(b"".join(blocks.values()), headers)
        blob.blocks = blocks
        return 201, self.place(request, blob), b""

    def head(self, request):
        blob = self.blob(request)
        self.check_conditions(request, False)
        blob.look()
        headers = {**blob.headers(), "Content-Length": str(len(blob.data))}
        if blob.md5:
            headers["Content-MD5"] = blob.md5
        return 200, headers, b""

    def get(self, request):
        blob = self.blob(request)
        self.check_conditions(request, False)
        wanted = request.headers.get("x-ms-range") or request.headers.get("range")
        if not wanted:
            return 200, {**blob.headers(), **({"Content-MD5": blob.md5} if blob.md5 else {})}, blob.data
        first, last = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted).groups()
        end = min(int(last) + 1 if last else len(blob.data), len(blob.data))
        if int(first) >= len(blob.data):
            raise Refused(416, "InvalidRange", "The range specified is invalid for the current size of the resource.")
        content = blob.data[int(first):end]
        headers = {**blob.headers(), "Content-Range": f"bytes {first}-{end - 1}/{len(blob.data)}"}
        if request.headers.get("x-ms-range-get-content-md5") == "true":
            headers["Content-MD5"] = md5(content)
        return 206, headers, content

    def delete(self, request):
        self.blob(request)
        self.check_conditions(request, False)
        del self.container(request).blobs[request.blob]
        return 202, {}, b""

    # copies

    def source(self, request):
        """The blob of x-ms-copy-source: a SAS must allow it, or the account's own key for its own blobs. The host does not matter."""
        path = "/" + request.headers["x-ms-copy-source"].split("://", 1)[1].split("/", 1)[1]
        source = Request("GET", path, {})
        unverified = Refused(401, "CannotVerifyCopySource", "Could not verify the copy source within the specified time.")
        if source.account not in azure_access.ACCOUNTS:
            raise unverified
        needs_sas = "block" in request.operation or request.headers.get("x-ms-requires-sync") == "true"
        if "sig" in source.query:
            azure_access.check_sas(source, source.query, "r")
        elif needs_sas or not request.is_owner or source.account != request.account:
            raise unverified
        blob = self.blob(source)
        wanted = request.headers.get("x-ms-source-if-match")
        if wanted and wanted != f'"{blob.etag}"':
            raise Refused(412, "SourceConditionNotMet", "The source condition specified using HTTP conditional header(s) is not met.")
        return blob

    def copy(self, request):
        source = self.source(request)
        self.check_conditions(request, True)
        if request.headers.get("x-ms-requires-sync") == "true" and len(source.data) > LARGEST_SYNC_COPY:
            raise Refused(409, "CannotVerifyCopySource", "The copy source is too large.")
        headers = {"x-ms-blob-content-type": source.type, **request.headers}
        headers.pop("content-type", None)
        if not any(name.startswith("x-ms-meta-") for name in headers):
            headers.update({"x-ms-meta-" + name: value for name, value in source.metadata.items()})
        copy = {"id": f"copy-{next(self.copies)}", "status": "success", "data": source.data, "md5": source.md5, "looks": 0, "end": "success"}
        pending = re.search(r"-pending(\d+)$", request.container)
        failing = request.container.endswith("-failing")
        if pending or failing:
            copy.update(status="pending", looks=int(pending.group(1)) if pending else 1, end="failed" if failing else "success")
        blob = Blob(b"" if copy["status"] == "pending" else source.data, headers, copy)
        blob.md5 = None if copy["status"] == "pending" else source.md5
        answer = {**self.place(request, blob), "x-ms-copy-id": copy["id"], "x-ms-copy-status": copy["status"]}
        return 202, answer, b""

    def abort_copy(self, request):
        blob = self.blob(request)
        if not blob.copy or blob.copy["status"] != "pending":
            raise Refused(409, "NoPendingCopyOperation", "There is currently no pending copy operation.")
        if request.headers.get("x-ms-copy-action") != "abort" or request.query.get("copyid") != blob.copy["id"]:
            raise Refused(409, "CopyIdMismatch", "The specified copy ID did not match the copy ID for the pending copy operation.")
        blob.copy["status"] = "aborted"
        return 204, {}, b""


def md5(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def listed(name, blob, include):
    text = f"<Name>{escape(name)}</Name>" if XML_SAFE.match(name) else f'<Name Encoded="true">{quote(name)}</Name>'
    if blob is None:
        return f"<BlobPrefix>{text}</BlobPrefix>"
    copy = f"<CopyStatus>{blob.copy['status']}</CopyStatus>" if blob.copy and "copy" in include else ""
    metadata = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in blob.metadata.items()) if "metadata" in include else ""
    return (
        f"<Blob>{text}<Properties><Last-Modified>{formatdate(blob.modified, usegmt=True)}</Last-Modified><Etag>{blob.etag}</Etag>"
        f"<Content-Length>{len(blob.data)}</Content-Length><Content-Type>{escape(blob.type)}</Content-Type>"
        f"<BlobType>BlockBlob</BlobType>{copy}</Properties><Metadata>{metadata}</Metadata></Blob>")
