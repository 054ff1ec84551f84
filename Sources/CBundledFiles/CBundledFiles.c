// `#embed` (C23) puts the bytes into the binary, so they are found wherever the program is started from.
#include "CBundledFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

_Alignas(64) static const unsigned char profiles[] = {
#embed "../../Config/profiles.yaml"
};

_Alignas(64) static const unsigned char sudoku_9x9[] = {
#embed "models/sudoku-9x9.safetensors"
};

_Alignas(64) static const unsigned char sudoku_ldt_9x9[] = {
#embed "models/sudoku-ldt-9x9.safetensors"
};

_Alignas(64) static const unsigned char lightup_10x10[] = {
#embed "models/lightup-10x10.safetensors"
};

_Alignas(64) static const unsigned char tapa_10x10[] = {
#embed "models/tapa-10x10.safetensors"
};

_Alignas(64) static const unsigned char shakashaka_10x10[] = {
#embed "models/shakashaka-10x10.safetensors"
};

_Alignas(64) static const unsigned char nurikabe_10x10[] = {
#embed "models/nurikabe-10x10.safetensors"
};

_Alignas(64) static const unsigned char heyawake_10x10[] = {
#embed "models/heyawake-10x10.safetensors"
};

_Alignas(64) static const unsigned char maze_15x15[] = {
#embed "models/maze-15x15.safetensors"
};

_Alignas(64) static const unsigned char page_css[] = {
#embed "pages/page.css"
};

_Alignas(64) static const unsigned char board_js[] = {
#embed "pages/board.js"
};

_Alignas(64) static const unsigned char charts_js[] = {
#embed "pages/charts.js"
};

_Alignas(64) static const unsigned char trace_html[] = {
#embed "pages/trace.html"
};

_Alignas(64) static const unsigned char trace_js[] = {
#embed "pages/trace.js"
};

_Alignas(64) static const unsigned char eval_html[] = {
#embed "pages/eval.html"
};

_Alignas(64) static const unsigned char eval_js[] = {
#embed "pages/eval.js"
};

static const ptrm_bundled_file files[] = {
    {"profiles.yaml", profiles, sizeof profiles, false},
    {"sudoku-9x9.safetensors", sudoku_9x9, sizeof sudoku_9x9, false},
    {"sudoku-ldt-9x9.safetensors", sudoku_ldt_9x9, sizeof sudoku_ldt_9x9, false},
    {"lightup-10x10.safetensors", lightup_10x10, sizeof lightup_10x10, true},
    {"tapa-10x10.safetensors", tapa_10x10, sizeof tapa_10x10, false},
    {"shakashaka-10x10.safetensors", shakashaka_10x10, sizeof shakashaka_10x10, true},
    {"nurikabe-10x10.safetensors", nurikabe_10x10, sizeof nurikabe_10x10, false},
    {"heyawake-10x10.safetensors", heyawake_10x10, sizeof heyawake_10x10, false},
    {"maze-15x15.safetensors", maze_15x15, sizeof maze_15x15, true},
    {"pages/page.css", page_css, sizeof page_css, false},
    {"pages/board.js", board_js, sizeof board_js, false},
    {"pages/charts.js", charts_js, sizeof charts_js, false},
    {"pages/trace.html", trace_html, sizeof trace_html, false},
    {"pages/trace.js", trace_js, sizeof trace_js, false},
    {"pages/eval.html", eval_html, sizeof eval_html, false},
    {"pages/eval.js", eval_js, sizeof eval_js, false},
};

const ptrm_bundled_file *ptrm_bundled_files(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
