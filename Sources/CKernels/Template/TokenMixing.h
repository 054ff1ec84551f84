// Token mixing: SwiGLU over the positions, the weights being the left operand.

/// Gate rows first, their up rows after them; the hidden values are stored as the words of the next product.
INLINE void mix_gate_tile(const int rows, const word *weights, const word *x, ptrdiff_t inner, element *hidden) {
    vf sums[TILE_ROWS][2];
    multiply(rows, weights, ROW_TILE_STEPS(rows, inner), x, PANEL, inner, nothing_beside(x), sums);
    const int gates = rows / 2;
    UNROLL for (int v = 0; v < 2; v++) {
        UNROLL_ROWS for (int r = 0; r < gates; r += PAIR) {
            vf values[2];
            UNROLL for (int i = 0; i < PAIR; i++) {
                values[i] = sums[r + i][v] * sigmoid(sums[r + i][v]) * sums[gates + r + i][v];
            }
            store_paired(hidden + r * PANEL + v * LANES * PAIR, values[0], values[PAIR - 1]);
        }
    }
}

INLINE void mix_down_tile(const int rows, const word *weights, const word *hidden, ptrdiff_t inner, float *sums_out) {
    vf sums[TILE_ROWS][2];
    multiply(rows, weights, ROW_TILE_STEPS(rows, inner), hidden, PANEL, inner, nothing_beside(hidden), sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        store(sums_out + r * PANEL, sums[r][0]);
        store(sums_out + r * PANEL + LANES, sums[r][1]);
    }
}

static void NAME(mix_tokens)(const ptrm_token_mixing *shape, const void *x, ptrm_range columns, void *hidden,
                             float *sums, void *out) {
    const ptrdiff_t positions = shape->positions, channels = shape->channels, words = (positions + PAIR - 1) / PAIR;
    const ptrdiff_t gates = shape->gate_up.rows, step = TILE_ROWS / 2;
    const ptrm_range rows = {0, shape->down.rows};
    const ptrdiff_t tiles = tiles_of(rows);
    for (ptrdiff_t column = columns.lower; column < columns.upper; column += PANEL) {
        // Rows of x are a large power of two apart and would fall on a few sets of the first-level cache. The sums are
        // not needed before the second product, so their memory holds a copy of this block until then.
        word *b = (word *)sums;
        for (ptrdiff_t k = 0; k < words; k++) {
            __builtin_memcpy(b + k * PANEL, (const word *)x + k * channels + column, PANEL * sizeof(word));
        }
        __builtin_memset(b + words * PANEL, 0, (shape->gate_up.inner - words) * PANEL * sizeof(word));
        const word *a = (const word *)shape->gate_up.words;
        for (ptrdiff_t g = 0; g < gates; g += step) {
            const ptrdiff_t height = 2 * (gates - g < step ? gates - g : step);
            element *h = (element *)hidden + g * PANEL;
            WITH_CONSTANT_ROWS(height, mix_gate_tile, a, b, shape->gate_up.inner, h)
            a += height * shape->gate_up.inner;
        }
        a = (const word *)shape->down.words;
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const ptrdiff_t height = tile.upper - tile.lower;
            WITH_CONSTANT_ROWS(height, mix_down_tile, a, (const word *)hidden, shape->down.inner,
                               sums + tile.lower * PANEL)
            a += height * shape->down.inner;
        }
        norm_columns(shape, x, column, sums, out);
    }
    RELEASE_TILES();
}
