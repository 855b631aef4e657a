/* reader.h - frames out of a socket, many with one read. */
#ifndef WEIR_READER_H
#define WEIR_READER_H
#include "weir/frames.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory that a frame arrived in, or that a handler was given. */
typedef struct weir_block {
    struct weir_block *next, *previous;
    size_t size;
    uint32_t holders, reserved;         /* how many weir_bytes point into it */
    uint8_t data[];
} weir_block;

typedef struct weir_arrival {
    weir_frame head;
    const uint8_t *payload;             /* valid until the next fill, or for ever if `block` is set */
    weir_block *block;                  /* the receiver's, or NULL */
} weir_arrival;

enum { WEIR_READ_AHEAD = 64 << 10, WEIR_MOST_DESCRIPTORS = 8 };

typedef struct weir_reader {
    int socket, waiting;                /* waiting: descriptors that arrived and nobody took yet */
    int descriptors[WEIR_MOST_DESCRIPTORS];
    size_t start, end, filled;
    weir_block *large;                  /* a frame that does not fit into `buffer`, `filled` so far */
    weir_frame large_head;
    uint8_t *buffer;
} weir_reader;

weir_block *weir_block_new(size_t size);
void weir_reader_open(weir_reader *, int socket);
void weir_reader_close(weir_reader *);
/* 1: a whole frame; 0: more must be read; -1: larger than the protocol allows. */
int weir_reader_take(weir_reader *, weir_arrival *);
/* Whether take would give a frame at once. */
bool weir_reader_has_frame(const weir_reader *);
/* One read; `flags` as for recv. As recv: 0 is the end of the socket. */
long weir_reader_fill(weir_reader *, int flags);
/* The next descriptor that came with a frame, -1: none. */
int weir_reader_take_descriptor(weir_reader *);
#endif
