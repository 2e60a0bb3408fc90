"""What an operator sees: metrics that Prometheus reads, and the status of the whole."""

import asyncio
import math
import time
from contextlib import asynccontextmanager

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.service_status import ServiceStatus
from nbjudge_course.verdict import Status
from nbjudge_course.wire import WorkerReport, decode_json, encode_json
from nbjudge_grader_service.admission import Policy
from nbjudge_grader_service.metrics import Metrics
from nbjudge_grader_service.queue import FakeQueue
from nbjudge_grader_service.store import SqlStore
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from service_process import frame, problem, process, result_of
from tornado.httpclient import AsyncHTTPClient, HTTPRequest


async def scrape(client, token="teacher-token", accept="text/plain"):
    """Return the status, the content type, and the text of the metrics."""
    url = f"http://127.0.0.1:{client.port}/metrics"
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    answer = await AsyncHTTPClient().fetch(HTTPRequest(url, headers=headers), raise_error=False)
    return answer.code, answer.headers["Content-Type"], answer.body.decode()


async def samples(client):
    """Return the value of every series, by its name and labels as Prometheus writes them."""
    status, _, text = await scrape(client)
    assert status == 200
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def graded(client, queue, live, status=Status.ACCEPTED, **who):
    """Submit, play the worker, and wait until the student has seen the verdict."""
    await client.submit(**who)
    async with asyncio.timeout(10):
        while (job := queue.take()) is None:
            await asyncio.sleep(0.01)
    queue.report(result_of(job, status))
    return await frame(live, state="done")


async def test_what_was_submitted_and_graded_is_counted(client, queue):
    live = await client.connect()
    for status in (Status.ACCEPTED, Status.ACCEPTED, Status.WRONG_ANSWER):
        await graded(client, queue, live, status)
    _, waiting = await client.submit()
    await client.submit(id=waiting["id"])
    await client.submit(problem="nothing")
    await client.submit(language="cobol")
    await client.request("POST", "/api/submissions", b"{")

    seen = await samples(client)

    assert seen["nbjudge_submissions_total{outcome=accepted}"] == 4
    assert seen["nbjudge_submissions_total{outcome=repeated}"] == 1
    assert seen["nbjudge_submissions_total{outcome=unknown_problem}"] == 1
    assert seen["nbjudge_submissions_total{outcome=unknown_language}"] == 1
    assert seen["nbjudge_submissions_total{outcome=bad_message}"] == 1
    assert seen["nbjudge_verdicts_total{status=accepted}"] == 2
    assert seen["nbjudge_verdicts_total{status=wrong_answer}"] == 1
    assert seen["nbjudge_verdicts_total{status=internal_error}"] == 0
    assert seen["nbjudge_submission_wait_seconds_count"] == 3
    assert 0 < seen["nbjudge_submission_wait_seconds_sum"] < 30
    assert seen["nbjudge_websocket_connections"] == 1
    assert seen["nbjudge_queue_waiting_jobs"] == 1
    assert seen["nbjudge_queue_running_jobs"] == 0
    assert seen["nbjudge_open_submissions"] == 1


async def test_a_verdict_that_comes_twice_is_counted_once(client, queue):
    live = await client.connect()
    await client.submit()
    async with asyncio.timeout(10):
        while (job := queue.take()) is None:
            await asyncio.sleep(0.01)
    queue.report(result_of(job))
    queue.report(result_of(job, Status.WRONG_ANSWER))
    await frame(live, state="done")
    async with asyncio.timeout(10):
        while queue._results:
            await asyncio.sleep(0.01)

    seen = await samples(client)

    assert seen["nbjudge_verdicts_total{status=accepted}"] == 1
    assert seen["nbjudge_verdicts_total{status=wrong_answer}"] == 0


async def test_the_queue_and_the_workers_are_measured_when_they_are_asked_for(start, queue):
    client = await start(window=4)
    await client.publish(problem())
    for _ in range(3):
        await client.submit()
    async with asyncio.timeout(10):
        while (await queue.load()).waiting < 3:
            await asyncio.sleep(0.01)
    job = queue.take()
    busy = {"running": job.submission.id, "graded": 7}
    queue.beat(WorkerReport(worker="one", sandbox="bubblewrap", started_at=1.0, **busy))
    queue.beat(WorkerReport(worker="two", sandbox="bubblewrap", started_at=1.0))

    seen = await samples(client)

    assert seen["nbjudge_queue_waiting_jobs"] == 2
    assert seen["nbjudge_queue_running_jobs"] == 1
    assert seen["nbjudge_queue_oldest_waiting_seconds"] > 0
    assert (seen["nbjudge_workers"], seen["nbjudge_workers_busy"]) == (2, 1)
    assert (seen["nbjudge_redis_up"], seen["nbjudge_database_up"]) == (1, 1)


async def test_a_part_that_is_away_is_down_and_what_it_knows_is_no_number(client, queue, store):
    store.broken = Unavailable("gone")
    seen = await samples(client)
    assert (seen["nbjudge_database_up"], seen["nbjudge_redis_up"]) == (0, 1)
    assert math.isnan(seen["nbjudge_open_submissions"])
    store.broken = None
    assert (await samples(client))["nbjudge_database_up"] == 1


class HangingQueue(FakeQueue):
    """Redis is frozen: it neither answers nor refuses."""

    hangs = False

    async def load(self):
        while self.hangs:
            await asyncio.sleep(0.01)
        return await super().load()


class TestWhileRedisHangs:
    @pytest.fixture
    async def queue(self):
        return HangingQueue()

    async def test_metrics_and_status_are_told_all_the_same(self, client, queue):
        queue.hangs = True
        seen, (_, status) = await asyncio.gather(
            samples(client), client.request("GET", "/api/status", token="teacher-token")
        )
        assert seen["nbjudge_redis_up"] == 0
        assert math.isnan(seen["nbjudge_queue_waiting_jobs"])
        assert seen["nbjudge_open_submissions"] == 0
        assert status["queue"] is None
        assert status["pace"]["open"] == 0
        assert status["faults"] == ["Redis: no answer in time"]
        queue.hangs = False


async def test_no_series_names_what_a_client_chose(client):
    await client.submit(problem="a-problem-of-mine", language="a-language-of-mine")
    await client.request("GET", "/a-path-of-mine?x=1")
    await client.request("GET", "/api/problems/a-path-of-mine")
    await client.request("WHATEVER", "/api/me")
    _, _, text = await scrape(client)
    assert "of-mine" not in text
    assert "WHATEVER" not in text
    assert 'route="/api/problems/ID",status="404"' in text
    assert 'method="other",route="/api/me"' in text
    for name in ("ada", "grace", "double", "Twice"):
        assert f'"{name}"' not in text


async def test_each_request_is_measured_by_its_route(client):
    for _ in range(3):
        await client.request("GET", "/api/problems")
    await client.connect()
    seen = await samples(client)
    name = "nbjudge_http_request_duration_seconds_count{method=GET,route=%s,status=%s}"
    assert seen[name % ("/api/problems", 200)] == 3
    assert seen[name % ("/api/live", 101)] == 1


async def test_both_formats_of_the_library_can_be_read(client):
    _, plain, _ = await scrape(client, accept="text/plain;version=0.0.4")
    status, kind, text = await scrape(client, accept="application/openmetrics-text;version=1.0.0")
    assert plain.startswith("text/plain")
    assert (status, kind.partition(";")[0]) == (200, "application/openmetrics-text")
    names = {family.name for family in openmetrics.text_string_to_metric_families(text)}
    assert {"nbjudge_submissions", "nbjudge_workers", "nbjudge_build"} <= names


async def test_metrics_are_for_instructors_and_for_who_has_the_token(store, queue):
    async with process(store, queue, metrics_token="for-prometheus") as client:
        statuses = {}
        for token in ("for-prometheus", "teacher-token", "ada-token", "nobody", ""):
            statuses[token] = (await scrape(client, token))[0]
        me = await client.request("GET", "/api/me", token="for-prometheus")
    assert statuses == {
        "for-prometheus": 200,
        "teacher-token": 200,
        "ada-token": 403,
        "nobody": 401,
        "": 401,
    }
    assert me[0] == 401


async def test_without_a_token_for_metrics_an_empty_one_opens_nothing(client):
    assert (await scrape(client, ""))[0] == 401


@asynccontextmanager
async def two_services(store, queue):
    policy = Policy(burst=1000)
    async with process(store, queue, policy=policy) as one:
        async with process(store, queue, policy=policy) as two:
            await one.publish(problem())
            yield one, two


async def test_two_processes_count_each_verdict_in_one_of_them(store, queue):
    async with two_services(store, queue) as (one, two):
        live = await two.connect()
        for client in (one, two, one, two, one):
            await graded(client, queue, live)
        both = [await samples(client) for client in (one, two)]
    name = "nbjudge_verdicts_total{status=accepted}"
    assert sum(seen[name] for seen in both) == 5
    assert [seen["nbjudge_submissions_total{outcome=accepted}"] for seen in both] == [3, 2]


async def test_each_transaction_of_a_real_database_is_measured(queue, tmp_path):
    metrics = Metrics()
    store = SqlStore.open(f"sqlite:///{tmp_path}/nbjudge.db", committed=metrics.committed)
    async with process(store, queue, metrics=metrics) as client:
        await client.publish(problem())
        before = await samples(client)
        live = await client.connect()
        await graded(client, queue, live)
        after = await samples(client)
    await store.close()
    name = "nbjudge_store_commit_seconds_count"
    assert before[name] >= 1
    assert after[name] >= before[name] + 2  # the submission and its verdict
    assert after["nbjudge_store_commit_seconds_sum"] > 0


# ---- the status


async def status(client):
    code, answer = await client.request("GET", "/api/status", token="teacher-token")
    assert code == 200
    return decode_json(encode_json(answer), ServiceStatus)


async def test_the_status_tells_queue_workers_and_pace(start, queue):
    client = await start(window=4)
    await client.publish(problem())
    live = await client.connect()
    await graded(client, queue, live)
    await graded(client, queue, live, Status.INTERNAL_ERROR)
    for _ in range(6):
        await client.submit()
    async with asyncio.timeout(10):
        while (await queue.load()).waiting < 4:
            await asyncio.sleep(0.01)
    job = queue.take()
    reports = [
        WorkerReport(worker="b", sandbox="docker", started_at=2.0, graded=3),
        WorkerReport(worker="a", sandbox="docker", started_at=1.0, running=job.submission.id),
    ]
    for report in reports:
        queue.beat(report)

    now = await status(client)

    assert abs(now.at - time.time()) < 30
    assert (now.queue.waiting, now.queue.running, now.queue.dead) == (3, 1, 0)
    assert now.queue.oldest_waiting_seconds > 0
    assert now.workers == (reports[1], reports[0])
    assert now.connections == 1
    assert (now.pace.open, now.pace.verdicts_last_minute, now.pace.internal_errors) == (6, 2, 1)
    assert 0 < now.pace.wait_p50_seconds <= now.pace.wait_p95_seconds < 30
    assert now.faults == ()


async def test_the_status_of_an_idle_service_has_no_waiting_time(client):
    now = await status(client)
    assert (now.queue.waiting, now.queue.oldest_waiting_seconds, now.workers) == (0, None, ())
    assert (now.pace.open, now.pace.wait_p50_seconds, now.pace.wait_p95_seconds) == (0, None, None)


async def test_any_process_tells_the_pace_of_all(store, queue):
    async with two_services(store, queue) as (one, two):
        live = await one.connect()
        for _ in range(3):
            await graded(one, queue, live)
        assert (await status(one)).pace.verdicts_last_minute == 3
        assert (await status(two)).pace.verdicts_last_minute == 3


async def test_the_status_is_for_instructors(client):
    code, refusal = await client.request("GET", "/api/status")
    assert (code, refusal["reason"]) == (403, "instructors_only")
    assert (await client.request("GET", "/api/status", token=""))[0] == 401


async def test_the_status_names_what_does_not_answer(client, store):
    store.broken = Unavailable("the disk is gone")
    now = await status(client)
    assert now.pace is None
    assert now.queue is not None
    assert now.faults == ("database: the disk is gone",)
    store.broken = None
