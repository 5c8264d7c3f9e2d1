"""Graphs under a budget: loaded when asked for, let go in turn, warm while they fit, forecast honestly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.api import Device
from engine.packages.parts import Graph, ListedFile, Port
from engine.runtime import pool as room
from engine.runtime.memory import free_bytes
from engine.runtime.pool import Pool
from engine.runtime.providers import Options

PORT = {"x": Port("x", "float32", ())}
SIZES = {"text": 30, "unet": 100, "decoder": 40}     # of the weights, in MB


class Loaded:
    """In place of a session."""

    def __init__(self, role: str, told: list[str]) -> None:
        self.role, self._told = role, told

    def close(self) -> None:
        self._told.append(f"-{self.role}")


class Machine:
    """In place of a runtime; tells what is loaded and let go."""

    def __init__(self, memory: int | None, provider: str) -> None:
        self.options = Options(memory=memory)
        self.device = Device("auto", provider, "")
        self.told: list[str] = []
        self.seeds: list[int | None] = []
        self.lean: dict[str, bool] = {}

    def session(self, path: Path, graph: Graph, *, seed: int | None = None, lean: bool = False) -> Any:
        assert graph.file == path.name
        self.lean[path.stem] = lean
        self.told.append(f"+{path.stem}")
        self.seeds.append(seed)
        return Loaded(path.stem, self.told)


def made(memory: int | None, provider: str = "CPUExecutionProvider", **sizes: int) -> tuple[Machine, Pool]:
    machine = Machine(memory, provider)
    graphs = {role: Graph(f"{role}.onnx", "0" * 64, 1 << 20, PORT, PORT,
                          {f"{role}.data": ListedFile("0" * 64, (size - 1) << 20)})
              for role, size in {**SIZES, **sizes}.items()}
    return machine, Pool(machine, Path("/nowhere"), graphs)  # type: ignore[arg-type]


def test_what_fits_stays_warm():
    machine, pool = made(1000)
    for _ in range(2):
        for role in SIZES:
            pool.session(role)
    assert machine.told == ["+text", "+unet", "+decoder"]
    assert pool.weight("unet") == 100 << 20
    pool.close()
    assert machine.told[3:] == ["-text", "-unet", "-decoder"]


def test_the_longest_unused_goes_first_and_no_more_than_needed():
    machine, pool = made(150)
    for role in SIZES:
        pool.session(role)
    assert machine.told == ["+text", "+unet", "-text", "+decoder"]
    assert pool.loaded == ("unet", "decoder")


def test_working_memory_counts():
    machine, pool = made(150)
    pool.session("text")
    pool.session("unet", 30 << 20)
    assert machine.told == ["+text", "-text", "+unet"]


def test_a_graph_larger_than_the_budget_is_loaded_alone():
    machine, pool = made(50)
    for role in SIZES:
        pool.session(role)
    assert machine.told == ["+text", "-text", "+unet", "-unet", "+decoder"]


def test_a_graph_in_use_is_not_let_go_for_its_own_work():
    machine, pool = made(120)
    pool.session("unet")
    pool.session("unet", 500 << 20)
    assert machine.told == ["+unet"]


def test_a_graph_that_draws_is_loaded_anew_with_its_seed():
    machine, pool = made(1000)
    pool.session("text", seed=4)
    pool.session("text", seed=5)
    assert machine.told == ["+text", "-text", "+text"]
    assert machine.seeds == [4, 5]


@pytest.mark.parametrize(("memory", "peak"), [(1000, 175), (150, 140), (50, 105)])
def test_the_forecast_is_what_happens(memory: int, peak: int):
    machine, pool = made(memory)
    turns = [("text", 0), ("unet", 5 << 20), ("decoder", 3 << 20)]
    assert pool.peak(turns) == pytest.approx(peak << 20, abs=3 << 20)
    held, worst = 0, 0
    for role, work in turns:
        before = len(machine.told)
        pool.session(role, work)
        for event in machine.told[before:]:
            held += SIZES[event[1:]] if event[0] == "+" else -SIZES[event[1:]]
        worst = max(worst, held + (work >> 20))
    assert worst << 20 == pool.peak(turns)


def test_without_a_choice_half_of_what_is_free(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "free_bytes", lambda: 900)
    assert made(None)[1].budget == 450
    assert made(3)[1].budget == 3 << 20


@pytest.mark.parametrize(("provider", "free", "unet", "budget"), [
    ("CPUExecutionProvider", 16000, 3930, 2000), ("CPUExecutionProvider", 16000, 1000, 1536),
    ("CPUExecutionProvider", 2000, 3930, 1000), ("CUDAExecutionProvider", 16000, 3930, 8000)])
def test_a_large_package_keeps_half_of_its_weights_unless_told(monkeypatch: pytest.MonkeyPatch, provider: str,
                                                               free: int, unet: int, budget: int):
    monkeypatch.setattr(room, "free_bytes", lambda: free << 20)
    pool = made(None, provider, unet=unet)[1]
    assert (pool.budget >> 20, pool.limit >> 20) == (budget, free // 2)
    assert made(9000, provider, unet=unet)[1].budget == 9000 << 20
    kept = pool.tide("unet", 100 << 20)._files
    assert list(kept.values()) == ([] if unet <= budget - 100 else [budget - 100 << 20])


def test_large_weights_stay_in_their_file():
    machine, pool = made(1000, huge=300)
    for role in pool.roles:
        pool.session(role)
    assert machine.lean == {"text": False, "unet": False, "decoder": False, "huge": True}


def test_only_weights_beyond_the_budget_are_handed_back_behind_a_run():
    roomy, tight = made(1000, huge=300)[1], made(310, huge=300)[1]
    assert not roomy.tide("huge", 5 << 20)._files
    assert not tight.tide("huge", 5 << 20)._files
    assert len(tight.tide("huge", 20 << 20)._files) == 1
    assert not made(10)[1].tide("unet")._files
    with tight.tide("huge", 20 << 20):
        pass


def test_the_system_tells_what_is_free():
    assert 1 << 20 < free_bytes() < 1 << 50
