/* Anonymous files whose size, and later whose contents, can no longer change. */
#ifndef ASSAY_SEALED_MEMORY_H
#define ASSAY_SEALED_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Makes an empty anonymous file, close-on-exec; a negative errno on failure. */
int assay_shim_memfd(const char *_Nonnull name);

/* Forbids every later change of the size; 0 or a negative errno. */
int assay_shim_seal_size(int fd);

/* Forbids every later change of size and contents, and further seals; 0 or a negative errno.
 * -EBUSY: somebody still has a writable mapping. */
int assay_shim_seal_contents(int fd);

/* 1 when the contents are sealed, else 0. */
int assay_shim_is_sealed(int fd);

/* Copies what is not a hole from one file to another of the same size; 0 or a negative errno. */
int assay_shim_copy_data(int from, int to, uint64_t size);

/* Moves mapped pages to other addresses, in place of what is there; 0 or a negative errno. */
int assay_shim_move_pages(void *_Nonnull from, size_t size, void *_Nonnull to);

/* Sends descriptors over a socket; 0 or a negative errno. */
int assay_shim_send_descriptors(int socket, const int *_Nonnull descriptors, size_t count);

/* Receives exactly so many, close-on-exec; 0 or a negative errno, -EPROTO for another number,
 * -EMFILE where the process has too many open files. */
int assay_shim_receive_descriptors(int socket, int *_Nonnull descriptors, size_t count);

#endif
