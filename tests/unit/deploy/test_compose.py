"""The compose file for one server, read as it stands: it is valid, and says only what exists."""

import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from nbjudge_grader_service.settings import Settings
from nbjudge_grader_service.store.engines import open_engines
from nbjudge_worker.sandbox.docker.settings import DockerSettings
from nbjudge_worker.settings import Settings as WorkerSettings

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "compose"
COMPOSE = FOLDER / "compose.yaml"
VARIABLE = re.compile(r"\$\{(\w+)(?::?-([^}]*))?\}")
OURS = ("service", "workers")


def compose():
    return yaml.safe_load(COMPOSE.read_text("utf-8"))


SERVICES = compose()["services"]


def environment(name):
    """Return what the container gets when nothing is chosen."""
    given = SERVICES[name].get("environment", {})
    return {key: VARIABLE.sub(lambda one: one[2] or "", value) for key, value in given.items()}


def checked(path):
    command = [Path(sys.executable).with_name("check-jsonschema")]
    command += ["--builtin-schema", "vendor.compose-spec", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_file_keeps_to_the_specification_of_compose():
    done = checked(COMPOSE)

    assert done.returncode == 0, done.stdout


def test_the_check_finds_a_word_that_compose_does_not_know(tmp_path):
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text("utf-8").replace("depends_on:", "depend_on:"))

    assert checked(wrong).returncode == 1


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_that_the_page_describes(name):
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    known = set(re.findall(r"^\| `(NBJUDGE_\w+)`", page, re.MULTILINE)) | {"JUPYTERHUB_API_URL"}

    assert {key.removesuffix("_FILE") for key in environment(name)} <= known


def test_the_service_and_the_workers_take_what_they_are_given(tmp_path):
    service, workers = environment("service"), environment("workers")
    for key, value in service.items():
        if key.endswith("_FILE"):
            assert value.startswith("/run/secrets/")
            (tmp_path / key).write_text("something")
            service[key] = str(tmp_path / key)

    assert Settings.from_environment(service).host == "0.0.0.0"
    assert WorkerSettings.from_environment(workers).redis_url == service["NBJUDGE_REDIS_URL"]
    assert DockerSettings.from_environment(workers).folder == "/var/lib/nbjudge/doors"


def test_the_queue_and_the_database_are_reached_by_the_names_that_they_have(tmp_path):
    made = secrets_in(tmp_path)

    url = open_engines((made / "database-url").read_text(), 1.0).writer.url
    assert (url.host, url.database, url.username) == ("database", "nbjudge", "nbjudge")
    assert url.password == (made / "database-password").read_text()
    assert "//redis:" in environment("service")["NBJUDGE_REDIS_URL"]
    assert {"database", "redis"} <= set(SERVICES)


def test_nothing_but_the_service_and_the_dashboard_is_published_and_that_on_this_machine_alone():
    published = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}

    assert set(published) == {"service", "grafana"}
    for ports in published.values():
        for port in ports:
            assert VARIABLE.sub(lambda one: one[2] or "", port).startswith("127.0.0.1:")


def test_database_queue_and_workers_are_in_a_network_without_a_way_out():
    assert compose()["networks"]["back"] == {"internal": True}
    for name in ("database", "redis", "workers"):
        assert SERVICES[name]["networks"] == ["back"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name in OURS])
def test_the_verbs_and_their_options_exist(name):
    command = SERVICES[name].get("command")
    if command is None:  # then it is that of the image
        command = commands_of_images()["service"]
    if command[:2] == ["python", "-m"]:
        assert importlib.util.find_spec(command[2]) is not None
        return
    assert command[0] == "nbjudge"
    assert command[1] in entry_points(group="nbjudge.commands").names
    words = [sys.executable, "-m", "nbjudge_course", command[1], "--help"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    for option in (word for word in command[2:] if word.startswith("--")):
        assert option.partition("=")[0] in told


def commands_of_images():
    dockerfile = (ROOT / "deploy" / "images" / "service.Dockerfile").read_text("utf-8")
    stages = re.findall(r"^FROM image AS (\w+)\n(?:[^F].*\n)*?CMD (.*)$", dockerfile, re.MULTILINE)
    return {name: json.loads(command) for name, command in stages}


def test_the_image_of_a_worker_is_a_worker():
    assert commands_of_images() == {
        "worker": ["python", "-m", "nbjudge_worker"],
        "service": ["python", "-m", "nbjudge_grader_service"],
    }


def test_what_keeps_data_has_a_volume_and_time_to_end():
    volumes = compose()["volumes"]
    for name in ("database", "redis", "prometheus"):
        kept = [one.partition(":")[0] for one in SERVICES[name]["volumes"]]
        assert set(kept) & set(volumes)
        assert SERVICES[name]["stop_grace_period"]
    assert SERVICES["workers"]["stop_grace_period"] == "90s"


def test_the_queue_survives_a_restart():
    command = SERVICES["redis"]["command"]

    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_nobody_waits_for_what_has_no_check_of_its_health():
    for one in SERVICES.values():
        needed = one.get("depends_on", {})
        for name in needed:
            if isinstance(needed, dict):
                assert needed[name] == {"condition": "service_healthy"}
                assert "healthcheck" in SERVICES[name]


def test_no_secret_stands_in_the_file_and_each_that_is_used_is_made(tmp_path):
    defined = compose()["secrets"]
    used = {secret for one in SERVICES.values() for secret in one.get("secrets", [])}

    assert used == set(defined)
    made = secrets_in(tmp_path)
    assert {Path(one["file"]).name for one in defined.values()} == {
        path.name for path in made.iterdir()
    }
    for name, one in SERVICES.items():
        mounted = {f"/run/secrets/{secret}" for secret in one.get("secrets", [])}
        asked = {value for value in environment(name).values() if value.startswith("/run/secrets")}
        assert asked <= mounted


def test_secrets_are_made_once_and_their_folder_is_for_the_owner_alone(tmp_path):
    made = secrets_in(tmp_path)
    first = {path.name: path.read_text() for path in made.iterdir()}

    secrets_in(tmp_path)

    assert {path.name: path.read_text() for path in made.iterdir()} == first
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    (token,) = json.loads(first["tokens.json"])
    assert len(set(first.values())) == len(first)
    assert min(len(token), len(first["database-password"]), len(first["metrics-token"])) >= 32


def secrets_in(folder):
    shutil.copy(FOLDER / "make-secrets.sh", folder)
    subprocess.run([folder / "make-secrets.sh"], check=True, stdout=subprocess.DEVNULL)
    return folder / "secrets"


def test_what_can_be_chosen_is_in_the_example_and_nothing_else():
    chosen = {name for name, _ in VARIABLE.findall(COMPOSE.read_text("utf-8"))}
    example = (FOLDER / ".env.example").read_text("utf-8")

    assert set(re.findall(r"^#(\w+)=", example, re.MULTILINE)) == chosen


def test_the_files_that_are_mounted_are_there():
    for one in SERVICES.values():
        for volume in one.get("volumes", []):
            if volume.startswith("../"):
                assert (FOLDER / volume.partition(":")[0]).exists()


def test_prometheus_asks_the_service_by_its_name_and_its_port():
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yaml").read_text("utf-8"))
    (job,) = config["scrape_configs"]
    (targets,) = job["dns_sd_configs"]

    assert job["job_name"] == "nbjudge"  # as the alerts call it
    assert (targets["names"], targets["port"]) == (["service"], 8803)
    assert environment("service")["NBJUDGE_SERVICE_PORT"] == "8803"
    for rules in config["rule_files"]:
        assert (ROOT / "deploy" / "prometheus" / rules).is_file()


@pytest.mark.parametrize("script", ["images/build-server.sh", "compose/make-secrets.sh"])
def test_the_scripts_can_be_executed(script):
    assert os.access(ROOT / "deploy" / script, os.X_OK)
