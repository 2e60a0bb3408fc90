"""The files for Kubernetes as Kustomize renders them: valid, and in agreement with the code."""

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml
from nbjudge_course import wire
from nbjudge_grader_service.settings import Settings
from nbjudge_worker.scaling.rule import Limits
from nbjudge_worker.settings import Settings as WorkerSettings

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = ["base", *sorted(f"overlays/{path.name}" for path in (FOLDER / "overlays").iterdir())]
KEDA = json.loads((Path(__file__).parent / "keda.schema.json").read_text("utf-8"))
OLDEST = "1.33"


def rendered(overlay):
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run(
        [kubectl, "kustomize", FOLDER / overlay], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return list(yaml.safe_load_all(done.stdout))


@pytest.fixture(scope="module", params=OVERLAYS)
def resources(request):
    return rendered(request.param)


@pytest.fixture(scope="module")
def base():
    return rendered("base")


def one(resources, kind, name):
    (found,) = [r for r in resources if (r["kind"], r["metadata"]["name"]) == (kind, name)]
    return found


def container(resources, name):
    (found,) = one(resources, "Deployment", name)["spec"]["template"]["spec"]["containers"]
    return found


def check(resource):
    if resource["apiVersion"].startswith("keda.sh/"):
        jsonschema.Draft202012Validator(KEDA).validate(resource)
    else:
        kubernetes_validate.validate(resource, OLDEST, strict=True)


def test_every_resource_keeps_to_its_schema(resources):
    for resource in resources:
        check(resource)


@pytest.mark.parametrize(
    ("kind", "path", "wrong"),
    [
        ("Deployment", ["spec", "template", "spec"], "terminationGracePeriod"),
        ("PodDisruptionBudget", ["spec"], "maxUnavailabel"),
        ("ScaledObject", ["spec"], "coolDownPeriod"),
        ("ScaledObject", ["spec", "triggers", 0, "metadata"], "lagCount"),
        ("TriggerAuthentication", ["spec"], "secretTargetRefs"),
    ],
)
def test_a_word_that_does_not_exist_is_found(base, kind, path, wrong):
    resource = copy.deepcopy(next(r for r in base if r["kind"] == kind))
    place = resource
    for step in path:
        place = place[step]
    place[wrong] = "5"

    with pytest.raises((jsonschema.ValidationError, kubernetes_validate.ValidationError)):
        check(resource)


def test_the_overlays_are_those_that_the_pages_describe():
    for page in (FOLDER / "README.md", ROOT / "docs" / "how-to" / "scale-workers.md"):
        assert "overlays/small-class" in page.read_text("utf-8")
    page = (ROOT / "docs" / "how-to" / "scale-workers.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (\d+) to (\d+)", page, re.MULTILINE)

    bounds = {}
    for overlay in OVERLAYS[1:]:
        spec = one(rendered(overlay), "ScaledObject", "worker")["spec"]
        bounds[Path(overlay).name] = (spec["minReplicaCount"], spec["maxReplicaCount"])
    assert {name: (int(least), int(most)) for name, least, most in rows} == bounds


def test_keda_looks_at_the_stream_of_the_jobs_by_its_length_alone(resources):
    trigger = one(resources, "ScaledObject", "worker")["spec"]["triggers"][0]

    assert trigger["type"] == "redis-streams"
    assert trigger["metadata"]["stream"] == wire.JOBS
    assert trigger["metadata"]["streamLength"] == str(Limits().waiting_per_worker)
    assert {"consumerGroup", "lagCount", "pendingEntriesCount"}.isdisjoint(trigger["metadata"])


def test_keda_goes_up_and_down_as_our_own_rule_does(base):
    spec = one(base, "ScaledObject", "worker")["spec"]
    behavior = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    (down,) = behavior["scaleDown"]["policies"]
    limits = Limits()

    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (limits.least, limits.most)
    assert behavior["scaleUp"]["stabilizationWindowSeconds"] == 0
    assert behavior["scaleDown"]["stabilizationWindowSeconds"] == limits.hold_seconds
    assert down == {"type": "Percent", "value": 50, "periodSeconds": limits.halve_seconds}


def test_one_decision_may_bring_all_the_workers_that_are_allowed(resources):
    spec = one(resources, "ScaledObject", "worker")["spec"]
    (up,) = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleUp"]["policies"]

    assert up["type"] == "Pods"
    assert up["value"] >= spec["maxReplicaCount"]
    assert spec["fallback"]["replicas"] <= spec["maxReplicaCount"]
    for trigger in spec["triggers"][1:]:
        assert int(trigger["metadata"]["desiredReplicas"]) <= spec["maxReplicaCount"]


def test_what_scales_is_the_deployment_of_the_workers_which_says_no_number_itself(resources):
    spec = one(resources, "ScaledObject", "worker")["spec"]

    assert "replicas" not in one(resources, "Deployment", spec["scaleTargetRef"]["name"])["spec"]


def test_a_worker_has_time_to_finish_its_job(resources):
    pod = one(resources, "Deployment", "worker")["spec"]["template"]["spec"]

    assert pod["terminationGracePeriodSeconds"] >= 90
    assert "preStop" not in str(pod)  # SIGTERM is all that it needs


def test_disruptions_leave_most_workers_and_select_pods_that_exist(resources):
    for name in ("worker", "service"):
        budget = one(resources, "PodDisruptionBudget", name)["spec"]
        template = one(resources, "Deployment", name)["spec"]["template"]
        labels = template["metadata"]["labels"]
        assert budget["selector"]["matchLabels"].items() <= labels.items()
    assert one(resources, "PodDisruptionBudget", "worker")["spec"]["maxUnavailable"] == "25%"


def test_redis_lets_in_the_pods_that_need_it(resources):
    policy = one(resources, "NetworkPolicy", "redis")["spec"]
    ours, keda = policy["ingress"][0]["from"]

    assert keda["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "keda"}
    for name in ("worker", "service"):
        labels = one(resources, "Deployment", name)["spec"]["template"]["metadata"]["labels"]
        assert ours["podSelector"]["matchLabels"].items() <= labels.items()


def test_a_worker_reaches_nothing_but_redis_and_names(resources):
    policy = one(resources, "NetworkPolicy", "worker")["spec"]
    ports = {port["port"] for rule in policy["egress"] for port in rule["ports"]}

    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert "ingress" not in policy
    assert ports == {53, 6379}


@pytest.mark.parametrize(("name", "settings"), [("service", Settings), ("worker", WorkerSettings)])
def test_the_settings_exist_and_their_values_are_taken(base, tmp_path, name, settings):
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    known = set(re.findall(r"^\| `(NBJUDGE_\w+)`", page, re.MULTILINE)) | {"JUPYTERHUB_API_URL"}
    given = {one["name"]: one.get("value", "a-pod") for one in container(base, name)["env"]}
    assert {key.removesuffix("_FILE") for key in given} <= known

    for key in [key for key in given if key.endswith("_FILE")]:
        (tmp_path / key).write_text("something")
        given[key] = str(tmp_path / key)
    assert settings.from_environment(given).redis_url == "something"


def test_every_key_of_the_secret_that_is_used_is_one_that_the_page_makes(base):
    page = (FOLDER / "README.md").read_text("utf-8")
    made = set(re.findall(r"--from-literal=([\w-]+)=", page))

    used = set()
    for name in ("service", "worker"):
        spec = one(base, "Deployment", name)["spec"]["template"]["spec"]
        (secret,) = [v["secret"] for v in spec["volumes"] if "secret" in v]
        used |= {item["key"] for item in secret["items"]}
        files = {f"/run/secrets/nbjudge/{item['path']}" for item in secret["items"]}
        asked = {
            one["value"] for one in container(base, name)["env"] if one["name"].endswith("_FILE")
        }
        assert asked == files
    authentication = one(base, "TriggerAuthentication", "nbjudge-redis")["spec"]
    used |= {ref["key"] for ref in authentication["secretTargetRef"]}
    redis = one(base, "StatefulSet", "redis")["spec"]["template"]["spec"]["containers"][0]
    used |= {one["valueFrom"]["secretKeyRef"]["key"] for one in redis["env"]}
    assert used == made


def test_a_worker_sees_no_key_but_that_of_redis(base):
    spec = one(base, "Deployment", "worker")["spec"]["template"]["spec"]
    (secret,) = [volume["secret"] for volume in spec["volumes"] if "secret" in volume]

    assert [item["key"] for item in secret["items"]] == ["redis-url"]
    assert spec["automountServiceAccountToken"] is False


def test_no_pod_is_root_or_may_become_it(resources):
    pods = [r["spec"]["template"]["spec"] for r in resources if "template" in r.get("spec", {})]

    assert len(pods) == 3
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"]
        for held in (one["securityContext"] for one in pod["containers"]):
            assert held["capabilities"] == {"drop": ["ALL"]}
            assert held["readOnlyRootFilesystem"]
            assert held["allowPrivilegeEscalation"] is False
        if pod["containers"][0]["securityContext"].get("procMount") == "Unmasked":
            assert pod["hostUsers"] is False


def test_the_scripts_that_the_page_names_can_be_executed():
    page = (FOLDER / "README.md").read_text("utf-8")
    named = set(re.findall(r"deploy/images/[\w-]+\.sh", page))

    assert len(named) == 2
    assert [script for script in named if not os.access(ROOT / script, os.X_OK)] == []


def test_the_large_class_has_several_processes_of_the_service():
    spec = one(rendered("overlays/large-class"), "Deployment", "service")["spec"]

    assert spec["replicas"] == 3


def test_nothing_of_an_overlay_is_left_out_of_the_namespace(resources):
    for resource in resources:
        if resource["kind"] != "Namespace":
            assert resource["metadata"]["namespace"] == "nbjudge"
