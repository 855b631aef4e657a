"""Who may do what: shared key and SAS, checked with the Azure SDK's own code, which is what signs for Microsoft's other clients."""
import time
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

from azure.core.pipeline.transport import HttpRequest
from azure.storage.blob._shared.authentication import SharedKeyCredentialPolicy
from azure.storage.blob._shared_access_signature import BlobSharedAccessSignature
from azure.storage.blob._shared.shared_access_signature import SharedAccessSignature

ACCOUNTS = {
    "weirtestalice": "YWxpY2VzZWNyZXRhbGljZXNlY3JldGFsaWNlc2VjcmU=",
    "weirtestbob": "Ym9ic2VjcmV0Ym9ic2VjcmV0Ym9ic2VjcmV0Ym9ic2U=",
}
CLOCK_TOLERANCE = 15 * 60


class Refused(Exception):
    """What the service answers instead: status, code and a text for people."""

    def __init__(self, status, code, text, **headers):
        super().__init__(text)
        self.status, self.code, self.text, self.headers = status, code, text, headers


def failed(detail):
    return Refused(403, "AuthenticationFailed", "Server failed to authenticate the request. " + detail)


class ServicePolicy(SharedKeyCredentialPolicy):
    """The service signs Range; the SDK's own requests only ever have x-ms-range, so its policy looks at neither."""

    @staticmethod
    def _get_headers(request, headers_to_sign):
        names = ["range" if name == "byte_range" else name for name in headers_to_sign]
        return SharedKeyCredentialPolicy._get_headers(request, names)


def check(request, permissions):
    """`permissions`: letters of which a SAS must have one. Returns whether the account's own key signed."""
    if "sig" in request.query:
        check_sas(request, request.query, permissions)
        return False
    check_shared_key(request)
    return True


def check_shared_key(request):
    given = request.headers.get("authorization")
    if given is None:
        raise Refused(401, "NoAuthenticationInformation", "Server failed to authenticate the request: it has no Authorization header.")
    date = request.headers.get("x-ms-date") or request.headers.get("date")
    try:
        age = abs(time.time() - parsedate_to_datetime(date).timestamp())
    except (TypeError, ValueError):
        raise failed("It has no date.") from None
    if age > CLOCK_TOLERANCE:
        raise failed(f"Request date header too old: '{date}'")
    if "x-ms-version" not in request.headers:
        raise Refused(400, "MissingRequiredHeader", "x-ms-version is missing.")
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    signed = HttpRequest(request.method, "http://x" + request.raw_path, headers=headers)
    context = SimpleNamespace(transport=None)
    ServicePolicy(request.account, ACCOUNTS[request.account]).on_request(SimpleNamespace(http_request=signed, context=context))
    if signed.headers["Authorization"] != given:
        raise failed("The MAC signature found in the HTTP request is not the same as any computed signature.")


def check_sas(request, query, permissions):
    if signature(request, query) != query["sig"]:
        raise failed("Signature did not match.")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if query.get("se", "") < now or query.get("st", now) > now:
        raise failed(f"Signature not valid in the specified time frame: Start [{query.get('st', '')}] - Expiry [{query.get('se', '')}]")
    if not set(permissions) & set(query.get("sp", "")):
        raise Refused(403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission.")


def signature(request, query):
    """What the SDK computes for the same terms; a blob's and a container's SAS cover what they name only."""
    key = ACCOUNTS[request.account]
    terms = {
        "permission": query.get("sp"), "expiry": query.get("se"), "start": query.get("st"), "ip": query.get("sip"),
        "protocol": query.get("spr"),
    }
    if "ss" in query:
        maker = SharedAccessSignature(request.account, key, x_ms_version=query["sv"])
        return signature_of(maker.generate_account(services=query["ss"], resource_types=query["srt"], **terms))
    maker = BlobSharedAccessSignature(request.account, account_key=key)
    maker.x_ms_version = query["sv"]
    terms["policy_id"] = query.get("si")
    if query["sr"] == "c":
        return signature_of(maker.generate_container(request.container, **terms))
    if query["sr"] != "b" or not request.blob:
        raise Refused(403, "AuthorizationResourceTypeMismatch", "This request is not authorized to perform this operation using this resource type.")
    return signature_of(maker.generate_blob(request.container, request.blob, **terms))


def signature_of(token):
    from urllib.parse import parse_qs
    return parse_qs(token)["sig"][0]
