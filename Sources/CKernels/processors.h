/* One body, compiled for several processors; the loader picks. The package as a whole is built for
 * the oldest x86-64, whose vectors are a quarter as wide as today's. For static functions only: the
 * loader's resolver of another would be exported, hidden or not. */
#if defined(__x86_64__)
#define FOR_EACH_PROCESSOR \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
