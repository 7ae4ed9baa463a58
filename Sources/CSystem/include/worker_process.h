/* Starting, limiting and reaping a worker process. */
#ifndef ASSAY_WORKER_PROCESS_H
#define ASSAY_WORKER_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct assay_shim_spawn {
  const char *_Nonnull executable;
  char *_Nullable const *_Nonnull arguments;   /* NULL-terminated */
  char *_Nullable const *_Nonnull environment; /* NULL-terminated */
  const char *_Nonnull folder;                 /* the working directory of the child */
  int output, error;                           /* become descriptors 1 and 2 */
  const int *_Nonnull descriptors;             /* become descriptors 3, 4, ... */
  size_t descriptor_count;
} assay_shim_spawn;

/* Starts a process that leads its own group, has /dev/null as stdin, default signal actions and no
 * other descriptor than the ones listed. Returns 0 or an errno. */
int assay_shim_spawn_process(const assay_shim_spawn *_Nonnull spawn, pid_t *_Nonnull pid);

/* A descriptor that becomes readable when the process ends; negative where there is none. */
int assay_shim_pidfd(pid_t pid);

typedef struct assay_shim_exit {
  int status; /* the exit status, or -1 when a signal ended the process */
  int signal; /* the signal, or 0 */
  double cpu_seconds;
  int64_t peak_resident_bytes;
} assay_shim_exit;

/* Reaps the process: 1 when it has ended, 0 when it runs, a negative errno on failure. */
int assay_shim_reap(pid_t pid, int block, assay_shim_exit *_Nonnull result);

/* Fills `result` from a wait status and the costs that came with it. */
struct rusage;
void assay_shim_take_exit(int status, const struct rusage *_Nonnull usage,
                          assay_shim_exit *_Nonnull result);

/* Makes the process unreadable to others of the same user; 0 or a negative errno. */
int assay_shim_hide_process(void);

/* Limits of the calling process; 0 or a negative errno. */
int assay_shim_limit_memory(uint64_t bytes);
int assay_shim_limit_cpu(uint64_t seconds);
int assay_shim_limit_file_size(uint64_t bytes);
int assay_shim_limit_descriptors(uint64_t count);

/* A pair of connected stream sockets, both close-on-exec; 0 or a negative errno. */
int assay_shim_socket_pair(int ends[_Nonnull 2]);

/* A pipe, close-on-exec, whose reading end does not block; 0 or a negative errno. */
int assay_shim_output_pipe(int ends[_Nonnull 2]);

/* Removes a folder and all below it, however deep and whatever its permissions, without following
 * links; 0 or a negative errno. */
int assay_shim_remove_tree(const char *_Nonnull path);

/* Counts what lies below a folder, without following links, up to `most` entries: their number; the
 * bytes that they take on disk go to `bytes`. */
uint64_t assay_shim_measure_tree(const char *_Nonnull path, uint64_t most, uint64_t *_Nonnull bytes);

#endif
