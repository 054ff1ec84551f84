"""Trains a Lattice Deduction Transformer on sudoku from `ptrmd generate | ptrmd tokens`; see README.md."""

import argparse
import copy
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from data import Boards, Sampler
from lattice import BLANK, choices, contradictory, first_states, holds, projected, settled, targets
from export import load
from ldt import LDT, start_from_solver, start_on_units
from model import Config
from optimizer import Muon, optimizers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    a = parser.add_argument
    a("train", nargs="+", help="boards to learn from")
    a("--held-out", required=True, help="boards to measure on; must share none with the first, up to symmetry")
    a("--out", required=True, help="checkpoint, written every few minutes")
    a("--start-from", metavar="FILE", help="begin with what this model of TRM, trained to solve the task, knows")
    a("--resume", action="store_true", help="go on from --out when it is there")
    a("--hours", type=float, default=2.0, help="training time in all, resumed runs included; sets the learning rate")
    a("--hidden", type=int, default=128)
    a("--heads", type=int, default=4)
    a("--expansion", type=float, default=2.0)
    a("--L-cycles", type=int, default=1)
    a("--layers", type=int, default=2)
    a("--batch", type=int, default=24, help="branches that train side by side")
    a("--lr", type=float, default=3e-3, help="learning rate of the heads")
    a("--embedding-lr", type=float, default=1e-4, help="learning rate of the embeddings, which the model multiplies by the root of "
      "its width: with that of the heads the names of rows, columns and boxes are gone within a hundred steps")
    a("--warm-up", type=int, default=100, help="steps")
    a("--inner-lr", type=float, default=1e-3, help="learning rate of the layers")
    a("--inner-warm-up", type=int, default=1500, help="steps in which that rises to it: what the layers begin with is lost before "
      "the heads can read it, else")
    a("--weight-decay", type=float, default=0.1)
    a("--optimizer", choices=["muon", "adamw"], default="muon")
    a("--ema", type=float, default=0.998)
    a("--wrong-weight", type=float, default=8.0, help="weight of a possible candidate in the loss; an impossible one has 1")
    a("--lost-weight", type=float, default=0.3, help="weight of a candidate of a branch that has lost its solution")
    a("--thresholds", type=float, nargs=2, default=[3.0, 8.0], help="each branch takes candidates away above a logit between these")
    a("--teacher", type=float, nargs=2, default=[0.95, 0.6], help="share of branches that take the solution's value, where it is "
      "still there: at first, and at level 1")
    a("--patience", type=int, default=3, help="passes after which a branch without a solution is given up")
    a("--level", type=float, default=0.5, help="largest share of open cells that is not revealed at the start")
    a("--rise", type=float, default=0.1)
    a("--goal", type=float, default=0.6, help="share of solved boards at which more is hidden")
    a("--threads", type=int, default=1)
    a("--dtype", choices=["float32", "bfloat16"], default="float32", help="of activations")
    a("--compile", action="store_true")
    a("--seed", type=int, default=0)
    a("--report", type=int, default=200, help="steps between lines")
    a("--save-minutes", type=float, default=4)
    a("--measure-every", type=int, default=3, help="saves between searches of held-out boards")
    a("--measure", type=int, default=16, help="held-out boards that are searched")
    a("--passes", type=int, default=60, help="passes of the search of a held-out board")
    return parser.parse_args()


class Branches:
    """A batch of branches of searches, each on its own puzzle, that go where the model leads them."""

    def __init__(self, model: LDT, samplers: list[Sampler], rng: np.random.Generator, options):
        self.model, self.samplers, self.rng, self.options = model, samplers, rng, options
        size, cells, vocab = options.batch, model.config.seq_len, model.config.vocab_size
        self.tokens = torch.zeros(size, cells, dtype=torch.long)
        self.solutions = torch.zeros_like(self.tokens)
        self.states = torch.zeros(size, cells, vocab, dtype=torch.bool)
        self.z_H, self.z_L = model.fresh(size, getattr(torch, options.dtype))
        self.age, self.lost = torch.zeros(size, dtype=torch.long), torch.zeros(size, dtype=torch.long)
        self.thresholds = torch.zeros(size)
        # Where the branch last left the way of the solution: what to go back to, the wrong candidate taken away.
        self.saved_states, self.saved_H, self.saved_L = self.states.clone(), self.z_H.clone(), self.z_L.clone()
        self.has_saved = torch.zeros(size, dtype=torch.bool)
        self.level, self.seen, self.won = options.level, 0, 0
        self.ended = np.zeros(3, int)  # solved, lost by a wrong elimination, given up
        self.begin(torch.arange(size))

    def begin(self, slots: torch.Tensor):
        """New puzzles, some of their cells revealed and some wrong candidates gone already."""
        count = len(slots)
        if not count:
            return
        which = self.rng.integers(len(self.samplers), size=count)
        for number, sampler in enumerate(self.samplers):
            some = slots[torch.from_numpy(which == number)]
            if len(some):
                self.tokens[some], self.solutions[some] = sampler.draw(np.ones(len(some)))
        tokens, solutions = self.tokens[slots], self.solutions[slots]
        states = first_states(tokens, self.states.shape[-1])
        hidden = torch.from_numpy(self.level * self.rng.random(count) ** 0.5)
        whole = torch.from_numpy(self.rng.random(count) < (0.4 if self.level >= 1 else 0))
        hidden = torch.where(whole, 1.0, hidden)[:, None, None]
        values = torch.arange(states.shape[-1])
        right = values == solutions[..., None]
        revealed = torch.rand(count, states.shape[1], 1) >= hidden
        states &= right | ~revealed
        gone = torch.rand(count, 1, 1) * (torch.rand(count, 1, 1) < 0.3) * (~whole[:, None, None])
        states &= right | (torch.rand(states.shape) >= gone)
        self.states[slots] = states
        self.z_H[slots], self.z_L[slots] = (init.to(self.z_H.dtype) for init in (self.model.H_init, self.model.L_init))
        self.age[slots] = self.lost[slots] = 0
        self.has_saved[slots] = False
        low, high = self.options.thresholds
        self.thresholds[slots] = torch.rand(count) * (high - low) + low

    def advance(self, logits: torch.Tensor, z_H: torch.Tensor, z_L: torch.Tensor):
        """Takes the states on by one pass."""
        options, before = self.options, self.states
        was_right = holds(before, self.solutions)
        states = projected(before, logits, self.thresholds)
        self.z_H, self.z_L = z_H, z_L
        self.age += 1
        still = (states == before).flatten(1).all(1)
        right = holds(states, self.solutions)
        dead = contradictory(states)
        self.lost = torch.where(right, 0, self.lost + 1)
        done = settled(states) & still & right
        gave_up = ~right & (self.lost > options.patience) | (settled(states) & still & ~right)
        broke = was_right & ~right  # an elimination took the solution away: train on what is left, then a new puzzle
        self.has_saved &= ~broke
        back = (dead | gave_up) & ~right & self.has_saved
        fresh = done | ((dead | gave_up) & ~right & ~self.has_saved) | (self.age > 120)
        self.states = states
        branching = (still & ~settled(states) & ~fresh & ~back).nonzero().squeeze(1)
        if len(branching):
            self.branch(branching, logits)
        restored = back.nonzero().squeeze(1)
        if len(restored):
            self.states[restored] = self.saved_states[restored]
            self.z_H[restored], self.z_L[restored] = self.saved_H[restored], self.saved_L[restored]
            self.has_saved[restored] = False
            self.lost[restored] = 0
        self.won += int(done.sum())
        self.seen += int(fresh.sum())
        self.ended += [int(done.sum()), int(broke.sum()), int((fresh & ~done).sum())]
        if self.seen >= 300:
            if self.won >= options.goal * self.seen:
                self.level = min(1.0, self.level + options.rise)
            self.seen = self.won = 0
        self.begin(fresh.nonzero().squeeze(1))

    def branch(self, slots: torch.Tensor, logits: torch.Tensor):
        states, solutions = self.states[slots], self.solutions[slots]
        vocab = states.shape[-1]
        right = holds(states, solutions)
        cell_value = choices(states, logits[slots], 1.0)
        cell, value = cell_value // vocab, cell_value % vocab
        truth = solutions.gather(1, cell[:, None]).squeeze(1)
        first, last = self.options.teacher
        taught = right & (torch.rand(len(slots)) < (first if self.level < 1 else last))
        value = torch.where(taught, truth, value)
        values = torch.arange(vocab)
        chosen = values == value[:, None]
        row = states[torch.arange(len(slots)), cell]
        take = taught | (torch.rand(len(slots)) < 0.8)
        after = torch.where(take[:, None], row & chosen, row & ~chosen)
        leaves = right & (take != (value == truth))  # this branch has lost the solution
        keep = slots[leaves]
        if len(keep):
            self.saved_states[keep] = self.states[keep]
            rest = torch.where(take[:, None], row & ~chosen, row & chosen)
            self.saved_states[keep, cell[leaves]] = rest[leaves]
            self.saved_H[keep], self.saved_L[keep] = self.z_H[keep], self.z_L[keep]
            self.has_saved[keep] = True
        self.states[slots, cell] = after


def pass_and_loss(model, z_H, z_L, tokens, states, solutions, options):
    z_H, z_L, logits, q = model(z_H, z_L, tokens, states)
    logits, q = logits.float(), q.float()
    return (*loss_of(logits, q, states, solutions, options), z_H.detach(), z_L.detach(), logits.detach(), q.detach())


def loss_of(logits, q, states, solutions, options):
    right = holds(states, solutions)
    target = targets(states, solutions)
    undecided = states.sum(-1, keepdim=True) > 1
    weight = states * torch.where(target, 1.0, options.wrong_weight) * torch.where(undecided, 1.0, 0.3)
    weight = weight * torch.where(right, 1.0, options.lost_weight)[:, None, None]
    bce = F.binary_cross_entropy_with_logits(logits, target.float(), reduction="none")
    # A board counts for the more the more candidates it has, but a nearly finished one is not lost among the others.
    share = states.flatten(1).sum(1).float().sqrt()[:, None, None] * states.shape[1] ** 0.5
    main = (bce * weight / share).sum() / len(states)
    halt = F.binary_cross_entropy_with_logits(q, right.float())
    return main + 0.5 * halt, main.detach(), halt.detach()


@torch.no_grad()
def search(model: LDT, tokens: torch.Tensor, solutions: torch.Tensor, threshold: float, passes: int):
    """Depth-first search of each board: passes used, solved, right, and of all passes on right branches how many true
    candidates were taken away and how many in all."""
    count, vocab = len(tokens), model.config.vocab_size
    states = first_states(tokens, vocab)
    z_H, z_L = model.fresh(count)
    stacks = [[] for _ in range(count)]
    running = torch.ones(count, dtype=torch.bool)
    used, outcome = torch.zeros(count, dtype=torch.long), [""] * count
    wrong = eliminated = depth_sum = 0
    limit = torch.full((count,), threshold)
    for _ in range(passes):
        at = running.nonzero().squeeze(1)
        if not len(at):
            break
        used[at] += 1
        h, l, logits, _ = model(z_H[at], z_L[at], tokens[at], states[at])
        z_H[at], z_L[at] = h, l
        before = states[at]
        after = projected(before, logits, limit[at])
        right = holds(before, solutions[at])
        wrong += int((right & ~holds(after, solutions[at])).sum())
        eliminated += int((before & ~after)[right].sum())
        states[at] = after
        dead, still, single = contradictory(after), (after == before).flatten(1).all(1), settled(after)
        picks = choices(after, logits, 0.0)
        for i, slot in enumerate(at.tolist()):
            if dead[i] or (single[i] and not torch.equal(after[i].int().argmax(-1), solutions[slot])):
                if not stacks[slot]:
                    running[slot], outcome[slot] = False, "abstained"
                else:
                    states[slot], z_H[slot], z_L[slot] = stacks[slot].pop()
            elif single[i]:
                running[slot], outcome[slot] = False, "solved"
            elif still[i]:
                cell, value = divmod(int(picks[i]), vocab)
                other = after[i].clone()
                other[cell, value] = False
                stacks[slot].append((other, h[i].clone(), l[i].clone()))
                states[slot, cell] = torch.arange(vocab) == value
    solved = torch.tensor([o == "solved" for o in outcome])
    return solved, used, outcome.count("abstained"), wrong, eliminated


class Run:
    def __init__(self, options):
        self.options = options
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        self.rng = np.random.default_rng(options.seed)
        boards = [Boards(path) for path in options.train]
        self.held_out = Boards(options.held_out)
        self.side = boards[0].side
        shared = sum(len(b.keys() & self.held_out.keys()) for b in boards)
        if shared:
            raise SystemExit(f"{shared} held-out boards are in the training as well")
        saved = self.saved()
        self.model = LDT(Config(**saved["config"])) if saved else self.beginning(boards[0].vocab_size)
        self.ema = copy.deepcopy(self.model)
        self.optimizers = optimizers(self.model, None, options.optimizer, options.lr, options.weight_decay)
        self.share_rates()
        self.step, self.hours = 0, 0.0
        self.branches = Branches(self.model, [Sampler(b, self.rng) for b in boards], self.rng, options)
        if saved:
            self.restore(saved)
        print(f"{sum(p.numel() for p in self.model.parameters())} parameters, {self.model.config}, {options}", flush=True)

    def beginning(self, vocab_size: int) -> LDT:
        options = self.options
        if options.start_from:
            solver = load(options.start_from)
            if solver.config.seq_len != self.side**2 or solver.config.vocab_size != vocab_size:
                raise SystemExit(f"{options.start_from} is for other boards")
            return start_from_solver(solver)
        model = LDT(Config(
            seq_len=self.side**2, vocab_size=vocab_size, hidden_size=options.hidden, num_heads=options.heads,
            expansion=options.expansion, H_cycles=1, L_cycles=options.L_cycles, L_layers=options.layers,
            puzzle_emb_ndim=options.hidden))
        start_on_units(model, self.side, {4: 2, 6: 2, 9: 3}[self.side])
        return model

    def saved(self):
        if not os.path.exists(self.options.out):
            return None
        if not self.options.resume:
            raise SystemExit(f"{self.options.out} is there: give --resume to go on from it, or another --out")
        return torch.load(self.options.out, weights_only=True)

    def restore(self, saved):
        self.model.load_state_dict(saved["model"])
        self.ema.load_state_dict(saved["ema"])
        for optimizer, state in zip(self.optimizers, saved["optimizers"]):
            optimizer.load_state_dict(state)
        self.step, self.hours, self.branches.level = saved["step"], saved["hours"], saved["level"]
        self.rng.bit_generator.advance(self.step * 1_000_003)
        self.branches.begin(torch.arange(self.options.batch))

    def save(self):
        state = dict(
            task=self.held_out.task, arch="ldt", config=self.model.config.dictionary(), model=self.model.state_dict(),
            ema=self.ema.state_dict(), optimizers=[o.state_dict() for o in self.optimizers], step=self.step,
            hours=self.hours, level=self.branches.level)
        torch.save(state, self.options.out + ".part")
        os.replace(self.options.out + ".part", self.options.out)

    def learning_rate(self) -> float:
        """Constant, then down to 5 % over the last two fifths: the averaged weights are of use at any time before."""
        left = max(0.0, 1 - self.hours / self.options.hours)
        return self.options.lr * min(1, (self.step + 1) / self.options.warm_up) * min(1, 0.05 + 0.95 * left / 0.4)

    def share_rates(self):
        """Puts the embeddings into a group of their own, with their share of the learning rate."""
        embeddings = {id(p) for name, p in self.model.named_parameters() if name.startswith(("embed_", "puzzle_emb"))}
        for optimizer in self.optimizers:
            group = optimizer.param_groups[0]
            group["share"] = 1.0
            apart = [p for p in group["params"] if id(p) in embeddings]
            if apart and not isinstance(optimizer, Muon):
                group["params"] = [p for p in group["params"] if id(p) not in embeddings]
                optimizer.add_param_group(
                    dict(params=apart, share=self.options.embedding_lr / self.options.lr))

    def inner_share(self) -> float:
        return self.options.inner_lr / self.options.lr * min(1, 0.1 + 0.9 * self.step / self.options.inner_warm_up)

    def report_held_out(self, count: int):
        begun, count = time.time(), min(count, len(self.held_out))
        tokens, solutions = (torch.from_numpy(t[:count]) for t in (self.held_out.tokens, self.held_out.solutions))
        parts = []
        for threshold in (6.0,):
            solved, used, abstained, wrong, eliminated = search(self.ema, tokens, solutions, threshold, self.options.passes)
            parts.append(
                f"at {threshold:g}: solved {solved.float().mean():.3f} in {used.float().mean():.1f} passes, {abstained} abstained, "
                f"{wrong} wrong of {eliminated} eliminations")
        print(f"HELD-OUT step {self.step}, {count} boards: {'; '.join(parts)} ({time.time() - begun:.0f} s)", flush=True)

    def train(self):
        o, b = self.options, self.branches
        sums, count, last = np.zeros(8), 0, time.time()
        begun, saved_at, saves, work = last, last, 0, time.process_time()
        step = torch.compile(pass_and_loss, dynamic=False) if o.compile else pass_and_loss
        while self.hours < o.hours:
            lr = self.learning_rate()
            for optimizer in self.optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = lr * (self.inner_share() if isinstance(optimizer, Muon) else group["share"])
            loss, main, halt, z_H, z_L, logits, q = step(self.model, b.z_H, b.z_L, b.tokens, b.states, b.solutions, o)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            for optimizer in self.optimizers:
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
            decay = min(o.ema, (1 + self.step) / (10 + self.step))
            with torch.no_grad():
                torch._foreach_lerp_(list(self.ema.parameters()), list(self.model.parameters()), 1 - decay)
                right = holds(b.states, b.solutions)
                gone = projected(b.states, logits, torch.full((o.batch,), 6.0))
                wrong_six = int((right & ~holds(gone, b.solutions)).sum())
                found = int((b.states & ~gone)[right].sum())
                false = int((b.states & targets(b.states, b.solutions))[right].sum())
                guessed = ((q > 0) == right).float().mean().item()
                b.advance(logits, z_H, z_L)
            sums += [main.item(), halt.item(), right.float().mean().item(), guessed, wrong_six, found, false, 1]
            count += 1
            self.step += 1
            now = time.time()
            self.hours += min(now - last, 60) / 3600  # a process that was stopped did not train
            last = now
            if self.step % o.report == 0:
                main, halt, alive, guessed = sums[:4] / count
                print(
                    f"{self.step} {self.hours * 60:.1f} min loss {main:.4f} halt {halt:.3f} right branches {alive:.2f} known {guessed:.3f} "
                    f"wrong at 6: {sums[4]:.0f} of {sums[5]:.0f} ({sums[5] / max(1, sums[6]):.3f} of the impossible) "
                    f"solved {b.ended[0]} broken {b.ended[1]} given up {b.ended[2]} level {b.level:.2f} lr {lr:.1e} "
                    f"{count * o.batch / (now - begun):.0f} samples/s, {(time.process_time() - work) / 60:.1f} minutes of a core", flush=True)
                sums, count, begun = np.zeros(8), 0, now
                b.ended[:] = 0
            if now - saved_at > 60 * o.save_minutes:
                self.save()
                saves += 1
                if saves % o.measure_every == 0:
                    self.report_held_out(o.measure)
                saved_at = last = begun = time.time()
                sums, count = np.zeros(8), 0
        self.save()
        self.report_held_out(200)


if __name__ == "__main__":
    Run(arguments()).train()
