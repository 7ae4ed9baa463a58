/* The files that a worker sees. */
#ifndef ASSAY_WORKER_TREE_H
#define ASSAY_WORKER_TREE_H

#include <stdint.h>

struct assay_tree {
  const char *scratch; /* an absolute path, the same outside and inside */
  uint64_t scratch_bytes, scratch_files;
  const char *items, *end; /* triples of strings: kind, source, destination */
};

/* Makes an empty tree of the items and the scratch folder, and makes it the root; 0 or a negative
 * errno, with the step that failed. */
int assay_tree_build(const struct assay_tree *tree, int user, const char **step);

#endif
