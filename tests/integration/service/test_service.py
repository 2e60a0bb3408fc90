"""The door: what comes in, what is told, and what a student can never see."""

import asyncio
import time
import uuid

import pytest
from nbjudge_course.errors import NoSpace, Unavailable
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status
from nbjudge_course.wire import ProgressEvent
from nbjudge_grader_service.admission import Policy
from service_process import frame, problem, result_of


async def taken(queue, count=1):
    """Take jobs as a worker would, as soon as they are there."""
    jobs = []
    deadline = time.monotonic() + 10
    while len(jobs) < count:
        job = queue.take()
        if job is not None:
            jobs.append(job)
        else:
            assert time.monotonic() < deadline, "no job came to the queue"
            await asyncio.sleep(0.01)
    return jobs


async def test_a_submission_comes_in_goes_to_a_worker_and_its_verdict_is_pushed(client, queue):
    live = await client.connect()
    assert (await frame(live, "hello"))["student"] == "ada"
    status, accepted = await client.submit()
    assert (status, accepted["state"], accepted["number"]) == (202, "queued", 1)

    (job,) = await taken(queue)
    assert job.submission.source == "def f(): return 1"
    queue.report(result_of(job))

    done = (await frame(live, state="done"))["submission"]
    assert done["id"] == accepted["id"]
    assert done["verdict"]["status"] == "accepted"
    assert done["revision"] > accepted["revision"]


async def test_a_repeated_post_is_the_same_submission(client, queue):
    _, first = await client.submit()
    status, second = await client.submit(id=first["id"])
    assert (status, second["id"], second["number"]) == (200, first["id"], 1)
    await taken(queue)
    assert queue.take() is None


async def test_an_id_of_another_student_is_a_conflict(client):
    _, first = await client.submit()
    status, refusal = await client.submit(id=first["id"], token="bob-token")
    assert (status, refusal["reason"]) == (409, "conflict")


async def test_a_student_sees_only_what_is_his(client):
    _, mine = await client.submit()
    assert (await client.request("GET", f"/api/submissions/{mine['id']}"))[0] == 200
    status, _ = await client.request("GET", f"/api/submissions/{mine['id']}", token="bob-token")
    assert status == 404
    status, _ = await client.request("DELETE", f"/api/submissions/{mine['id']}", token="bob-token")
    assert status == 404
    assert (await client.request("GET", "/api/submissions", token="bob-token"))[1][
        "submissions"
    ] == []


async def test_no_answer_to_a_student_holds_a_test(client):
    answers = [
        await client.request("GET", path) for path in ("/api/problems", "/api/problems/double")
    ]
    assert all(status == 200 for status, _ in answers)
    assert "assert double" not in repr(answers)


@pytest.mark.parametrize("path", ["/api/submissions", "/api/problems", "/api/dead", "/api/live"])
@pytest.mark.parametrize("token", ["", "nobody"])
async def test_without_a_known_token_nobody_gets_in(client, path, token):
    status, refusal = await client.request("GET", path, token=token)
    assert (status, refusal["reason"]) == (401, "unauthorized")


async def test_only_instructors_publish_and_look_at_dead_letters(client):
    body = {"problem": {"id": "double", "title": "Mine now"}}
    status, refusal = await client.request("PUT", "/api/problems/double", body)
    assert (status, refusal["reason"]) == (403, "instructors_only")
    assert (await client.request("GET", "/api/dead"))[0] == 403
    assert (await client.request("GET", "/api/dead", token="teacher-token"))[1] == {"dead": []}


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"problem": "nothing"}, 404, "unknown_problem"),
        ({"language": "cobol"}, 422, "unknown_language"),
        ({"source": "x" * 70_000}, 413, "source_too_long"),
        ({"id": "no"}, 400, "bad_message"),
        ({"surprise": 1}, 400, "bad_message"),
    ],
)
async def test_what_is_refused_is_not_written(client, queue, fields, status, reason):
    answer = await client.submit(**fields)
    assert (answer[0], answer[1]["reason"]) == (status, reason)
    assert (await client.request("GET", "/api/submissions"))[1]["submissions"] == []
    assert queue.take() is None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'"' + b"\\ud800" * 9 + b'"', b"[]", b"null"]
)
async def test_what_is_no_message_is_told_as_such(client, body):
    status, refusal = await client.request("POST", "/api/submissions", body)
    assert (status, refusal["reason"]) == (400, "bad_message")


async def test_a_problem_opens_and_closes(client):
    await client.publish(problem(), opens_at=time.time() + 3600)
    assert (await client.submit())[1]["reason"] == "not_open"
    await client.publish(problem(), closes_at=time.time() - 1)
    assert (await client.submit())[1]["reason"] == "closed"
    await client.publish(problem())
    assert (await client.submit())[0] == 202


async def test_too_fast_is_refused_with_the_time_to_wait(start):
    client = await start(policy=Policy(burst=2, rate_per_second=0.01))
    await client.publish(problem())
    statuses = [(await client.submit())[0] for _ in range(3)]
    assert statuses == [202, 202, 429]


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [(NoSpace(), 507, "no_space"), (Unavailable(), 503, "unavailable")],
)
async def test_without_the_database_nothing_is_accepted_and_nothing_is_lost(
    client, store, fault, status, reason
):
    store.broken = fault
    answer = await client.submit()
    assert (answer[0], answer[1]["reason"]) == (status, reason)
    assert (await client.request("GET", "/healthz"))[0] == 503
    store.broken = None
    assert (await client.submit())[0] == 202
    assert (await client.request("GET", "/healthz")) == (200, {"status": "ok"})


async def test_a_connection_that_comes_back_gets_what_it_missed_and_no_more(client, queue):
    live = await client.connect()
    _, first = await client.submit()
    await frame(live, state="queued")
    live.close()
    (job,) = await taken(queue)
    queue.report(result_of(job, Status.WRONG_ANSWER))
    _, second = await client.submit()

    live = await client.connect(revision=first["revision"])
    assert (await frame(live, "hello"))["revision"] >= second["revision"]
    seen = [(await frame(live))["submission"] for _ in range(2)]
    assert {one["id"] for one in seen} == {first["id"], second["id"]}
    revisions = [one["revision"] for one in seen]
    assert revisions == sorted(revisions)
    assert min(revisions) > first["revision"]


async def test_progress_and_the_place_in_the_queue_are_told(client, queue):
    live = await client.connect()
    _, first = await client.submit()
    _, second = await client.submit()
    told = await frame(live)
    while told["submission"]["position"] is None:
        told = await frame(live)
    assert told["submission"]["position"] in (0, 1)

    (job,) = await taken(queue)
    await queue.publish(
        ProgressEvent(
            student="ada", submission=first["id"], attempt=1, progress=Progress(done=1, total=3)
        )
    )
    running = (await frame(live, state="running"))["submission"]
    assert running["progress"] == {"done": 1, "total": 3}
    assert (await client.request("GET", f"/api/submissions/{first['id']}"))[1]["state"] == "running"
    assert job.submission.id != second["id"]


async def test_nobody_waits_behind_the_backlog_of_another(start, queue):
    client = await start(window=2)
    await client.publish(problem())
    for _ in range(6):
        await client.submit()
    await client.submit(token="bob-token")
    jobs = await taken(queue, 3)
    assert [job.submission.student for job in jobs] == ["ada", "ada", "bob"]
    assert queue.take() is None
    queue.report(result_of(jobs[0]))
    (next_job,) = await taken(queue)
    assert next_job.submission.student == "ada"


async def test_what_redis_lost_is_queued_again_from_the_database(client, queue):
    _, accepted = await client.submit()
    await taken(queue)
    queue.wipe()
    await client.service.dispatcher.reconcile()
    (job,) = await taken(queue)
    assert job.submission.id == accepted["id"]


async def test_a_verdict_is_recorded_once(client, queue):
    _, accepted = await client.submit()
    (job,) = await taken(queue)
    queue.report(result_of(job))
    queue.report(result_of(job, Status.WRONG_ANSWER))
    live = await client.connect()
    await frame(live, state="done")
    _, seen = await client.request("GET", f"/api/submissions/{accepted['id']}")
    assert seen["verdict"]["status"] == "accepted"


async def test_two_processes_never_serve_a_stale_problem(start):
    one, two = await start(), await start()
    await one.publish(problem("First"))
    for title in ("Second", "Third", "First"):
        assert (await two.request("GET", "/api/problems/double"))[
            0
        ] == 200  # it is in the cache now
        await one.publish(problem(title))
        for client in (two, one):
            assert (await client.request("GET", "/api/problems/double"))[1]["title"] == title


async def test_a_connected_student_hears_of_a_new_version_through_any_process(start):
    one, two = await start(), await start()
    await one.publish(problem("First"))
    live = await two.connect()
    await frame(live, "hello")
    _, answer = await one.publish(problem("Second"))
    assert (await frame(live, "problem")) == {
        "type": "problem",
        "problem": "double",
        "version": answer["version"],
    }


async def test_a_verdict_reaches_the_student_through_any_process(start, queue):
    one, two = await start(), await start()
    await one.publish(problem())
    live = await two.connect()
    _, accepted = await one.submit()
    (job,) = await taken(queue)
    queue.report(result_of(job))
    assert (await frame(live, state="done"))["submission"]["id"] == accepted["id"]


async def test_taking_a_submission_back_ends_it_at_once_and_tells_everyone(start, queue):
    one, two = await start(), await start()
    await one.publish(problem())
    live = await two.connect()
    _, accepted = await one.submit()
    path = f"/api/submissions/{accepted['id']}"
    status, cancelled = await one.request("DELETE", path)
    assert (status, cancelled["state"]) == (200, "done")
    assert cancelled["verdict"]["status"] == "cancelled"
    assert accepted["id"] in queue.cancelled
    assert (await frame(live, state="done"))["submission"] == cancelled
    assert await one.request("DELETE", path) == (200, cancelled)


async def test_a_verdict_that_was_faster_stands_and_no_worker_is_bothered(client, queue):
    _, accepted = await client.submit()
    live = await client.connect()
    (job,) = await taken(queue)
    queue.report(result_of(job))
    verdict = (await frame(live, state="done"))["submission"]
    path = f"/api/submissions/{accepted['id']}"
    assert await client.request("DELETE", path) == (200, verdict)
    assert queue.cancelled == set()


async def test_a_result_that_comes_after_the_student_gave_up_changes_nothing(client, queue):
    _, accepted = await client.submit()
    (job,) = await taken(queue)
    path = f"/api/submissions/{accepted['id']}"
    _, cancelled = await client.request("DELETE", path)
    queue.report(result_of(job))
    while queue._results:
        await asyncio.sleep(0.01)
    assert (await client.request("GET", path))[1] == cancelled


async def test_a_newer_submission_takes_the_place_of_one_without_a_verdict(client, queue):
    live = await client.connect()
    _, first = await client.submit("def f(): return 1")
    status, second = await client.submit("def f(): return 2", replaces=first["id"])
    assert status == 202
    told = (await frame(live, state="done"))["submission"]
    assert (told["id"], told["verdict"]["status"]) == (first["id"], "cancelled")
    assert "newer submission" in told["verdict"]["message"]
    assert first["id"] in queue.cancelled
    [job] = await taken(queue, 1)
    assert job.submission.id == second["id"]
    queue.report(result_of(job))
    assert (await frame(live, state="done"))["submission"]["id"] == second["id"]
    _, standings = await client.request("GET", "/api/standings")
    assert [one["attempts"] for one in standings["standings"]] == [1]


async def test_the_same_replacement_sent_twice_is_one(client):
    _, first = await client.submit()
    again = {"id": uuid.uuid4().hex, "replaces": first["id"]}
    assert (await client.submit("x = 2", **again))[0] == 202
    assert (await client.submit("x = 2", **again))[0] == 200
    _, mine = await client.request("GET", "/api/submissions")
    assert [one["state"] for one in mine["submissions"]] == ["queued", "done"]


async def test_nobody_can_replace_the_submission_of_another(client):
    _, theirs = await client.submit(token="bob-token")
    assert (await client.submit(replaces=theirs["id"]))[0] == 202
    path = f"/api/submissions/{theirs['id']}"
    assert (await client.request("GET", path, token="bob-token"))[1]["state"] == "queued"


async def test_the_last_of_ones_open_submissions_can_still_be_replaced(start):
    client = await start(policy=Policy(burst=9, max_open=1))
    await client.publish(problem())
    _, first = await client.submit()
    assert (await client.submit())[0] == 429
    assert (await client.submit(replaces=first["id"]))[0] == 202


async def test_a_replacement_that_is_refused_leaves_the_earlier_one_alone(client):
    _, first = await client.submit()
    await client.publish(problem(), closes_at=time.time() - 1)
    status, refusal = await client.submit(replaces=first["id"])
    assert (status, refusal["reason"]) == (403, "closed")
    assert (await client.request("GET", f"/api/submissions/{first['id']}"))[1]["state"] == "queued"


async def test_a_fault_of_the_grader_can_be_tried_again_by_an_instructor(client, queue):
    _, accepted = await client.submit()
    (job,) = await taken(queue)
    queue.report(result_of(job, Status.INTERNAL_ERROR))
    live = await client.connect()
    await frame(live, state="done")
    path = f"/api/submissions/{accepted['id']}/retry"
    assert (await client.request("POST", path, b""))[0] == 403
    assert (await client.request("POST", path, b"", token="teacher-token"))[0] == 202
    (again,) = await taken(queue)
    assert again.attempt == 2
    queue.report(result_of(again))
    assert (await frame(live, state="done"))["submission"]["verdict"]["status"] == "accepted"


async def test_a_missed_problem_is_supplied_to_the_workers(client, queue):
    version = next(iter(queue.problems))
    queue.problems.clear()
    queue.miss(version)
    deadline = time.monotonic() + 10
    while version not in queue.problems:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_an_instructor_sees_the_live_version_and_how_many_were_graded_on_it(client):
    await client.submit()
    status, live = await client.request("GET", "/api/problems/double/live", token="teacher-token")
    assert (status, live["submissions"], live["problem"]["title"]) == (200, 1, "Twice")

    refusal = await client.request("GET", "/api/problems/double/live")
    assert (refusal[0], refusal[1]["reason"]) == (403, "instructors_only")
    for unknown in ("nothing", "No"):
        path = f"/api/problems/{unknown}/live"
        assert (await client.request("GET", path, token="teacher-token"))[0] == 404


async def test_attempts_bind_students_and_never_instructors(client):
    await client.publish(problem(), attempts=1)
    assert (await client.submit())[0] == 202
    status, refusal = await client.submit()
    assert (status, refusal["reason"]) == (403, "attempts_spent")
    assert refusal["message"] == "you have used the one attempt that this problem allows"
    for _ in range(2):
        assert (await client.submit(token="teacher-token"))[0] == 202


async def test_what_is_being_graded_stays_where_attempts_are_limited(client, queue):
    await client.publish(problem(), attempts=2)
    _, first = await client.submit()
    await taken(queue, 1)
    path = f"/api/submissions/{first['id']}"
    status, refusal = await client.request("DELETE", path)
    assert (status, refusal["reason"]) == (409, "begun")
    assert (await client.submit("x = 2", replaces=first["id"]))[0] == 202
    assert (await client.request("GET", path))[1]["state"] != "done"
    assert (await client.submit("x = 3"))[1]["reason"] == "attempts_spent"


async def test_what_nobody_has_begun_is_taken_back_and_counts_as_no_attempt(client, queue):
    await client.publish(problem(), attempts=1)
    _, first = await client.submit()
    assert (await client.request("DELETE", f"/api/submissions/{first['id']}"))[0] == 200
    assert (await client.submit("x = 2"))[0] == 202


async def test_a_late_submission_is_taken_and_costs_what_the_course_says(client, queue):
    await client.publish(problem(), due_at=time.time() - 60, late_deduct=0.5)
    live = await client.connect()
    assert (await client.submit())[0] == 202
    (job,) = await taken(queue)
    queue.report(result_of(job))
    verdict = (await frame(live, state="done"))["submission"]["verdict"]
    assert (verdict["status"], verdict["points"]) == ("accepted", 0.5)
    assert "Handed in after the due time" in verdict["message"]
