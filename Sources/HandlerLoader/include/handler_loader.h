/* handler_loader.h - loads one handler library and serves its tasks over a socket, as weir-runner does in a process of its
 * own and `weir run --in-process` on a thread. The protocol stands in weir/frames.h. */
#ifndef WEIR_HANDLER_LOADER_H
#define WEIR_HANDLER_LOADER_H
#include "weir/frames.h"
#include <stddef.h>
#include <stdint.h>

typedef struct weir_hello {             /* the host's first frame */
    const char *library, *config, *host_version, *scratch, *readable;
    uint64_t memory_mb, sandbox;        /* WEIR_SANDBOX_* */
} weir_hello;

typedef struct weir_serving {
    int32_t socket, cancel;             /* see WEIR_FD_SOCKET and WEIR_FD_CANCEL; both stay the caller's */
    weir_page *page;                    /* mapped for writing */
    /* NULL, or called once between HELLO and the loading of the library. Writes into `note` what of hello->sandbox it
     * could not do, one sentence a line. Not 0: the library is not loaded, and `note` says why. */
    int (*restrict_process)(const weir_hello *hello, char *note, size_t capacity);
} weir_serving;

enum { WEIR_SERVED = 0, WEIR_SERVED_REFUSED = 65, WEIR_SERVED_BROKEN = 76, WEIR_SERVED_MEMORY = 71 };

/* Serves until STOP or the end of the socket: WEIR_SERVED. WEIR_SERVED_REFUSED: the library could not be loaded and the host
 * was told why. WEIR_SERVED_BROKEN: the socket failed, or the host sent what the protocol does not know. When no memory is
 * left for a frame the process exits with WEIR_SERVED_MEMORY. Plugins stay loaded: call it once for a library. */
int weir_serve(const weir_serving *serving);
#endif
