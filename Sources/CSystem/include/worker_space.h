/* The room that a worker lives in: processes, files and network of its own.
 *
 * A worker is three processes where the kernel lets a user have namespaces:
 *
 *     supervisor   outside: reaps, tells the host how it ended, ends all on SIGTERM
 *     init         process 1 of the room: whatever was started in it dies with it
 *     worker       loads the plugin
 *
 * The room is made before any constructor runs, while there is one thread: a process with more than
 * one can enter no user namespace, and privileges are dropped thread by thread. */
#ifndef ASSAY_WORKER_SPACE_H
#define ASSAY_WORKER_SPACE_H

#include <stddef.h>

/* Descriptors of a worker. */
enum {
  ASSAY_SHIM_CONTROL = 3, /* messages to the host */
  ASSAY_SHIM_REQUEST = 4, /* what to do, as JSON */
  ASSAY_SHIM_PLAN = 5,    /* the room, as below */
  ASSAY_SHIM_TENSORS = 6, /* a socket on which the tensors of each call come and go */
  ASSAY_SHIM_RECORD = 7,  /* where the supervisor writes an assay_shim_exit */
  ASSAY_SHIM_STAT = 8,    /* /proc/self/stat and statm, where the plan asks for them */
  ASSAY_SHIM_STATM = 9,
};

/* The status in the record of a worker of a fork server that gets no room. */
#define ASSAY_SHIM_NO_ROOM 70

/* The plan is a sequence of strings, each with its NUL:
 *
 *     parent pid, "spaces" or "plain", "gauge" or "", scratch folder, its bytes, its files, processes
 *     then for every file of the tree: "file" or "tree", where it lies, where the worker sees it */

/* Whether this process was started as `assay worker` with a plan. */
int assay_shim_is_worker(void);

/* Whether it lives in a room of its own. */
int assay_shim_has_space(void);

/* Whether the room's count of processes and threads is limited. */
int assay_shim_has_process_limit(void);

/* The step that failed when a room was asked for, or NULL; `error` becomes its errno. */
const char *_Nullable assay_shim_space_problem(int *_Nonnull error);

/* Tries whether the kernel lets this user have a room: 0, or a negative errno. */
int assay_shim_probe_spaces(void);

#endif
