/* How a forked process becomes a worker; between the files of this target. */
#ifndef ASSAY_WORKER_BEGIN_H
#define ASSAY_WORKER_BEGIN_H

#include <sys/types.h>

/* Moves this process, a child of `server` with the descriptors of worker_space.h, into the room of
 * its plan. Returns in the worker only. */
void assay_worker_begin(pid_t server);

#endif
