"""What scripts/check-deploy checks of manifests: containers, Kubernetes, KEDA, Slurm. Needs no cluster and no network.

Kustomizations are built by kubectl, and every object must be valid under Kubernetes' own schemas, KEDA's under its
fields, the compose file under compose's. Beyond that: no secret is written down, every pod is closed as far as can be,
every selector finds something, a pool asks the database for what its workers offer, each stop has the time that it
needs, and each option is one of the program's.
"""

import pathlib
import re
import subprocess
import sys

import compose_spec
import kubernetes_validate
import yaml
from cloudcoil.models.keda import v1alpha1 as keda

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
BIN = pathlib.Path(sys.executable).parent
BUILT = [*sorted((DEPLOY / "kubernetes/overlays").iterdir()), DEPLOY / "kubernetes/migrate"]
# The oldest and the newest version whose schemas kubernetes-validate has.
VERSIONS = ("1.25", "1.37")
# keda.sh/docs/latest/scalers/postgresql; the schema of a trigger's metadata is a map of texts.
POSTGRESQL = {"query", "targetQueryValue", "activationTargetQueryValue", "connectionFromEnv", "host", "port",
              "userName", "passwordFromEnv", "dbName", "sslmode"}
CLOSED_POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
CLOSED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return done.stdout, (done.stderr or done.stdout) if done.returncode else ""


def selects(selector, labels):
    return selector.get("matchLabels", {}).items() <= labels.items()


def schema_problem(thing):
    """What the object's schema has against it."""
    try:
        if thing["apiVersion"].startswith("keda.sh/"):
            # The classes drop what they do not know: what comes out must be what went in.
            made = getattr(keda, thing["kind"]).model_validate(thing)
            if made.model_dump(by_alias=True, exclude_unset=True, mode="json") != thing:
                return "has fields that KEDA does not know"
            for trigger in thing["spec"].get("triggers", []):
                if trigger["type"] != "postgresql" or set(trigger["metadata"]) - POSTGRESQL:
                    return f"has a trigger that is no postgresql trigger: {trigger}"
                if not {"query", "targetQueryValue"} <= set(trigger["metadata"]):
                    return f"has a trigger without query or target: {trigger}"
        else:
            for version in VERSIONS:
                kubernetes_validate.validate(thing, version, strict=True)
    except Exception as error:  # noqa: BLE001 - each library has its own
        return str(error)


def stop_problem(arguments, granted, grace):
    """A worker's --stop-within and what it then grants itself must fit into what kills it."""
    found = re.search(r"--stop-within[= ](\d+)s", arguments)
    if found and int(found[1]) + grace > granted:
        return f"is killed after {granted} s, and needs {found[1]} + {grace} s to stop"


def kubernetes(folder, problems, grace):
    """Checks one kustomization as it is built; answers its objects."""
    built, failed = run(BIN / "kubectl", "kustomize", folder)
    if failed:
        problems.append(f"{folder}: {failed}")
        return []
    things = list(yaml.safe_load_all(built))
    pods = {}
    for thing in things:
        name = f"{folder.name}: {thing['kind']} {thing['metadata']['name']}"
        found = [schema_problem(thing)]
        if thing["kind"] == "Secret":
            found.append("is a secret that is written down")
        template = thing.get("spec", {}).get("template")
        if template:
            pod = template["spec"]
            pods[thing["metadata"]["name"]] = (template["metadata"]["labels"], pod)
            found += [f"does not say {key}" for key, value in CLOSED_POD.items() if pod["securityContext"].get(key) != value]
            if pod.get("automountServiceAccountToken") is not False:
                found.append("has a token of the cluster")
            for container in pod["containers"]:
                found += [f"does not say {key}" for key, value in CLOSED.items() if container["securityContext"].get(key) != value]
                ports = {port["name"] for port in container.get("ports", [])}
                probes = {key: value for key, value in container.items() if key.endswith("Probe")}
                if thing["kind"] == "Deployment" and len(probes) != 3:
                    found.append("lacks a probe")
                found += [f"probes {probe['httpGet']}" for probe in probes.values()
                          if probe["httpGet"]["port"] not in ports or probe["httpGet"]["path"] != "/healthz"]
                if not container["resources"].get("limits", {}).get("memory"):
                    found.append("has no limit of memory")
                found.append(stop_problem(" ".join(container["args"]), pod.get("terminationGracePeriodSeconds", 30), grace))
                if ":" not in container["image"].split("/")[-1]:
                    found.append("has an image without a version")
        problems += [f"{name} {problem}" for problem in found if problem]
    for thing in things:
        name = f"{folder.name}: {thing['kind']} {thing['metadata']['name']}"
        selector = thing.get("spec", {}).get("podSelector" if thing["kind"] == "NetworkPolicy" else "selector")
        if thing["kind"] in ("NetworkPolicy", "PodDisruptionBudget"):
            hits = [pod for pod, (labels, _) in pods.items() if selects(selector, labels)]
            if not hits or (thing["kind"] == "PodDisruptionBudget" and len(hits) != 1):
                problems.append(f"{name} is about {hits}")
        if thing["kind"] == "ScaledObject":
            target = thing["spec"]["scaleTargetRef"]["name"]
            if target not in pods:
                problems.append(f"{name} scales {target}, which is not there")
                continue
            arguments = " ".join(pods[target][1]["containers"][0]["args"])
            tags = re.findall(r"--tag=(\S+)", arguments)
            asked = "".join(f"'{{{','.join(tags)}}}'" for _ in tags[:1])
            asked = f"{asked}, {asked}" if asked else ""
            if f"--concurrency={thing['spec']['triggers'][0]['metadata']['targetQueryValue']} " not in arguments:
                problems.append(f"{name} counts other numbers of jobs than a worker takes")
            for trigger, column in zip(thing["spec"]["triggers"], ("jobs", "age")):
                if trigger["metadata"]["query"] != f"select {column} from parley_scaler.demand({asked})":
                    problems.append(f"{name} asks something else than its workers offer: {trigger['metadata']['query']}")
    return things


def compose(problems, grace):
    text = (DEPLOY / "container/compose.yaml").read_text()
    file = yaml.safe_load(text)
    try:
        compose_spec.ComposeSpecification.model_validate({k: v for k, v in file.items() if not k.startswith("x-")})
    except Exception as error:  # noqa: BLE001
        problems.append(f"compose.yaml: {error}")
    for name, service in file["services"].items():
        if re.search(r"PASSWORD(?!_FILE)|://", str(service.get("environment", ""))):
            problems.append(f"compose.yaml: {name} has a secret that is written down")
        if service["image"] != "parley":
            continue
        if not (service.get("read_only") and service.get("cap_drop") == ["ALL"]
                and "no-new-privileges:true" in service.get("security_opt", [])):
            problems.append(f"compose.yaml: {name} is not closed")
        granted = int(service.get("stop_grace_period", "10s").rstrip("s"))
        problem = stop_problem(" ".join(service["command"]), granted, grace)
        if problem:
            problems.append(f"compose.yaml: {name} {problem}")


def slurm(problems, grace):
    text = (DEPLOY / "slurm/workers.sbatch").read_text()
    # Slurm may send the signal as much as a minute early, never late.
    problem = stop_problem(text, int(re.search(r"#SBATCH --signal=B:TERM@(\d+)", text)[1]), grace)
    if problem:
        problems.append(f"workers.sbatch {problem}")


def options(problems):
    """Each option that is given to the program is one of its own."""
    known = {"version", "help"}
    for file in (ROOT / "Sources/parley").rglob("*.swift"):
        for name in re.findall(r"@(?:Option|Flag)\b[^@]*?\bvar (\w+)", file.read_text()):
            known.add(re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name).lower())
    files = [*(DEPLOY / "kubernetes").rglob("*.yaml"), DEPLOY / "container/compose.yaml", *(DEPLOY / "systemd").glob("*.service")]
    given = {(file.name, name) for file in files for line in file.read_text().splitlines() if "prometheus" not in line
             for name in re.findall(r"(?<![\w-])--([a-z][a-z-]+)", line.split("#")[0])}
    problems += [f"{file}: there is no option --{name}" for file, name in sorted(given) if name not in known]
    return len(given)


def check(problems):
    """Adds to the problems; answers what was checked, in words."""
    grace = int(re.search(r"static let grace = (\d+)", (ROOT / "Sources/parley/Support/Stopping.swift").read_text())[1])
    things = sum(len(kubernetes(folder, problems, grace)) for folder in BUILT)
    compose(problems, grace)
    slurm(problems, grace)
    # DL3008: Debian's stable release is what pins the packages.
    _, failed = run(BIN / "hadolint", "--ignore", "DL3008", DEPLOY / "container/Containerfile")
    problems += [failed] if failed else []
    return f"{things} objects of {len(BUILT)} kustomizations, {options(problems)} options given"
