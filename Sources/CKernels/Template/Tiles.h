// Products of whole matrices with AMX, in place of the template's register tiles. The packed panels are what its right
// operand wants as they are: 16 words by 16 columns, a row 2 * LANES words after the other.

#include "Coming.h"

#define MATRIX_TILES
#define INNER_STEP 16
#define ROWS_AT_ONCE 384
#define ROW_TILE_STEPS(rows, inner) inner, 1

/// The registers: sums of upper left, upper right, lower left and lower right; upper and lower rows; left and right
/// columns.
enum { UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT, LOWER_RIGHT, UPPER, LOWER, LEFT, RIGHT };

typedef struct tile_shapes {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} tile_shapes;

// One entry per height of the upper and the lower rows.
#define SHAPES(n) \
    {.palette = 1, .row_bytes = {64, 64, 64, 64, 64, 64, 64, 64}, .rows = {n, n, n, n, n, n, LANES, LANES}}
static const tile_shapes shapes[LANES + 1] = {
    [1] = SHAPES(1),   [2] = SHAPES(2),   [3] = SHAPES(3),   [4] = SHAPES(4),   [5] = SHAPES(5),   [6] = SHAPES(6),
    [7] = SHAPES(7),   [8] = SHAPES(8),   [9] = SHAPES(9),   [10] = SHAPES(10), [11] = SHAPES(11), [12] = SHAPES(12),
    [13] = SHAPES(13), [14] = SHAPES(14), [15] = SHAPES(15), [16] = SHAPES(16),
};

/// The height that this thread's tiles have now; 0: none, as every kernel finds and leaves them. Setting the shapes
/// clears all tiles and takes as long as ten products.
static _Thread_local int tile_height;

PRIMITIVE void set_tile_height(int height) {
    if (height == tile_height) return;
    _tile_loadconfig(&shapes[height]);
    tile_height = height;
}

/// The height of the upper and the lower part of `rows` rows, which may overlap: what overlaps is computed twice. The
/// one that the tiles have already serves as long as that is little.
PRIMITIVE int height_for(int rows) {
    const int least = (rows + 1) / 2;
    if (tile_height < least || tile_height > least + 2 || tile_height > rows) set_tile_height(least);
    return tile_height;
}

/// Tiles in use would have to be saved at every switch of threads.
PRIMITIVE void release_tiles(void) {
    _tile_release();
    tile_height = 0;
}
#define RELEASE_TILES release_tiles

/// One step along the inner dimension. The rows are read past the first-level cache, where the columns should stay that
/// the next rows are multiplied with.
PRIMITIVE void multiply_step(const word *upper, const word *lower, ptrdiff_t a_bytes, const word *b, ptrdiff_t b_bytes) {
    _tile_stream_loadd(UPPER, upper, a_bytes);
    _tile_loadd(LEFT, b, b_bytes);
    _tile_dpbf16ps(UPPER_LEFT, UPPER, LEFT);
    _tile_loadd(RIGHT, b + LANES, b_bytes);
    _tile_dpbf16ps(UPPER_RIGHT, UPPER, RIGHT);
    _tile_stream_loadd(LOWER, lower, a_bytes);
    _tile_dpbf16ps(LOWER_LEFT, LOWER, LEFT);
    _tile_dpbf16ps(LOWER_RIGHT, LOWER, RIGHT);
}

PRIMITIVE void clear_sums(void) {
    _tile_zero(UPPER_LEFT);
    _tile_zero(UPPER_RIGHT);
    _tile_zero(LOWER_LEFT);
    _tile_zero(LOWER_RIGHT);
}

/// Stores the sums of an upper part from row 0 on and a lower part from row `lower` on.
PRIMITIVE void store_sums(vf sums[TILE_ROWS][2], int lower) {
    const ptrdiff_t bytes = sizeof sums[0];
    _tile_stored(UPPER_LEFT, &sums[0][0], bytes);
    _tile_stored(UPPER_RIGHT, &sums[0][1], bytes);
    _tile_stored(LOWER_LEFT, &sums[lower][0], bytes);
    _tile_stored(LOWER_RIGHT, &sums[lower][1], bytes);
}

/// sums[r][v] = sum over k of a[r][k] * b[k][v]; steps in words, `inner` a multiple of 16.
PRIMITIVE void multiply(const int rows, const word *a, ptrdiff_t row_step, ptrdiff_t inner_step, const word *b,
                        ptrdiff_t b_step, ptrdiff_t inner, weights_part coming, vf sums[TILE_ROWS][2]) {
    (void)inner_step;  // 1
    ask_for_all(coming, inner);
    const int lower = rows - height_for(rows);
    clear_sums();
    for (ptrdiff_t k = 0; k < inner; k += INNER_STEP) {
        multiply_step(a + k, a + lower * row_step + k, row_step * sizeof(word), b + k * b_step, b_step * sizeof(word));
    }
    store_sums(sums, lower);
}

/// Matrix products that never leave the registers.
static double NAME(peak)(int64_t iterations) {
    const int64_t rounds = iterations / 4;  // they take longer than those of vectors
    set_tile_height(LANES);
    for (int64_t n = 0; n < rounds; n++) {
        _tile_dpbf16ps(UPPER_LEFT, UPPER, LEFT);
        _tile_dpbf16ps(UPPER_RIGHT, UPPER, RIGHT);
        _tile_dpbf16ps(LOWER_LEFT, LOWER, LEFT);
        _tile_dpbf16ps(LOWER_RIGHT, LOWER, RIGHT);
    }
    release_tiles();
    return (double)rounds * 4 * LANES * LANES * LANES * 4;
}
