// Attention of one rollout. A tile of query rows sees all keys at once: its scores (tile_rows x positions) stay in the
// cache, nothing of size positions x positions exists.

INLINE void rotary_tile(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                        const float *cosines, const float *sines, ptrdiff_t half, element *out, ptrdiff_t step) {
    vf sums[TILE_ROWS][2];
    multiply_panel(rows, x, b, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        vf a = sums[r][0], c = sums[r][1];
        if (cosines) {
            vf cosine = load(cosines + r * half), sine = load(sines + r * half);
            store_elements(out + r * step, a * cosine - c * sine);
            store_elements(out + r * step + half, c * cosine + a * sine);
        } else {
            store_elements(out + r * step, a);
            store_elements(out + r * step + half, c);
        }
    }
}

INLINE void value_tile(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                       element *out) {
    vf sums[TILE_ROWS][2];
    multiply_panel(rows, x, b, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r += PAIR) {
        UNROLL for (int v = 0; v < 2; v++) {
            vf odd = r + PAIR - 1 < rows ? sums[r + PAIR - 1][v] : splat(0);
            store_paired(out + (r / PAIR * PANEL + v * LANES) * PAIR, sums[r][v], odd);
        }
    }
}

static void NAME(project_qkv)(const ptrm_attention *shape, const ptrm_qkv *rollouts, ptrdiff_t count, ptrm_range rows,
                              ptrm_panels weights, const float *cosines, const float *sines) {
    const ptrdiff_t inner = weights.inner, tiles = tiles_of(rows), width = shape->head_width, half = width / 2;
    const ptrdiff_t per_head = width / PANEL, step = shape->heads * width;
    const ptrdiff_t value_words = whole_steps((shape->positions + PAIR - 1) / PAIR);
    for (ptrdiff_t n = 0; n < count; n++) prepare_rows(rollouts[n].x, rollouts[n].room, rows, weights);
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = panel_at(weights, p);
        const ptrdiff_t section = p / (shape->heads * per_head);
        const ptrdiff_t head = p / per_head % shape->heads, part = p % per_head;
        for (ptrdiff_t i = 0; i < count * tiles; i++) {
            const ptrm_qkv *rollout = &rollouts[i / tiles];
            ptrm_range tile = tile_range(rows, i % tiles, tiles);
            const ptrdiff_t height = tile.upper - tile.lower;
            const weights_part coming = part_of_next(b, inner + PANEL_TAIL, p + 1 < weights.panels, i, count * tiles);
            const left_rows a = left_of(rollout->x, rollout->room, rows, tile.lower, inner);
            if (section == 2) {
                element *o = (element *)rollout->v
                    + (((head * per_head + part) * value_words + tile.lower / PAIR) * PANEL) * PAIR;
                WITH_CONSTANT_ROWS(height, value_tile, a, b, inner, coming, o)
            } else {
                const ptrdiff_t table = tile.lower * half + part * LANES;
                element *o = (element *)(section == 0 ? rollout->q : rollout->k) + tile.lower * step + head * width
                    + part * LANES;
                WITH_CONSTANT_ROWS(height, rotary_tile, a, b, inner, coming,
                                   cosines ? cosines + table : NULL, sines ? sines + table : NULL, half, o, step)
            }
        }
    }
    RELEASE_TILES();
}

INLINE ptrdiff_t padded_positions(const ptrm_attention *shape) {
    return (shape->positions + PANEL - 1) / PANEL * PANEL;
}

/// Keys of a head are panels of positions: [panel][word][position in the panel].
INLINE ptrdiff_t key_place(ptrdiff_t position, ptrdiff_t word, ptrdiff_t words) {
    return (position / PANEL * words + word) * PANEL + position % PANEL;
}

static void NAME(transpose_keys)(const ptrm_attention *shape, ptrm_range heads, const void *k, void *transposed) {
    const ptrdiff_t words = shape->head_width / PAIR, padded = padded_positions(shape), step = shape->heads * words;
    for (ptrdiff_t head = heads.lower; head < heads.upper; head++) {
        const word *source = (const word *)k + head * words;
        word *target = (word *)transposed + head * words * padded;
        ptrdiff_t l = 0;
        for (; l + LANES <= shape->positions; l += LANES) {
            for (ptrdiff_t c = 0; c < words; c += LANES) {
                transpose_words(source + l * step + c, step, target + key_place(l, c, words), PANEL);
            }
        }
        for (; l < padded; l++) {
            for (ptrdiff_t c = 0; c < words; c++) {
                target[key_place(l, c, words)] = l < shape->positions ? source[l * step + c] : 0;
            }
        }
    }
}

INLINE void score_tile(const int rows, const word *q, ptrdiff_t q_step, const word *keys, ptrdiff_t padded,
                       ptrdiff_t words, float *scores) {
    for (ptrdiff_t l = 0; l < padded; l += PANEL) {
        vf sums[TILE_ROWS][2];
        multiply(rows, q, q_step, 1, keys + l * words, PANEL, words, nothing_beside(keys), sums);
        UNROLL_ROWS for (int r = 0; r < rows; r++) {
            store(scores + r * padded + l, sums[r][0]);
            store(scores + r * padded + l + LANES, sums[r][1]);
        }
    }
}

/// Unnormalised softmax weights of one row; returns 1 / their sum.
INLINE float softmax_row(float *scores, ptrdiff_t positions, ptrdiff_t padded, float scale, element *weights) {
    for (ptrdiff_t l = positions; l < padded; l++) scores[l] = -__builtin_inff();
    vf top = load(scores), other = load(scores + LANES);
    for (ptrdiff_t l = PANEL; l < padded; l += PANEL) {
        top = maximum(top, load(scores + l));
        other = maximum(other, load(scores + l + LANES));
    }
    const vf offset = splat(max_lanes(maximum(top, other)) * scale);
    vf first = splat(0), second = splat(0);
    for (ptrdiff_t l = 0; l < padded; l += PANEL) {
        vf a = exponential(fused(load(scores + l), splat(scale), -offset));
        vf b = exponential(fused(load(scores + l + LANES), splat(scale), -offset));
        first += a;
        second += b;
        store_elements(weights + l, a);
        store_elements(weights + l + LANES, b);
    }
    return 1 / sum_lanes(first + second);
}

INLINE void weighted_tile(const int rows, const word *weights, ptrdiff_t weight_step, const word *v, ptrdiff_t width,
                          ptrdiff_t inner, const float *scales, element *out, ptrdiff_t out_step) {
    for (ptrdiff_t c = 0; c < width; c += PANEL) {
        vf sums[TILE_ROWS][2];
        multiply(rows, weights, weight_step, 1, v + c * inner, PANEL, inner, nothing_beside(v), sums);
        UNROLL_ROWS for (int r = 0; r < rows; r++) {
            store_elements(out + r * out_step + c, sums[r][0] * splat(scales[r]));
            store_elements(out + r * out_step + c + LANES, sums[r][1] * splat(scales[r]));
        }
    }
}

static void NAME(attend)(const ptrm_attention *shape, ptrm_range rows, const void *q, const void *keys,
                         const void *v, float *scores, void *weights, void *out) {
    const ptrdiff_t positions = shape->positions, padded = padded_positions(shape), width = shape->head_width;
    const ptrdiff_t words = width / PAIR, step = shape->heads * width;
    const ptrdiff_t inner = whole_steps((positions + PAIR - 1) / PAIR);
    const ptrdiff_t tiles = tiles_of(rows);
    for (ptrdiff_t head = 0; head < shape->heads; head++) {
        const word *head_keys = (const word *)keys + head * words * padded;
        const word *head_values = (const word *)v + head * inner * width;
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const ptrdiff_t height = tile.upper - tile.lower;
            const word *head_q = (const word *)q + tile.lower * shape->heads * words + head * words;
            element *o = (element *)out + tile.lower * step + head * width;
            float scales[TILE_ROWS];
            WITH_CONSTANT_ROWS(height, score_tile, head_q, shape->heads * words, head_keys, padded, words, scores)
            for (ptrdiff_t r = 0; r < height; r++) {
                scales[r] = softmax_row(scores + r * padded, positions, padded, shape->scale,
                                        (element *)weights + r * padded);
            }
            WITH_CONSTANT_ROWS(height, weighted_tile, (const word *)weights, padded / PAIR, head_values, width,
                               inner, scales, o, step)
        }
    }
    RELEASE_TILES();
}
