/* OpenSSL's libcrypto: message digests, plain and keyed. Headers come with Debian's libssl-dev. */
#ifndef WEIR_CRYPTO_H
#define WEIR_CRYPTO_H
#include <openssl/evp.h>
#include <openssl/hmac.h>
#endif
