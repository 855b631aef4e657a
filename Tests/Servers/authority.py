"""A certificate authority of one server: what a client must trust, and what the server shows for 127.0.0.1 and localhost."""
import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make(folder):
    """Writes authority.pem, server.pem and server.key into the folder, and answers their paths."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name, key, issuer, signer, authority):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True))
        if not authority:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(signer, hashes.SHA256())

    def write(name, data):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = certificate("Weir's tests", root, None, root, True)
    server = certificate("127.0.0.1", own, authority.subject, root, False)
    encoding = serialization.Encoding.PEM
    private = own.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (
        write("authority.pem", authority.public_bytes(encoding)), write("server.pem", server.public_bytes(encoding)),
        write("server.key", private))
