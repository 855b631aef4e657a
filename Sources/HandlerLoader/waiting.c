// Apart from calls.c because these are the rules of who reads the socket while run() is under way: no thread is kept for
// that, so of those that wait for an answer one leads (reads, hands out what came) and the others sleep.
#define _GNU_SOURCE
#include "channel.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct weir_stash {             /* a frame that arrived before its turn */
    struct weir_stash *next;
    weir_arrival arrival;
} weir_stash;

static void stash(weir_channel *channel, const weir_arrival *arrival) {
    weir_stash *kept = weir_allocate(sizeof *kept);
    *kept = (weir_stash){ NULL, *arrival };
    if (!arrival->block) {
        kept->arrival.block = weir_block_new(arrival->head.size);
        memcpy(kept->arrival.block->data, arrival->payload, arrival->head.size);
        kept->arrival.payload = kept->arrival.block->data;
    }
    if (channel->stash_end) channel->stash_end->next = kept;
    else channel->stash = kept;
    channel->stash_end = kept;
}

bool weir_take_stashed(weir_channel *channel, weir_arrival *out) {
    weir_stash *first = channel->stash;
    if (!first) return false;
    channel->stash = first->next;
    if (!channel->stash) channel->stash_end = NULL;
    *out = first->arrival;
    free(first);
    return true;
}

static void wake(weir_waiter *waiter) {
    if (waiter->sleeping) pthread_cond_signal(&waiter->wake);
}

static void wake_all(weir_channel *channel) {
    for (weir_waiter *waiter = channel->waiters; waiter; waiter = waiter->next) wake(waiter);
}

static void take_reply(weir_channel *channel, weir_arrival *arrival) {
    weir_waiter *waiter = channel->waiters;
    bool has_descriptor = (arrival->head.call & 0xFF) == WEIR_CALL_OPEN_FD && arrival->head.size >= 8
                          && memcmp(arrival->payload, "\0\0\0\0\0\0\0\0", 8) == 0;
    int descriptor = has_descriptor ? weir_reader_take_descriptor(&channel->reader) : -1;
    while (waiter && waiter->call != arrival->head.call) waiter = waiter->next;
    if (!waiter || waiter->call == 0) {             /* its thread gave it up */
        if (descriptor >= 0) close(descriptor);
        free(arrival->block);
        return;
    }
    if (!arrival->block) {
        arrival->block = weir_block_new(arrival->head.size);
        memcpy(arrival->block->data, arrival->payload, arrival->head.size);
    }
    waiter->block = arrival->block;
    waiter->descriptor = descriptor;
    waiter->done = true;
    wake(waiter);
}

void weir_drop_reply(weir_channel *channel, weir_arrival *arrival) {
    pthread_mutex_lock(&channel->lock);
    take_reply(channel, arrival);
    pthread_mutex_unlock(&channel->lock);
}

static void take_credit(weir_channel *channel, const weir_arrival *arrival) {
    weir_attempt *attempt = &channel->attempts[channel->current];
    uint64_t bytes = 0;
    if (arrival->head.task == attempt->number && arrival->head.size >= sizeof bytes) {
        memcpy(&bytes, arrival->payload, sizeof bytes);
        attempt->uncredited -= bytes < attempt->uncredited ? bytes : attempt->uncredited;
        for (weir_waiter *waiter = channel->waiters; waiter; waiter = waiter->next)
            if (waiter->call == 0) {
                waiter->done = true;
                wake(waiter);
            }
    }
    free(arrival->block);
}

static void hand_out(weir_channel *channel) {
    weir_arrival arrival;
    int taken;
    while ((taken = weir_reader_take(&channel->reader, &arrival)) > 0) {
        if (arrival.head.kind == WEIR_FRAME_REPLY) take_reply(channel, &arrival);
        else if (arrival.head.kind == WEIR_FRAME_CREDIT) take_credit(channel, &arrival);
        else stash(channel, &arrival);
    }
    if (taken < 0) weir_break(channel);
}

/* Waits for the socket or for a cancellation; what came is handed out. Under channel->lock, given up while it waits. */
static void lead(weir_channel *channel, weir_attempt *attempt) {
    struct pollfd watched[2] = { { .fd = channel->socket, .events = POLLIN }, { .fd = channel->cancel, .events = POLLIN } };
    if (weir_reader_has_frame(&channel->reader)) {   /* of before this task began */
        hand_out(channel);
        return;
    }
    if (attempt->open && weir_cancel_reason(attempt) != 0) watched[1].fd = -1;       /* known already */
    channel->leading = true;
    pthread_mutex_unlock(&channel->lock);
    int ready = poll(watched, 2, -1);
    int error = ready < 0 ? errno : 0;
    bool gone = ready < 0 && error != EINTR;
    if (ready > 0 && watched[0].revents) {
        long got = weir_reader_fill(&channel->reader, MSG_DONTWAIT);
        error = got < 0 ? errno : 0;
        gone = got == 0 || (got < 0 && error != EAGAIN && error != EINTR);
    }
    pthread_mutex_lock(&channel->lock);
    channel->leading = false;
    if (gone && error != 0 && error != ECONNRESET) weir_break(channel);
    else if (gone) atomic_store(&channel->ended, true);
    hand_out(channel);
    if (ready > 0 && watched[1].revents && attempt->open && weir_cancel_reason(attempt) == 0) {
        uint64_t stale;                 /* raised for an earlier task */
        if (read(channel->cancel, &stale, sizeof stale) < 0 && errno != EAGAIN) weir_break(channel);
    } else if (ready > 0 && watched[1].revents) {
        wake_all(channel);
    }
    if (atomic_load(&channel->ended)) wake_all(channel);
}

static void unlink_waiter(weir_channel *channel, const weir_waiter *waiter) {
    weir_waiter **link = &channel->waiters;
    while (*link != waiter) link = &(*link)->next;
    *link = waiter->next;
}

weir_status weir_wait(weir_attempt *attempt, weir_waiter *waiter) {
    weir_channel *channel = attempt->channel;
    weir_status status = WEIR_OK;
    while (!waiter->done && status == WEIR_OK) {
        if (!attempt->open || (!waiter->stubborn && weir_cancel_reason(attempt) != 0)) status = WEIR_CANCELLED;
        else if (atomic_load(&channel->ended)) status = WEIR_UNREACHABLE;
        else if (!channel->leading) lead(channel, attempt);
        else {
            waiter->sleeping = true;
            pthread_cond_wait(&waiter->wake, &channel->lock);
            waiter->sleeping = false;
        }
    }
    unlink_waiter(channel, waiter);
    attempt->gave_up |= !waiter->done && waiter->call != 0;
    if (!channel->leading)              /* somebody else must lead now */
        for (weir_waiter *next = channel->waiters; next; next = next->next)
            if (next->sleeping && !next->done) {
                wake(next);
                break;
            }
    return waiter->done ? WEIR_OK : status;
}

void weir_close_attempt(weir_attempt *attempt) {
    weir_channel *channel = attempt->channel;
    uint64_t one = 1, drained;
    pthread_mutex_lock(&channel->lock);
    attempt->open = false;
    if (attempt->inside > 0) {          /* threads that outlived run(): out with them, they are told so */
        wake_all(channel);
        bool raised = write(channel->cancel, &one, sizeof one) > 0;
        while (attempt->inside > 0) pthread_cond_wait(&channel->left, &channel->lock);
        if (raised && read(channel->cancel, &drained, sizeof drained) < 0) channel->seen_cancel = 0;
    }
    pthread_mutex_unlock(&channel->lock);
}
