// The end of token mixing: a block of columns' residual and norm, over the positions.

/// out <- norm(x + sums) for the PANEL columns from `column` on; `sums` is [position][PANEL] and is written over.
INLINE void norm_columns(const ptrm_token_mixing *shape, const void *x, ptrdiff_t column, float *sums, void *out) {
    const ptrdiff_t positions = shape->positions, channels = shape->channels;
    vf squares[2] = {splat(0), splat(0)};
    for (ptrdiff_t l = 0; l < positions; l++) {
        const element *residual = (const element *)x + (l / PAIR * channels + column) * PAIR;
        UNROLL for (int v = 0; v < 2; v++) {
            vf y = load(sums + l * PANEL + v * LANES) + load_paired(residual + v * LANES * PAIR, l % PAIR);
            squares[v] = fused(y, y, squares[v]);
            store(sums + l * PANEL + v * LANES, y);
        }
    }
    UNROLL for (int v = 0; v < 2; v++) {
        vf mean = squares[v] / splat((float)positions) + splat(shape->epsilon);
        vf scale = splat(1) / __builtin_elementwise_sqrt(mean);
        for (ptrdiff_t l = 0; l < positions; l++) {
            store_elements((element *)out + l * channels + column + v * LANES,
                           load(sums + l * PANEL + v * LANES) * scale);
        }
    }
}
