// Files that are part of the program: the default profiles, the model weights, and the pages of reports.
#ifndef CBUNDLEDFILES_H
#define CBUNDLEDFILES_H

#include <stddef.h>

typedef struct {
    const char *name;           // "profiles.yaml", "sudoku-9x9.safetensors"
    const unsigned char *bytes; // 64-byte aligned, lives as long as the process
    size_t count;
} ptrm_bundled_file;

// The table's rows; `*count` receives their number.
const ptrm_bundled_file *ptrm_bundled_files(size_t *count);

#endif
