/* Loops whose result may take the place of an operand, number by number: the compiler may take them
 * for independent, which it cannot see when both addresses are equal. */
#ifndef ASSAY_LOOPS_H
#define ASSAY_LOOPS_H

/* Where it finds no vectors, as around a call of the library, it need not say so. */
#pragma clang diagnostic ignored "-Wpass-failed"

#define EACH(k, n) \
  _Pragma("clang loop vectorize(assume_safety)") for (size_t k = 0; k < (n); k++)

#endif
