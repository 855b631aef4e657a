/* zlib: deflate, and the wrapping that HTTP calls gzip. Headers come with Debian's zlib1g-dev. */
#ifndef WEIR_COMPRESSION_H
#define WEIR_COMPRESSION_H
#include <zlib.h>

/* deflateInit2 is a macro with the header's version in it, which Swift does not see. */
static inline int weir_deflate_init(z_stream *stream, int level, int window_bits) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
#endif
