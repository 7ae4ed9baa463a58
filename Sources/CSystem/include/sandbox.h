/* What a worker gives up before foreign code runs: files (Landlock), calls (seccomp). */
#ifndef ASSAY_SANDBOX_H
#define ASSAY_SANDBOX_H

/* The version of Landlock that the kernel offers; 0 when it has none. */
int assay_shim_landlock_abi(void);

/* Starts a layer that denies all files, TCP, and signals to and abstract sockets of other processes,
 * as far as version `abi` can. Returns a descriptor or a negative errno. */
int assay_shim_landlock_begin(int abi);

/* Lets files at or below `path` be read, and its folders listed. A path that does not exist is skipped. */
int assay_shim_landlock_allow_reading(int layer, const char *_Nonnull path);

/* Lets everything below the folder `path` be read, made, changed and removed. */
int assay_shim_landlock_allow_all(int layer, int abi, const char *_Nonnull path);

/* Puts the layer into force for the calling thread and its later children, and closes it. */
int assay_shim_landlock_enforce(int layer);

/* Leaves the calls of a list that reaches no further than this process, and threads; others fail
 * with EPERM, or ENOSYS where the C library knows another way. 0 or a negative errno. */
int assay_shim_seccomp_enforce(void);

#endif
