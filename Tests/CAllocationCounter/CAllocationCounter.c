// Counts heap allocations of each thread of a test process. An executable's own malloc takes the place of the C
// library's for all the libraries it loads, so what the Swift runtime allocates is counted too.

#include "CAllocationCounter.h"

#include <stdlib.h>

// Sanitizers have a malloc of their own, which they need before they are ready for another.
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

static _Thread_local int64_t count;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    count++;
    return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size) {
    count++;
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    count++;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : 12;
}

int64_t ptrm_allocation_count(void) { return count; }

#else

int64_t ptrm_allocation_count(void) { return -1; }

#endif
