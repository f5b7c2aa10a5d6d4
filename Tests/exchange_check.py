#!/usr/bin/env python3
"""Holds `parley export` and `parley import` against inspect_ai itself, both ways, on one set of logs.

    python Tests/exchange_check.py --parley .build/debug/parley [--keep FOLDER] [--fixtures]

Needs inspect_ai 0.3.285 (the environment of `scripts/bench probe` has it). It
  1. runs four evaluations with inspect_ai on mockllm/model (plain, clustered errors, epochs and reducers, tools), and
     checks that `parley import` computes every printed metric again to 1e-9, and that `parley reduce` on its outcomes,
     and the findings of the imported round, come to the same estimates and standard errors;
  2. runs a simulated round with Parley, exports it, and opens the logs with inspect_ai: whole, header only, summaries,
     samples by id and epoch and by uuid, dataframes; metrics are computed again by inspect_ai's own functions;
  3. imports these logs again and compares the findings of both rounds;
  4. checks Every Eval Ever's files against its JSON Schemas, where they are named by --schemas FOLDER.
With --fixtures the small logs of step 1 are written to Tests/ParleyEvidenceTests/Fixtures for the Swift tests.
"""

import argparse
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("INSPECT_DISPLAY", "none")

from inspect_ai import Epochs, Task, eval as inspect_eval, task  # noqa: E402
from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402
from inspect_ai.log import (  # noqa: E402
    list_eval_logs,
    read_eval_log,
    read_eval_log_sample,
    read_eval_log_sample_summaries,
)
from inspect_ai.model import ModelOutput, ModelUsage, get_model  # noqa: E402
from inspect_ai.scorer import (  # noqa: E402
    SampleScore,
    Score,
    Target,
    accuracy,
    includes,
    mean,
    mean_score,
    scorer,
    std,
    stderr,
)
from inspect_ai.solver import TaskState, generate, use_tools  # noqa: E402
from inspect_ai.tool import tool  # noqa: E402

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)
        print(f"FAILED: {message}", file=sys.stderr)


def close(left, right, tolerance=1e-9):
    if left is None or right is None:
        return left is right
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return abs(left - right) <= tolerance * max(1.0, abs(left))


# --- evaluations of inspect_ai


def metered(output):
    """With its usage: without, inspect_ai fetches a tokenizer to count by."""
    output.usage = ModelUsage(input_tokens=11, output_tokens=5, total_tokens=18, input_tokens_cache_read=2)
    return output


def answers(count, right):
    """A model that says the target of the samples for which `right` holds."""
    words = [f"it is {n}" if right(n) else "no idea" for n in range(count)]
    return [metered(ModelOutput.from_content("mockllm/model", text)) for text in words]


def samples(count):
    return [
        Sample(id=f"group/{n}", input=f"What is {n}?", target=str(n), metadata={"group": f"g{n % 4}", "n": n})
        for n in range(count)
    ]


def in_order(outputs):
    """Answers by the number in the question, so that the order of calls does not matter."""

    def answer(messages, tools, tool_choice, config):
        number = int("".join(c for c in messages[-1].text if c.isdigit()))
        return outputs[number % len(outputs)]

    return answer


@scorer(metrics=[accuracy(), mean(), std(), stderr(), stderr(cluster="group")])
def contains_clustered():
    async def score(state: TaskState, target: Target):
        if state.sample_id == "group/3":
            return Score.unscored(explanation="left out")
        return Score(value="C" if target.text in state.output.completion else "I", answer=state.output.completion)

    return score


@scorer(metrics=[mean(), stderr()])
def graded():
    async def score(state: TaskState, target: Target):
        number = int(target.text)
        return Score(value=[1.0, "P", 0.25, "I"][(number + state.epoch) % 4])

    return score


@tool
def add():
    async def execute(left: int, right: int):
        """Adds.

        Args:
            left: one number
            right: another
        """
        return str(left + right)

    return execute


def tool_outputs():
    call = ModelOutput.for_tool_call("mockllm/model", "add", {"left": 1, "right": 2})
    return [metered(call), metered(ModelOutput.from_content("mockllm/model", "it is 3"))]


def run_evaluations(folder):
    count = 12
    logs = []

    def run(made, outputs, **arguments):
        model = get_model("mockllm/model", custom_outputs=outputs, memoize=False)
        log = inspect_eval(made, model=model, log_dir=str(folder), log_format="eval", **arguments)[0]
        check(log.status == "success", f"inspect_ai's own run of {made.name} failed: {log.error}")
        logs.append(log)

    plain = Task(name="plain", dataset=MemoryDataset(samples(count)), solver=generate(), scorer=includes())
    run(plain, in_order(answers(count, lambda n: n % 3 != 0)))
    clustered = Task(
        name="clustered", dataset=MemoryDataset(samples(count)), solver=generate(), scorer=contains_clustered()
    )
    run(clustered, in_order(answers(count, lambda n: n % 4 != 1)))
    epochs = Task(
        name="epochs",
        dataset=MemoryDataset(samples(count)),
        solver=generate(),
        scorer=[graded(), includes()],
        epochs=Epochs(3, ["mean", "median", "mode", "max", "at_least_2", "pass_at_2"]),
    )
    run(epochs, in_order(answers(count, lambda n: n % 2 == 0)))
    tools = Task(
        name="tools",
        dataset=MemoryDataset([Sample(id="t1", input="What is 1 + 2?", target="3")]),
        solver=[use_tools(add()), generate()],
        scorer=includes(),
    )
    run(tools, tool_outputs())
    return logs


# --- Parley


def parley(*arguments, **options):
    ended = subprocess.run([options.get("program", PROGRAM), *arguments], capture_output=True, text=True)
    if ended.returncode != options.get("code", 0):
        print(ended.stdout, ended.stderr, file=sys.stderr)
        raise SystemExit(f"parley {' '.join(arguments)} ended with {ended.returncode}")
    return ended.stdout


def check_import(logs, folder):
    paths = [log.location for log in logs]
    outcomes = folder / "outcomes.jsonl"
    document = json.loads(parley("import", *paths, "--outcomes", str(outcomes), "--json"))
    metrics = document["metrics"]
    printed = sum(len(score.metrics) for log in logs for score in log.results.scores)
    check(len(metrics) == printed, f"{len(metrics)} metrics of {printed} were looked at")
    for metric in metrics:
        check(metric.get("agrees") is True, f"metric differs: {metric}")
    reduced = json.loads(parley("reduce", str(outcomes), "--suite", "suite", "--json"))
    cells = {cell["suite"]: cell for cell in reduced["cells"]}

    def compare(suite, log, name, reducer=None):
        score = next(s for s in log.results.scores if s.name == name and (reducer is None or s.reducer == reducer))
        value = (score.metrics.get("mean") or score.metrics["accuracy"]).value
        check(close(cells[suite]["estimate"], value), f"{suite}: {cells[suite]['estimate']} is not {value}")
        error = score.metrics["stderr"].value
        check(close(cells[suite]["standard_error"], error), f"{suite}: {cells[suite]['standard_error']} is not {error}")

    compare("plain", logs[0], "includes")
    compare("clustered", logs[1], "contains_clustered")
    compare("epochs-graded", logs[2], "graded", "mean")
    compare("epochs-includes", logs[2], "includes", "mean")
    # Clustered errors are those of a reduction that takes the cluster for the sample.
    only = folder / "clustered.jsonl"
    rows = [line for line in outcomes.read_text().splitlines() if json.loads(line)["suite"] == "clustered"]
    only.write_text("\n".join(rows) + "\n")
    cell = json.loads(parley("reduce", str(only), "--sample", "cluster", "--json"))["cells"][0]
    error = next(
        m.value for m in logs[1].results.scores[0].metrics.values() if m.params.get("cluster") and "stderr" in m.name
    )
    check(close(cell["standard_error"], error), f"clustered: {cell['standard_error']} is not {error}")
    # The same from the database.
    state = ["--state", str(folder / "imported")]
    parley("import", *paths, "--into", "imported", *state)
    findings = json.loads(parley("findings", "imported", "--json", *state))
    for cell in findings["cells"]:
        if cell["suite"] in ("plain", "clustered"):
            same = cells[cell["suite"]]
            check(close(cell["estimate"], same["estimate"]), f"database: {cell['suite']} {cell['estimate']}")
            check(close(cell["standard_error"], same["standard_error"]), f"database: {cell['suite']}: standard error")
    check(findings["complete"], "the imported round is not complete")
    print(f"import: {len(metrics)} metrics of {len(paths)} logs computed again")
    return document


def write_round(folder):
    rows = [{"id": f"s/{n}", "input": f"What is {n} + 7?", "target": str(n + 7), "metadata": {"n": n}} for n in range(40)]
    (folder / "sums.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    behaviour = "{ accuracy: 0.7, refusal_rate: 0.1, error_rate: 0, latency: 0ms }"
    (folder / "round.yaml").write_text(
        f"""
round: sums
tier: bilateral
title: Sums
parties:
  - {{ name: a, role: lab }}
  - {{ name: b, role: lab }}
models:
  - {{ name: ma, party: a, provider: openai, model: org/ma, concurrency: 4, simulate: {behaviour} }}
  - {{ name: mb, party: b, provider: anthropic, model: mb, concurrency: 4, simulate: {behaviour} }}
suites:
  - {{ name: sums, party: a, areas: [scalable oversight], dataset: sums.jsonl, scorer: numeric, epochs: 2 }}
  - {{ name: brave, party: b, areas: [adversarial robustness], dataset: sums.jsonl, scorer: numeric,
       kinds: {{ refused: {{ score_as: 1 }} }} }}
runs: all
"""
    )


def recomputed(log, score):
    """The mean and the error by inspect_ai's own functions over the log's own samples."""
    grouped = {}
    for sample in log.samples:
        if sample.scores and score.name in sample.scores:
            grouped.setdefault(sample.id, []).append(sample.scores[score.name])
    reduced = [SampleScore(sample_id=id, score=mean_score()(scores)) for id, scores in grouped.items()]
    scored = [s for s in reduced if not (isinstance(s.score.value, float) and math.isnan(s.score.value))]
    return mean()(scored), stderr()(scored), len(scored), len(reduced) - len(scored)


def check_export(folder, schemas):
    write_round(folder)
    state = ["--state", str(folder / "state")]
    parley("run", str(folder / "round.yaml"), "--simulated", *state)
    findings = json.loads(parley("findings", "sums", "--json", *state))
    logs_folder = folder / "logs"
    written = json.loads(parley("export", "sums", "--format", "inspect", "--output", str(logs_folder), "--json", *state))
    cells = {(c["suite"], c["configuration"]): c for c in findings["cells"]}
    listed = list_eval_logs(str(logs_folder))
    check(len(listed) == len(cells) == len(written["files"]), f"{len(listed)} logs are listed for {len(cells)} cells")
    total = 0
    for path in written["files"]:
        header = read_eval_log(path, header_only=True)
        log = read_eval_log(path)
        own = header.eval.metadata["parley"]
        cell = cells[(own["suite"]["name"], own["configuration"]["name"])]
        check(header.status == "success" and header.samples is None, f"{path}: header only")
        check(len(log.samples) == cell["planned"], f"{path}: {len(log.samples)} samples of {cell['planned']}")
        check(own["finding"]["estimate"] == cell["estimate"], f"{path}: the finding in the metadata differs")
        for score in header.results.scores:
            average, error, scored, unscored = recomputed(log, score)
            check(close(score.metrics["mean"].value, average), f"{path}: mean {score.metrics['mean'].value} {average}")
            check(close(score.metrics["stderr"].value, error), f"{path}: stderr {score.metrics['stderr'].value} {error}")
            check((score.scored_samples, score.unscored_samples) == (scored, unscored), f"{path}: counts of scores")
        check(log.reductions and len(log.reductions[0].samples) == 40, f"{path}: reductions")
        summaries = read_eval_log_sample_summaries(path)
        check(len(summaries) == len(log.samples), f"{path}: {len(summaries)} summaries")
        # Whether counts the same must not depend on the order of the samples.
        by_key = {(s.id, s.epoch): s for s in summaries}
        for sample in log.samples:
            mine = sample.summary()
            theirs = by_key[(sample.id, sample.epoch)]
            for field in ("input", "target", "metadata", "uuid", "error", "limit", "started_at", "completed_at"):
                check(getattr(mine, field) == getattr(theirs, field), f"{path}: {sample.id}: summary's {field}")
            check(theirs.completed, f"{path}: {sample.id}: summary is not complete")
        for sample in (log.samples[0], log.samples[-1]):
            one = read_eval_log_sample(path, id=sample.id, epoch=sample.epoch)
            two = read_eval_log_sample(path, uuid=sample.uuid)
            check(one.uuid == two.uuid == sample.uuid, f"{path}: {sample.id} by id and by uuid")
        if own["suite"]["name"] == "sums" and cell["kinds"]["refused"]:
            check(
                any(s.output.choices[0].stop_details and s.output.choices[0].stop_details.type == "refusal"
                    for s in log.samples if s.output.choices),
                f"{path}: no refusal is marked as one",
            )
        total += len(log.samples)
    try:
        # Without these inspect_ai ends the process and says nothing.
        import pandas, pyarrow  # noqa: E401, F401
        from inspect_ai.analysis import evals_df, samples_df

        frame = samples_df(str(logs_folder), quiet=True)
        check(len(frame) == total, f"samples_df has {len(frame)} rows of {total}")
        check(len(evals_df(str(logs_folder), quiet=True)) == len(cells), "evals_df")
    except ImportError as error:
        print(f"dataframes were left out: {error}", file=sys.stderr)
    # Back again.
    again = json.loads(parley("import", *written["files"], "--into", "again", "--json", "--state", str(folder / "back")))
    check(all(m.get("agrees") for m in again["metrics"]), "a metric of our own log does not agree")
    back = json.loads(parley("findings", "again", "--json", "--state", str(folder / "back")))
    compared = ("suite", "configuration", "planned", "kinds", "counted", "clusters", "estimate", "standard_error",
                "interval", "usage", "cost", "answers", "latency", "missing")
    for cell in back["cells"]:
        same = cells[(cell["suite"], cell["configuration"])]
        for field in compared:
            check(cell.get(field) == same.get(field), f"back again: {cell['suite']}: {field}")
    print(f"export: {len(cells)} logs, {total} samples, opened by inspect_ai and imported again")
    check_tables(folder, state, findings)
    check_every_eval_ever(folder, state, findings, schemas)


def check_tables(folder, state, findings):
    bodies = []
    for form in ("csv", "jsonl"):
        parley("export", "sums", "--format", form, "--output", str(folder), *state)
        reduced = json.loads(parley("reduce", str(folder / f"sums.{form}"), "--suite", "suite", "--json"))
        bodies.append(json.dumps([reduced["cells"], reduced["comparisons"]]))
        by_name = {(c["suite"], c["configuration"]): c for c in reduced["cells"]}
        for cell in findings["cells"]:
            check(by_name[(cell["suite"], cell["configuration"])] == cell, f"{form}: {cell['suite']} reduces otherwise")
    check(bodies[0] == bodies[1], "CSV and JSONL reduce to different bytes")
    print("csv, jsonl: reduce to the round's findings")


def check_every_eval_ever(folder, state, findings, schemas):
    output = folder / "every"
    files = json.loads(
        parley("export", "sums", "--format", "every-eval-ever", "--output", str(output), "--json", *state)
    )["files"]
    aggregates = [Path(f) for f in files if f.endswith(".json")]
    validate = None
    if schemas:
        from jsonschema import Draft7Validator

        aggregate_schema = Draft7Validator(json.loads((Path(schemas) / "eval.schema.json").read_text()))
        instance_schema = Draft7Validator(json.loads((Path(schemas) / "instance_level_eval.schema.json").read_text()))
        validate = (aggregate_schema, instance_schema)

    def strict(text):
        def refuse(token):
            raise ValueError(token)

        return json.loads(text, parse_constant=refuse)

    rows = 0
    for path in aggregates:
        document = strict(path.read_text())
        details = document["detailed_evaluation_results"]
        content = (output / details["file_path"]).read_bytes()
        check(hashlib.sha256(content).hexdigest() == details["checksum"], f"{path}: checksum")
        lines = [strict(line) for line in content.decode().splitlines()]
        check(len(lines) == details["total_rows"], f"{path}: total_rows")
        rows += len(lines)
        for result in document["evaluation_results"]:
            config, score = result["metric_config"], result["score_details"]["score"]
            check(config["min_score"] <= score <= config["max_score"], f"{path}: score outside its bounds")
            own = [line for line in lines if line["evaluation_result_id"] == result["evaluation_result_id"]]
            by_sample = sum(line["evaluation"]["score"] for line in own) / len(own)
            check(close(by_sample, score), f"{path}: the instances give {by_sample}, the aggregate says {score}")
        if validate:
            problems = list(validate[0].iter_errors(document))
            problems += [p for line in lines for p in validate[1].iter_errors(line)]
            check(not problems, f"{path}: {[p.message for p in problems[:3]]}")
    schema = "validated by its schemas" if validate else "NOT validated by its schemas (name them by --schemas)"
    counted = sum(cell["counted"] for cell in findings["cells"])
    check(rows == counted, f"{rows} instances of {counted}")
    print(f"every-eval-ever: {len(aggregates)} aggregates, {rows} instances, {schema}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parley", required=True)
    parser.add_argument("--keep")
    parser.add_argument("--schemas", help="the folder with Every Eval Ever's JSON Schemas")
    parser.add_argument("--fixtures", action="store_true")
    options = parser.parse_args()
    global PROGRAM
    PROGRAM = options.parley
    folder = Path(options.keep or tempfile.mkdtemp(prefix="parley-exchange-"))
    folder.mkdir(parents=True, exist_ok=True)
    # For root, PostgreSQL runs as another user, who must find its data in here.
    folder.chmod(0o755)
    logs = run_evaluations(folder / "theirs")
    if options.fixtures:
        fixtures = Path(__file__).parent / "ParleyEvidenceTests" / "Fixtures"
        fixtures.mkdir(exist_ok=True)
        for log in logs:
            shutil.copy(log.location, fixtures / f"{log.eval.task}.eval")
        print(f"fixtures: {sorted(p.name for p in fixtures.glob('*.eval'))}")
        return
    check_import(logs, folder)
    check_export(folder, options.schemas)
    if not options.keep:
        shutil.rmtree(folder)
    if failures:
        raise SystemExit(f"{len(failures)} checks failed")
    print("all checks passed")


if __name__ == "__main__":
    main()
