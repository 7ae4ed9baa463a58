/* Says, before a worker dies from a signal, what memory it was touching. */
#ifndef ASSAY_FAULT_HANDLER_H
#define ASSAY_FAULT_HANDLER_H

#include <stddef.h>
#include <stdint.h>

/* What lies in a watched range. */
#define ASSAY_SHIM_FAULT_INPUT 1u
#define ASSAY_SHIM_FAULT_PAST_INPUT 2u
#define ASSAY_SHIM_FAULT_OUTPUT_GUARD 3u
/* Answers for addresses outside every watched range. */
#define ASSAY_SHIM_FAULT_NULL 4u
#define ASSAY_SHIM_FAULT_STACK 5u
#define ASSAY_SHIM_FAULT_ELSEWHERE 6u

/* Installs handlers for the fatal signals. Each writes one message to `control`,
 *     {"type":"fault","signal":S,"kind":K,"index":I,"memory":M}
 * behind its length as four bytes, and lets the signal take its default action. `memory` is 1
 * when no more address space was to be had. Returns 0 or a negative errno. */
int assay_shim_fault_install(int control);

/* Watches a range; later calls win where ranges overlap. Ranges beyond 4096 are not watched. */
void assay_shim_fault_watch(const void *_Nonnull start, size_t length, uint32_t kind,
                            uint32_t index);

#endif
