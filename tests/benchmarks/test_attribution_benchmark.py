"""The benchmark of attribution: its chains, truths, made journeys and comparisons."""

from __future__ import annotations

import ast
import csv
import itertools
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

REPOSITORY = Path(__file__).parents[2]
if not (REPOSITORY / "benchmarks" / "attribution").is_dir():
    pytest.skip("the benchmarks are not part of this copy", allow_module_level=True)
sys.path.insert(0, str(REPOSITORY))

from benchmarks.attribution import chains, common, coverage, exact, journeys, peers, scale, spark  # noqa: E402
from benchmarks.attribution.chains import Chain  # noqa: E402

TABLE = "path,total_conversions,total_conversion_value,total_null\nA > B,2,30,1\nA,1,10,4\nB > A > B,3,5,0\nC,0,0,2\n"


def table(folder: Path) -> Path:
    file = folder / "paths.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


# Chains


def test_a_chain_is_fitted_by_counting(tmp_path: Path) -> None:
    chain = chains.fit_chain(table(tmp_path))
    after = dict(zip(chain.contexts, chain.steps, strict=True))
    assert chain.channels == ("A", "B", "C")
    assert after[()] == pytest.approx(np.array([8, 3, 2, 0, 0]) / 13)
    assert after[0,] == pytest.approx(np.array([0, 6, 0, 1, 4]) / 11)
    assert after[1,] == pytest.approx(np.array([3, 0, 0, 5, 1]) / 9)
    assert after[2,] == pytest.approx([0, 0, 0, 0, 1])


def test_a_chain_of_order_two_keeps_the_last_two_channels(tmp_path: Path) -> None:
    chain = chains.fit_chain(table(tmp_path), 2)
    after = dict(zip(chain.contexts, chain.steps, strict=True))
    assert after[0, 1] == pytest.approx(np.array([0, 0, 0, 5, 1]) / 6)
    assert after[1, 0] == pytest.approx([0, 1, 0, 0, 0])


def test_removal_effects_by_hand() -> None:
    # start: A 3/4, B 1/4; A: B 1/2, converts 1/4; B: converts 1/2
    chain = Chain(
        ("A", "B"), 1, ((), (0,), (1,)), np.array([[0.75, 0.25, 0, 0], [0, 0.5, 0.25, 0.25], [0, 0, 0.5, 0.5]])
    )
    assert chains.chance(chain) == pytest.approx(0.5)
    assert chains.removal_effects(chain) == pytest.approx([1 - 0.125 / 0.5, 1 - 0.1875 / 0.5])
    assert chains.markov_credit(chain) == pytest.approx([0.5 * 0.75 / 1.375, 0.5 * 0.625 / 1.375])


def test_the_shapley_value_by_hand() -> None:
    # v: nobody 0, A 1, B 2, both 5
    assert chains.shapley_value(np.array([0.0, 1.0, 2.0, 5.0])) == pytest.approx([2, 3])


def test_weights_of_a_rule_add_up_to_one() -> None:
    for length in range(1, 9):
        for name, weights in chains.rule_weights(length).items():
            assert weights.sum() == pytest.approx(1), (name, length)
    assert chains.rule_weights(4)["w_shaped"] == pytest.approx([0.3, 0.3, 0.1, 0.3])
    assert chains.rule_weights(4)["position"] == pytest.approx([0.4, 0.1, 0.1, 0.4])


@pytest.fixture(scope="module")
def known() -> Chain:
    return chains.draw_chain(4, 2, seed=3)


@pytest.fixture(scope="module")
def many(known: Chain) -> chains.Drawn:
    return chains.draw_journeys(known, 200_000, seed=5)


def test_truth_is_what_very_many_journeys_come_to(known: Chain, many: chains.Drawn) -> None:
    converted = many.converted[many.journey]
    length = many.lengths[many.journey]
    linear = np.bincount(many.channel, converted / length, 4) / len(many.converted)
    last = np.bincount(many.channel, converted & (many.place == length - 1), 4) / len(many.converted)
    touched = np.zeros((len(many.converted), 4), bool)
    touched[many.journey, many.channel] = True
    size = touched.sum(1)
    shapley = (touched / size[:, None] * many.converted[:, None]).mean(0)
    removal = (touched & many.converted[:, None]).sum(0) / many.converted.sum()
    rules = chains.rule_credit(known)
    error = 4 * math.sqrt(0.25 / len(many.converted))
    assert chains.chance(known) == pytest.approx(many.converted.mean(), abs=error)
    assert rules["linear"] == pytest.approx(linear, abs=error)
    assert rules["last"] == pytest.approx(last, abs=error)
    assert chains.shapley_credit(known) == pytest.approx(shapley, abs=error)
    assert chains.removal_effects(known) == pytest.approx(removal, abs=3 * error)


def test_every_truth_adds_up_to_the_chance_to_convert(known: Chain) -> None:
    whole = chains.chance(known)
    for credit in (*chains.rule_credit(known).values(), chains.markov_credit(known), chains.shapley_credit(known)):
        assert credit.sum() == pytest.approx(whole)


def test_without_memory_a_chain_of_order_two_is_one_of_order_one() -> None:
    chain = chains.draw_chain(4, 2, seed=1, memory=0.0)
    plain = chains.first_order(chain)
    assert chains.markov_credit(plain) == pytest.approx(chains.markov_credit(chain))
    assert plain.steps == pytest.approx(chain.steps[:5])


def test_with_memory_order_one_says_something_else(known: Chain) -> None:
    assert np.abs(chains.markov_credit(chains.first_order(known)) / chains.markov_credit(known) - 1).max() > 0.01


def test_drawing_twice_gives_the_same_journeys(known: Chain) -> None:
    one, two = (chains.draw_journeys(known, 500, seed=7) for _ in range(2))
    assert (one.channel == two.channel).all() and (one.converted == two.converted).all()


# Made journeys


def test_distinct_paths_are_those_of_a_plain_count(many: chains.Drawn) -> None:
    few = many.journey < 2000
    drawn = chains.Drawn(many.journey[few], many.place[few], many.channel[few], many.converted[:2000])
    found = journeys.distinct(drawn)
    paths: dict[int, list[int]] = defaultdict(list)
    for journey, channel in zip(drawn.journey, drawn.channel, strict=True):
        paths[int(journey)].append(int(channel))
    assert len(found.starts) - 1 == len({tuple(path) for path in paths.values()})
    for journey, path in paths.items():
        number = found.path[journey]
        assert found.codes[found.starts[number] : found.starts[number + 1]].tolist() == path


def test_the_path_table_is_that_of_the_touchpoints(tmp_path: Path) -> None:
    import duckdb

    chain = chains.fit_chain(table(tmp_path))
    files = journeys.make(chain, 300, tmp_path, seed=2, csv=True)
    rows = duckdb.connect().execute(f"SELECT * FROM '{files.parquet}'").fetchall()
    assert rows == duckdb.connect().execute(f"SELECT * FROM '{files.csv}'").fetchall()
    assert [row[0] for row in rows] != sorted(row[0] for row in rows)
    by_user: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_user[row[0]].append(row)
    converted, nulls, worth = Counter[str](), Counter[str](), defaultdict[str, float](float)
    for touches in by_user.values():
        touches.sort(key=lambda row: row[1])
        assert len({row[1] for row in touches}) == len(touches)
        assert not any(row[3] or row[4] for row in touches[:-1])
        path = " > ".join(str(row[2]) for row in touches)
        (converted if touches[-1][3] else nulls)[path] += 1
        worth[path] += touches[-1][4]
    with files.paths.open(encoding="utf-8") as lines:
        found = {row["path"]: row for row in csv.DictReader(lines)}
    assert {path: int(row["total_conversions"]) for path, row in found.items()} == {
        path: converted[path] for path in worth
    }
    assert {path: int(row["total_null"]) for path, row in found.items()} == {path: nulls[path] for path in worth}
    assert {path: float(row["total_conversion_value"]) for path, row in found.items()} == pytest.approx(worth)


def test_made_files_are_not_made_again(tmp_path: Path) -> None:
    chain = chains.draw_chain(3, 1, seed=1)
    before = journeys.make(chain, 50, tmp_path).parquet.stat().st_mtime_ns
    assert journeys.make(chain, 50, tmp_path).parquet.stat().st_mtime_ns == before
    assert (
        journeys.make(chains.draw_chain(3, 1, seed=2), 50, tmp_path).parquet
        != journeys.make(chain, 50, tmp_path).parquet
    )


# Coverage


def test_paths_for_the_models_hold_every_journey(many: chains.Drawn, known: Chain) -> None:
    paths = coverage.as_paths(known, many, np.random.default_rng(1))
    assert paths.conversions.sum() == many.converted.sum()
    assert paths.nulls.sum() == (~many.converted).sum()
    assert (paths.lengths * paths.journeys).sum() == len(many.journey)
    assert paths.decay is not None and paths.value_squares is not None
    assert paths.decay.conversions.sum() == pytest.approx(paths.conversions.sum())
    assert paths.decay.value.sum() == pytest.approx(paths.value.sum())
    assert (paths.value_squares * paths.conversions >= paths.value**2 - 1e-6).all()
    assert (paths.decay.squares <= np.bincount(paths.codes, paths.decay.conversions, 4) + 1e-9).all()


def test_decay_shares_halve_in_a_half_life() -> None:
    drawn = chains.Drawn(np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([True, True]))
    shares = coverage.decay_shares(drawn, np.array([0.0, 50.0, float(coverage.HALF_LIFE)]))
    assert shares == pytest.approx([1 / 3, 1, 2 / 3])


@pytest.fixture(scope="module")
def cell() -> coverage.Cell:
    return coverage.Cell(5, 2, 2000)


@pytest.fixture(scope="module")
def right(cell: coverage.Cell) -> coverage.Truth:
    chain = cell.chain(0)
    known = {"linear": chains.rule_credit(chain)["linear"], "shapley": chains.shapley_credit(chain)}
    return known | {"markov_2": chains.markov_credit(chain)}


def test_intervals_hold_the_truth_about_as_often_as_they_say(cell: coverage.Cell, right: coverage.Truth) -> None:
    found = [each for seed in range(0, 40, coverage.CHAINS) for each in coverage.look((cell, seed, right))]
    for way in coverage.WAYS:
        for model in right:
            held = np.mean([each.conversions[model].mean() for each in found if each.way == way])
            assert 0.7 <= held <= 1, (way, model)


def test_a_wrong_truth_is_not_held(cell: coverage.Cell, right: coverage.Truth) -> None:
    wrong = {model: credit * 1.5 for model, credit in right.items()}
    for each in coverage.look((cell, 0, wrong)):
        assert max(held.mean() for held in each.conversions.values()) <= 0.4


def test_intervals_are_made_in_the_way_that_is_named(cell: coverage.Cell, right: coverage.Truth) -> None:
    redrawn, worked = coverage.look((cell, 4, right))
    assert (redrawn.way, worked.way) == tuple(coverage.WAYS)
    assert any((redrawn.width[model] != worked.width[model]).all() for model in right)


def test_the_rate_held_and_its_error_are_over_seeds() -> None:
    held = [np.array([True, False]), np.array([True, True]), np.array([], bool)]
    assert coverage.rate(held) == "0.750 ± 0.250"
    assert coverage.rate([np.array([], bool)]) == ""


def test_orders_found_are_counted_by_cell() -> None:
    cell = coverage.Cell(5, 2, 1000)
    assert coverage.order_rows([(cell, 2), (cell, 1), (cell, 2), (cell, 4)]) == [
        ["1,000", "5", "2", "0.25", "0.50", "0.00", "0.25", "0.50"]
    ]


# Comparisons


def test_definitions_by_hand(tmp_path: Path) -> None:
    found = exact.definitions(table(tmp_path))
    assert found["first"] == {"A": 3, "B": 3, "C": 0}
    assert found["linear"] == pytest.approx({"A": 3, "B": 3, "C": 0})
    assert found["linear value"] == pytest.approx({"A": 15 + 10 + 5 / 3, "B": 15 + 10 / 3, "C": 0})
    assert found["shapley"] == pytest.approx({"A": 1 + 1 + 1.5, "B": 1 + 1.5, "C": 0})
    for model in ("markov", "markov_2", "markov_3"):
        assert sum(found[model].values()) == pytest.approx(6)
        assert sum(found[f"{model} value"].values()) == pytest.approx(45)


def test_what_a_visit_brings_by_hand(tmp_path: Path) -> None:
    file = table(tmp_path)
    worth = chains.worth_of(file, chains.fit_chain(file))
    assert worth == pytest.approx([0, 10 / 11, 35 / 9, 0])


def test_ours_are_the_definitions_on_a_small_table(tmp_path: Path) -> None:
    file = table(tmp_path)
    ours, intervals = exact.our_credits(file)
    found = exact.checks(ours, exact.definitions(file), {})
    assert len(found) > 15 and all(check.holds for check in found)
    assert {*intervals} == {*exact.MODELS}


def test_a_wrong_credit_does_not_pass() -> None:
    plain = {"markov": {"A": 10.0, "B": 5.0}, "first": {"A": 15.0, "B": 0.0}}
    right = {"do-attribution markov_1": {"markov": {"A": 10.0, "B": 5.0}}}
    assert all(check.holds for check in exact.checks(plain | {}, plain, right))
    wrong = exact.checks({**plain, "markov": {"A": 10.0 + 1e-7, "B": 5.0 - 1e-7}}, plain, right)
    assert [check.other for check in wrong if not check.holds] == ["definition", "do-attribution markov_1"]


def test_a_channel_that_one_side_lacks_counts_as_zero() -> None:
    assert common.furthest({"A": 3.0}, {"A": 3.0, "B": 2.0}) == 1
    assert common.furthest({"A": 3.0, "B": 0.5}, {"A": 3.0}) == 0.5
    assert common.furthest({"A": 3.0, "B": 0.5}, {"A": 3.0, "B": 1.0}, of_total=True) == 0.125


def test_jobs_that_are_asked_for_exist() -> None:
    assert {*scale.JOBS, *scale.SAME, *exact.EQUAL, *exact.BESIDE} <= {*peers.JOBS}
    assert {*scale.SAME} <= {*scale.JOBS}


def test_the_peers_script_stands_alone() -> None:
    tree = ast.parse(Path(peers.__file__).read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & {"roas", "benchmarks"}


def test_without_peers_their_rows_are_left_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    none = common.Peers(None)
    files = journeys.Files(tmp_path / "a", tmp_path / "b", tmp_path / "c", 10)
    assert not none and scale.theirs(files, none, limit=1) == {}
    assert "--peers PYTHON" in capsys.readouterr().err


# Processes and tables


def test_a_process_is_timed_and_its_words_kept() -> None:
    done = common.run([sys.executable, "-c", "print(sum(range(10)))"])
    assert done.printed == "45\n" and not done.failed
    assert done.cpu > 0 and done.peak > 1


def test_a_process_that_fails_is_said_to_fail(capsys: pytest.CaptureFixture[str]) -> None:
    done = common.run([sys.executable, "-c", "raise SystemExit('no | such thing')"])
    assert done.cell() == "failed: no such thing"
    assert "no | such thing" in capsys.readouterr().err


def test_a_process_that_lasts_is_stopped() -> None:
    assert common.run([sys.executable, "-c", "import time; time.sleep(60)"], limit=0.3).cell() == "stopped at 0 s"


def test_growth_is_the_exponent_over_the_largest_two_sizes() -> None:
    runs = {10: common.Run(9, 9, 9), 100: common.Run(1, 2.0, 1), 1000: common.Run(1, 20.0, 1)}
    assert scale.growth(runs) == "1.00"
    assert scale.growth({**runs, 1000: common.Run(1, 1, 1, failed="stopped")}) == f"{math.log10(2 / 9):.2f}"


def test_the_ratio_to_the_sort_is_the_median_of_pairs() -> None:
    runs = {scale.SORT: [common.Run(1, c, 1) for c in (1, 2, 4)], "x": [common.Run(1, c, 1) for c in (3, 4, 4)]}
    assert scale.ratio(runs, "x") == "2.00"


def test_a_table_replaces_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- t -->\nold\n<!-- /t -->\nbelow\n", encoding="utf-8")
    common.write("t", ("a", "b"), [["1", "2"]], said="Measured.", page=page)
    expected = "above\n<!-- t -->\nMeasured.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n<!-- /t -->\nbelow\n"
    assert page.read_text(encoding="utf-8") == expected
    with pytest.raises(SystemExit, match="no place for the table 'u'"):
        common.write("u", ("a",), [], said="", page=page)


def test_the_page_has_a_place_for_every_table() -> None:
    page = common.PAGE.read_text(encoding="utf-8")
    names = ["exact", "checks", "exact-costs", "scale-parquet", "scale-csv", "scale-peers", "scale-same"]
    for name in (*names, "coverage", "coverage-cells", "orders", "spark"):
        assert page.count(f"<!-- {name} -->") == page.count(f"<!-- /{name} -->") == 1, name


def test_masters_are_split_outside_brackets() -> None:
    assert spark.masters(spark.MASTERS) == ["local[1]", "local[2]", "local-cluster[2,1,1024]"]


def test_every_pair_of_contexts_is_there_once() -> None:
    assert chains.contexts_of(2, 2) == ((), (0,), (1,), *itertools.product((0, 1), repeat=2))
