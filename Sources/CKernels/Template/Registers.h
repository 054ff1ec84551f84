// Register tiles: what every product is made of. Included once per table by an instruction set's file, which defines before:
//
//   LANES, TILE_ROWS, PAIR       lanes of a vector, rows of the largest register tile, elements in a word
//   vf, element, word            float vector; storage types of an activation and of a word
//   splat, multiply_add          see Float32.h for the plain versions of these and of the following
//   load_words, splat_word, load_elements, store_elements, load_paired, store_paired, exponential, sigmoid
//   NAME(x)                      x with the table's suffix
//
// The register tile is `rows` x 2 vectors: two loads of the right operand and `rows` broadcasts of the left one feed
// 2 * rows multiply-adds. An instruction set that has products of whole matrices defines MATRIX_TILES and `multiply` of
// its own (Tiles.h); its tile's sums come through memory.

#include "Coming.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#ifdef MATRIX_TILES
#define UNROLL_ROWS
#else
#define INNER_STEP 1
#define ROWS_AT_ONCE 128
#define UNROLL_ROWS UNROLL
#define RELEASE_TILES()
/// Steps of a row tile's words: to the next row and along the inner dimension.
#define ROW_TILE_STEPS(rows, inner) 1, rows
#endif

/// Calls `body(rows, ...)` with `rows` as a constant, so that the tile's sums stay in registers.
#define CASE(n, body, ...)      \
    case n:                     \
        body(n, __VA_ARGS__);   \
        break;
#if TILE_ROWS == 3
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__)                                       \
    }
#elif TILE_ROWS == 4
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__) CASE(4, body, __VA_ARGS__)            \
    }
#elif TILE_ROWS == 6
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__) CASE(4, body, __VA_ARGS__)            \
        CASE(5, body, __VA_ARGS__) CASE(6, body, __VA_ARGS__)            \
    }
#elif defined(MATRIX_TILES)
#define WITH_CONSTANT_ROWS(rows, body, ...) body((int)(rows), __VA_ARGS__);
#elif TILE_ROWS == 12
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__) CASE(4, body, __VA_ARGS__)            \
        CASE(5, body, __VA_ARGS__) CASE(6, body, __VA_ARGS__)            \
        CASE(7, body, __VA_ARGS__) CASE(8, body, __VA_ARGS__)            \
        CASE(9, body, __VA_ARGS__) CASE(10, body, __VA_ARGS__)           \
        CASE(11, body, __VA_ARGS__) CASE(12, body, __VA_ARGS__)          \
    }
#endif

/// Number of tiles for a range, and the range of one of them: heights differ by one word at most, the higher ones first,
/// so that no tile is left with a row or two, and no word of two positions is split.
INLINE ptrdiff_t tiles_of(ptrm_range range) {
    ptrdiff_t words = (range.upper - range.lower + PAIR - 1) / PAIR;
    return (words + TILE_ROWS / PAIR - 1) / (TILE_ROWS / PAIR);
}

INLINE ptrm_range tile_range(ptrm_range range, ptrdiff_t index, ptrdiff_t tiles) {
    ptrdiff_t words = (range.upper - range.lower + PAIR - 1) / PAIR;
    ptrdiff_t height = words / tiles, higher = words % tiles;
    ptrdiff_t first = height * index + (index < higher ? index : higher);
    ptrdiff_t upper = range.lower + PAIR * (first + height + (index < higher));
    return (ptrm_range){range.lower + PAIR * first, upper < range.upper ? upper : range.upper};
}

/// Words of an inner dimension as products take them: what is missing is zero.
INLINE ptrdiff_t whole_steps(ptrdiff_t words) { return (words + INNER_STEP - 1) / INNER_STEP * INNER_STEP; }

#ifndef MATRIX_TILES

/// Where the rows of one half of a tile are: from a pointer to the first, with three distances that stay in registers
/// (x86 adds a register times 1, 2, 4 or 8 to an address for nothing). Left alone, compilers compute a pointer for every
/// row anew in each step, and keep vectors on the stack to have registers for them.
typedef struct row_steps {
    ptrdiff_t one, three, five;  // bytes
} row_steps;

INLINE row_steps steps_of(ptrdiff_t row_step) {
    const ptrdiff_t one = row_step * (ptrdiff_t)sizeof(word);
    row_steps steps = {one, 3 * one, 5 * one};
    // Opaque: each is to be a value of its own.
    __asm__("" : "+r"(steps.one), "+r"(steps.three), "+r"(steps.five));
    return steps;
}

INLINE const word *row_at(const char *first, row_steps steps, const int row) {
    switch (row) {
        case 0: return (const word *)first;
        case 1: return (const word *)(first + steps.one);
        case 2: return (const word *)(first + 2 * steps.one);
        case 3: return (const word *)(first + steps.three);
        case 4: return (const word *)(first + 4 * steps.one);
        case 5: return (const word *)(first + steps.five);
        default: return (const word *)(first + 2 * steps.three);
    }
}

#define MULTIPLY(x) x
#define SUM vf
#define NOTHING splat(0)
#define LOAD_WORDS(from) load_words(from)
#define SPLAT_WORD(from) splat_word(from)
#define MULTIPLY_ADD(sum, a, b) multiply_add(sum, a, b)
#define WORDS vword
#include "Multiply.h"

#endif

/// Sum of a vector's lanes, halves onto halves: one fixed order for all tables with the same number of lanes.
INLINE float sum_lanes(vf vector) {
    float lanes[LANES];
    __builtin_memcpy(lanes, &vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2) {
        UNROLL for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
    }
    return lanes[0];
}

INLINE float max_lanes(vf vector) {
    float lanes[LANES];
    __builtin_memcpy(lanes, &vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2) {
        UNROLL for (int i = 0; i < half; i++) lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
    }
    return lanes[0];
}

