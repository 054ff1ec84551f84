// What pzpr.js says of puzzles and answers, one JSON object a line on stdin, one on stdout.
//
//   node pzpr_oracle.js PATH/TO/pzpr.js < boards.ndjson
//
// In:  {"url": "...", "cells": [...]}   an answer in this project's solution codes, row by row
//  or  {"url": "...", "moves": [...]}   the moves of a ppbench solution
//  or  {"pid": "lightup", "w": 4, "h": 3, "clues": [...], "cells": [...]}   a board without address yet
// Out: {"url", "complete", "failcode", "cells", "board"}: pzpr's own address of the board, whether it accepts the
//      answer, its first complaint, the answer in our codes, and the board without its answer in pzpr's file format.
"use strict";
const pzpr = require(process.argv[2]);

function setClue(puzzle, cell, clue) {
  switch (puzzle.pid) {
    case "lightup":
    case "shakashaka": // -1 white, 0-4 a number, 5 black without one
      if (clue >= 0) cell.setQnum(clue === 5 ? -2 : clue);
      break;
    case "tapa": // a list of runs, -1 for ?
      if (clue.length) cell.setQnums(clue.map((n) => (n < 0 ? -2 : n)));
      break;
    default: // 0 none, -1 for ?
      if (clue !== 0) cell.setQnum(clue < 0 ? -2 : clue);
  }
}

function setAnswer(puzzle, cell, code) {
  if (puzzle.pid === "sudoku") {
    if (cell.qnum === -1) cell.setAnum(code === 0 ? -1 : code);
  } else if (puzzle.pid === "shakashaka") {
    if (cell.qnum === -1) cell.setQans(code === 0 ? 0 : code + 1);
  } else {
    cell.setQans(code);
    const shades = puzzle.pid !== "lightup";
    if (shades && code === 0 && cell.qnum === -1 && cell.qnums.length === 0) cell.setQsub(1);
  }
}

function answer(puzzle, cell) {
  switch (puzzle.pid) {
    case "sudoku": return Math.max(0, cell.qnum !== -1 ? cell.qnum : cell.anum);
    case "shakashaka": return cell.qans === 0 ? 0 : cell.qans - 1;
    default: return cell.qans;
  }
}

// The mouse and keyboard moves of ppbench's solutions.
function move(puzzle, text) {
  for (const action of text.split(";")) {
    const parts = action.split(",");
    if (parts[0] === "mouse") {
      const button = parts[1].match(/(left|right)(?:x([0-9]+))?/);
      for (let n = 0; n < Number(button[2] || 1); n++) {
        puzzle.mouse.inputPath(button[1], ...parts.slice(2).map(Number));
      }
    } else if (parts[0] === "key") {
      puzzle.key.inputKeys(...parts.slice(1));
    } else {
      throw new Error("unknown move " + action);
    }
  }
}

function examine(request) {
  const puzzle = new pzpr.Puzzle().open(request.url || `${request.pid}/${request.w}/${request.h}`);
  const cells = puzzle.board.cell;
  if (request.clues) {
    puzzle.setMode("edit");
    for (let i = 0; i < cells.length; i++) setClue(puzzle, cells[i], request.clues[i]);
  }
  const url = puzzle.getURL();
  const board = puzzle.getFileData();
  puzzle.setMode("play");
  if (request.cells) for (let i = 0; i < cells.length; i++) setAnswer(puzzle, cells[i], request.cells[i]);
  if (request.moves) for (const text of request.moves) move(puzzle, text);
  const result = puzzle.check(false);
  const codes = [];
  for (let i = 0; i < cells.length; i++) codes.push(answer(puzzle, cells[i]));
  return { url, complete: result.complete, failcode: result.lastcode || null, cells: codes, board };
}

const lines = require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line);
for (const line of lines) process.stdout.write(JSON.stringify(examine(JSON.parse(line))) + "\n");
