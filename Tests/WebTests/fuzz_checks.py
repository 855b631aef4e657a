"""What schemathesis looks for besides its own checks: text that only the database, the runtime or a secret can have put there."""
import os
import re

import schemathesis

LEAKS = re.compile(
    rb"SQLSTATE|pg_catalog|pg_stat|psycopg|libpq|PQ[a-z]+\(|ERROR:  |relation \"|syntax error at or near|duplicate key value|violates "
    rb"|search_path|/Sources/|\.swift:|Fatal error|EngineError\(|DatabaseError\(|PGPASSWORD")
SECRETS = [secret.encode() for secret in os.environ.get("WEIR_FUZZ_SECRETS", "").split() if secret]


@schemathesis.check
def tells_no_secret(ctx, response, case):
    body = response.content
    headers = "\n".join(f"{name}: {values}" for name, values in response.headers.items()).encode()
    found = LEAKS.search(body) or LEAKS.search(headers)
    # what the request itself said may come back in the message
    if found and found.group(0).decode() not in f"{case.as_curl_command()}":
        raise AssertionError(f"the answer holds {found.group(0)!r}")
    for secret in SECRETS:
        if secret in body or secret in headers:
            raise AssertionError("the answer holds a secret of the host")
