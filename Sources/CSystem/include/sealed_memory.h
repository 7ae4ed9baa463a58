/* Anonymous files whose size, and later whose contents, can no longer change. */
#ifndef ASSAY_SEALED_MEMORY_H
#define ASSAY_SEALED_MEMORY_H

/* Makes an empty anonymous file, close-on-exec; a negative errno on failure. */
int assay_shim_memfd(const char *_Nonnull name);

/* Forbids every later change of the size; 0 or a negative errno. */
int assay_shim_seal_size(int fd);

/* Forbids every later change of size and contents, and further seals; 0 or a negative errno.
 * -EBUSY: somebody still has a writable mapping. */
int assay_shim_seal_contents(int fd);

#endif
