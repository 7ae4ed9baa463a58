#include "floating_point.h"

#if defined(__x86_64__)

/* The lower six bits of MXCSR are the sticky flags. */
#define STICKY 0x3fu

uint64_t assay_shim_fp_modes(void) {
  uint32_t mxcsr;
  uint16_t x87;
  __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
  __asm__ volatile("fnstcw %0" : "=m"(x87));
  return (uint64_t)x87 << 32 | (mxcsr & ~STICKY);
}

void assay_shim_fp_restore(uint64_t modes) {
  uint32_t mxcsr = (uint32_t)modes;
  uint16_t x87 = (uint16_t)(modes >> 32);
  __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
  __asm__ volatile("fldcw %0" : : "m"(x87));
}

#elif defined(__aarch64__)

uint64_t assay_shim_fp_modes(void) {
  uint64_t modes;
  __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
  return modes;
}

void assay_shim_fp_restore(uint64_t modes) { __asm__ volatile("msr fpcr, %0" : : "r"(modes)); }

#else
#error "Assay knows the floating-point modes of x86-64 and ARM64 only"
#endif
