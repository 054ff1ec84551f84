// Products of whole matrices with AMX, in place of the template's register tiles. The packed panels are what its right
// operand wants as they are: 16 words by 16 columns, a row 2 * LANES words after the other.

#define MATRIX_TILES
#define INNER_STEP 16
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
/// clears all tiles and takes as long as some products, so that is done when the height changes only.
static _Thread_local int tile_height;

PRIMITIVE void set_tile_height(int height) {
    if (height == tile_height) return;
    _tile_loadconfig(&shapes[height]);
    tile_height = height;
}

/// Tiles in use would have to be saved at every switch of threads.
PRIMITIVE void release_tiles(void) {
    _tile_release();
    tile_height = 0;
}
#define RELEASE_TILES release_tiles

/// sums[r][v] = sum over k of a[r][k] * b[k][v]; steps in words, `inner` a multiple of 16. Of an odd number of rows the
/// middle one is computed twice.
PRIMITIVE void multiply(const int rows, const word *a, ptrdiff_t row_step, ptrdiff_t inner_step, const word *b,
                        ptrdiff_t b_step, ptrdiff_t inner, vf sums[TILE_ROWS][2]) {
    (void)inner_step;  // 1
    const int height = (rows + 1) / 2;
    const word *lower = a + (rows - height) * row_step;
    const ptrdiff_t a_bytes = row_step * (ptrdiff_t)sizeof(word), b_bytes = b_step * (ptrdiff_t)sizeof(word);
    set_tile_height(height);
    _tile_zero(UPPER_LEFT);
    _tile_zero(UPPER_RIGHT);
    _tile_zero(LOWER_LEFT);
    _tile_zero(LOWER_RIGHT);
    for (ptrdiff_t k = 0; k < inner; k += INNER_STEP) {
        _tile_loadd(UPPER, a + k, a_bytes);
        _tile_loadd(LEFT, b + k * b_step, b_bytes);
        _tile_dpbf16ps(UPPER_LEFT, UPPER, LEFT);
        _tile_loadd(RIGHT, b + k * b_step + LANES, b_bytes);
        _tile_dpbf16ps(UPPER_RIGHT, UPPER, RIGHT);
        _tile_loadd(LOWER, lower + k, a_bytes);
        _tile_dpbf16ps(LOWER_LEFT, LOWER, LEFT);
        _tile_dpbf16ps(LOWER_RIGHT, LOWER, RIGHT);
    }
    const ptrdiff_t sum_bytes = sizeof sums[0];
    _tile_stored(UPPER_LEFT, &sums[0][0], sum_bytes);
    _tile_stored(UPPER_RIGHT, &sums[0][1], sum_bytes);
    _tile_stored(LOWER_LEFT, &sums[rows - height][0], sum_bytes);
    _tile_stored(LOWER_RIGHT, &sums[rows - height][1], sum_bytes);
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
