/* OpenSSL's libcrypto: message digests. Headers come with Debian's libssl-dev. */
#ifndef WEIR_CRYPTO_H
#define WEIR_CRYPTO_H
#include <openssl/evp.h>
#endif
