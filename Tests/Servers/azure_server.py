"""A stand-in for Azure Blob, since no server for it is to be had: block blobs in memory.

Signatures are checked with the SDK's own code (azure_access.py); what the operations do follows Microsoft's reference. Accounts are
the first part of the path, as in every emulator. A container's name says how copies into it go, so that tests which run side by side
do not meet: "...-pending3" answers `pending` until it was looked at three times, "...-failing" ends them as failed.
"""
import os
import socket
import sys
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


def start(keeper):
    keeper.spawn("azure", sys.executable, "-u", "-W", "ignore", os.path.abspath(__file__))

    def port():
        with open(keeper.log("azure"), encoding="utf-8", errors="replace") as log:
            ready = [line for line in log if line.startswith("ready ")]
        return int(ready[0].split()[1]) if ready else None

    return {"port": keeper.until("ready line from the stand-in", port)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Windows-Azure-Blob/1.0"
    store = request_type = refused = None  # set by serve(), which alone needs the SDK

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def answer_any(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = self.request_type(self.command, self.path, headers, body)
        try:
            status, headers, content = self.store.answer(request)
        except self.refused as refusal:
            text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{refusal.code}</Code><Message>{escape(refusal.text)}</Message></Error>'
            headers = {"x-ms-error-code": refusal.code, "Content-Type": "application/xml", **refusal.headers}
            status, content = refusal.status, text.encode()
        self.send_response_only(status)
        headers = {
            "Date": formatdate(usegmt=True), "Server": self.server_version, "x-ms-request-id": "weir-test", "x-ms-version": "2021-12-02",
            **headers}
        if status not in (204, 304):
            headers.setdefault("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_DELETE = answer_any


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        """A client that hangs up in the middle is what the tests are about."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def serve():
    from azure_access import Refused
    from azure_request import Request
    from azure_store import Store
    Handler.store, Handler.request_type, Handler.refused = Store(), Request, Refused
    server = Server(("127.0.0.1", 0), Handler)
    print("ready", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
