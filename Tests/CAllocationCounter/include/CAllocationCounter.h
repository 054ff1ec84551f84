#ifndef PTRM_ALLOCATION_COUNTER_H
#define PTRM_ALLOCATION_COUNTER_H

#include <stdint.h>

/// Heap blocks that the calling thread has asked for so far; -1 where they cannot be counted.
int64_t ptrm_allocation_count(void);

#endif
