/* The rounding, flush-to-zero and trap modes of the calling thread. */
#ifndef ASSAY_FLOATING_POINT_H
#define ASSAY_FLOATING_POINT_H

#include <stdint.h>

/* The control bits, without the sticky exception flags. */
uint64_t assay_shim_fp_modes(void);

/* Sets the control bits that assay_shim_fp_modes returned before. */
void assay_shim_fp_restore(uint64_t modes);

#endif
