// SwiGLU over channels where products are those of whole matrices (Tiles.h): they take another unit of the core than
// vectors do, so the values of one tile are computed beside the product of the next.

/// A tile whose sums are there: gates on the left, what they let through on the right.
typedef struct gated_tile {
    vf sums[TILE_ROWS][2];
    element *hidden;
    int rows;
} gated_tile;

INLINE void store_gated(const gated_tile *tile, ptrdiff_t hidden_step, int first, int end) {
    element *hidden = tile->hidden + first * hidden_step;
    for (const vf(*sums)[2] = tile->sums + first; sums < tile->sums + end; sums++) {
        store_elements(hidden, (*sums)[0] * sigmoid((*sums)[0]) * (*sums)[1]);
        hidden += hidden_step;
    }
}

/// `tile`'s sums, and `before`'s values.
INLINE void multiply_beside(const word *x, const word *b, ptrdiff_t inner, gated_tile *tile, const gated_tile *before,
                            ptrdiff_t hidden_step) {
    const int lower = tile->rows - height_for(tile->rows);
    const ptrdiff_t row_bytes = inner * (ptrdiff_t)sizeof(word);
    clear_sums();
    int done = 0;
    for (ptrdiff_t k = 0; k < inner; k += INNER_STEP) {
        multiply_step(x + k, x + lower * inner + k, row_bytes, b + k * PANEL, PANEL * sizeof(word));
        const int due = (int)(before->rows * (k + INNER_STEP) / inner);
        store_gated(before, hidden_step, done, due);
        done = due;
    }
    store_sums(tile->sums, lower);
}

static void NAME(gate_up)(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrm_panels weights) {
    const ptrdiff_t inner = weights.inner, columns = weights.panels * LANES, tiles = tiles_of(rows);
    gated_tile pair[2];
    pair[1].rows = 0;
    pair[1].hidden = NULL;
    int current = 0;
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = (const word *)weights.words + p * inner * PANEL;
        for (ptrdiff_t i = 0; i < count * tiles; i++) {
            const ptrm_operands *rollout = &rollouts[i / tiles];
            ptrm_range range = tile_range(rows, i % tiles, tiles);
            ask_for_all(part_of_next(b, inner, p + 1 < weights.panels, i, count * tiles), inner);
            gated_tile *tile = &pair[current];
            tile->rows = (int)(range.upper - range.lower);
            tile->hidden = (element *)rollout->out + range.lower * columns + p * LANES;
            const word *x = (const word *)rollout->x + range.lower * inner;
            multiply_beside(x, b, inner, tile, &pair[!current], columns);
            current = !current;
        }
    }
    store_gated(&pair[!current], columns, 0, pair[!current].rows);
    RELEASE_TILES();
}
