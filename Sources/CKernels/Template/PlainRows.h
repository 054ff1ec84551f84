// Rows of activations that are multiplied as they are, and weights of the same kind.

#define PANEL_TAIL 0

/// Some rows, one `inner` words behind the other.
typedef const word *left_rows;

INLINE void prepare_rows(const void *x, void *room, ptrm_range rows, ptrm_panels weights) {
    (void)x, (void)room, (void)rows, (void)weights;
}

/// The rows from `row` on, where x has all of them.
INLINE left_rows left_of(const void *x, const void *room, ptrm_range prepared, ptrdiff_t row, ptrdiff_t inner) {
    (void)room, (void)prepared;
    return (const word *)x + row * inner;
}

INLINE const word *panel_at(ptrm_panels weights, ptrdiff_t panel) {
    return (const word *)weights.words + panel * weights.inner * PANEL;
}

/// sums[r][v] = sum over k of x[r][k] * b[k][v]
INLINE void multiply_panel(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                           vf sums[TILE_ROWS][2]) {
    multiply(rows, x, inner, 1, b, PANEL, inner, coming, sums);
}
