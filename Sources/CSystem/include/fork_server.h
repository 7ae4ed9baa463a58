/* A process of trusted code alone that forks workers, so that none has to load the executable anew.
 *
 *     host    sends the environment and the descriptors of a worker, one message each
 *     server  one thread, no plugin, no tensors: forks, gives the descriptors away, answers
 *     child   opens its own stdin, and becomes a worker as an executed one would (worker_space.h)
 *
 * The server goes when the host closes the socket, and all workers with it. Workers of one server have
 * one layout of addresses. */
#ifndef ASSAY_FORK_SERVER_H
#define ASSAY_FORK_SERVER_H

#include <stddef.h>
#include <sys/types.h>

/* Where the server finds its socket. */
#define ASSAY_SHIM_SERVER 3

/* The most bytes of a message. */
#define ASSAY_SHIM_ENVIRONMENT 8192

/* Whether this process was started as `assay worker serve`. */
int assay_shim_is_server(void);

/* Serves until the host is gone. Returns in workers only. */
void assay_shim_serve(void);

/* A pair of connected sockets that keep messages apart, close-on-exec; 0 or a negative errno. */
int assay_shim_server_pair(int ends[_Nonnull 2]);

/* Asks the server at the other end of `socket` for a worker.
 *
 * `environment` holds strings, each with its NUL: the worker's scratch folder, then variables.
 * `descriptors` become 1, 2, 3, 4, ... of the worker. `pidfd` is a descriptor of its supervisor, which
 * becomes readable at the end. Returns 0 or a negative errno; then there is no worker. */
int assay_shim_ask_server(int socket, const char *_Nonnull environment, size_t size,
                          const int *_Nonnull descriptors, size_t count, int *_Nonnull pidfd);

/* Signals the process behind a pidfd; 0 or a negative errno. */
int assay_shim_signal(int pidfd, int signal);

#endif
