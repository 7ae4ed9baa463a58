/* What a method says of itself, as the tables of assay.h. */
#ifndef ASSAY_CARD_H
#define ASSAY_CARD_H

#include "assay.h"

#if defined(__GNUC__)
#pragma GCC visibility push(hidden)
#endif

/* Fills `method` from a text of strings, each with its NUL:
 *
 *     id, version, summary, license, references, config schema, flags, number of claims, and for
 *     each claim: task, major, minor, number of inputs, and for each input: name, flags
 *
 * What follows is for method.py: name, dtypes, extents and the symbol that is settled anew, for every
 * tensor of the claimed tasks. The tables point into `text`, which has to stay. Returns 0 for a text of another form. */
int card_read(const char *text, size_t size, assay_method *method);

/* The bytes of a small file; NULL when it cannot be read. */
char *card_file(const char *path, size_t *size);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif
