/* A process that decodes pictures and can do nothing else.
 *
 * It is a fork of the caller that runs C alone. Before the first picture comes it has closed all
 * that was open, may take `memory` bytes more than the caller had, and keeps the system calls for
 * memory and for its one socket: no file, no program, no other process is within its reach. It ends
 * when the other end of the socket is closed.
 *
 * OpenBLAS stops its threads before a fork: no other thread may be inside a product that uses
 * several. */
#ifndef ASSAY_DECODER_PROCESS_H
#define ASSAY_DECODER_PROCESS_H

#include "pictures.h"

#include <sys/types.h>

/* Starts the process; 0 or a negative errno. `socket` is the caller's end, close-on-exec. */
int assay_shim_decoder_start(uint64_t memory, int *_Nonnull socket, pid_t *_Nonnull process);

/* Has it decode a picture. 0, a negative errno, -ETIMEDOUT when the time ran out, or -EPIPE when
 * the process ended. `milliseconds` counts down. */
int assay_shim_decoder_ask(int socket, uint32_t format, const uint8_t *_Nonnull bytes, size_t count,
                           uint64_t most_pixels, int64_t *_Nonnull milliseconds,
                           assay_shim_decoded *_Nonnull result);

/* Takes the pixels of what was decoded; as above. */
int assay_shim_decoder_take(int socket, uint8_t *_Nonnull pixels, size_t count,
                            int64_t *_Nonnull milliseconds);

/* Kills and reaps the process; the signal that had ended it before, or 0. */
int assay_shim_decoder_stop(int socket, pid_t process);

#endif
