#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, of the toolchain's runtime: reads its options from the arguments, calls `test` for ever.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
