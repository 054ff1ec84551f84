// Weights that are asked for before they are needed.

#pragma once

#define PANEL (2 * LANES)
#define INLINE static inline __attribute__((always_inline))

/// A part of the weights that the next products read, to be asked for while the present ones are computed: a panel comes
/// from beyond the second-level cache once a call. All of it at once would fill the CPU's list of outstanding lines, for
/// which the present products' own reads then wait; so a line goes with every WORDS_AT_ONCE words of the inner dimension.
typedef struct weights_part {
    const char *next;
    /// Cache lines that must go at once because there are too few rows to spread them over.
    ptrdiff_t at_once;
    /// Whether there is anything to ask for; if not, `next` leads to what is in the cache.
    bool is_any;
} weights_part;

enum { WORDS_AT_ONCE = 4, LINE = 64 };

INLINE weights_part nothing_beside(const void *present) { return (weights_part){present, 0, false}; }

/// Part `index` of the `parts` of the panel behind `panel`, both of `inner` words, if one `follows`.
INLINE weights_part part_of_next(const word *panel, ptrdiff_t inner, bool follows, ptrdiff_t index, ptrdiff_t parts) {
    const ptrdiff_t lines = inner * PANEL * (ptrdiff_t)sizeof(word) / LINE, spread = inner / WORDS_AT_ONCE;
    const ptrdiff_t part = (lines + parts - 1) / parts > spread ? (lines + parts - 1) / parts : spread;
    if (!follows || index * part >= lines) return nothing_beside(panel);
    return (weights_part){(const char *)(panel + inner * PANEL) + index * part * LINE, part - spread, true};
}

/// Asks for `lines` lines; returns where the next are.
INLINE const char *ask_for(const char *next, ptrdiff_t lines) {
    for (ptrdiff_t i = 0; i < lines; i++) __builtin_prefetch(next + i * LINE, 0, 2);
    return next + lines * LINE;
}

/// Asks for the whole part at once, where products have no loop of their own to spread it over.
INLINE void ask_for_all(weights_part part, ptrdiff_t inner) {
    if (part.is_any) ask_for(part.next, part.at_once + inner / WORDS_AT_ONCE);
}
