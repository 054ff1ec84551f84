// Files that are part of the program: the default profiles, the model weights, and the pages of reports.
#ifndef CBUNDLEDFILES_H
#define CBUNDLEDFILES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *name;           // "profiles.yaml", "sudoku-9x9.safetensors"
    const unsigned char *bytes; // 64-byte aligned, lives as long as the process
    size_t count;
    bool is_as_good_in_int8;    // a model's, as its card says
} ptrm_bundled_file;

// The table's rows; `*count` receives their number.
const ptrm_bundled_file *ptrm_bundled_files(size_t *count);

#endif
