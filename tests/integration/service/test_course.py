"""What a panel in the browser asks: the sets, how far one is, who one is, and the handout."""

from nbjudge_course.outline import Outline, SetOutline
from nbjudge_course.wire import encode_json

COURSE = Outline(
    title="C",
    sets=(
        SetOutline(id="one", title="One", due_at=2e9, attempts=3, problems=("double", "later")),
        SetOutline(id="two", title="Two", points=20.0),
    ),
)


async def test_an_instructor_puts_the_sets_and_a_student_sees_what_is_live_of_them(client):
    body = encode_json(COURSE)
    status, _ = await client.request("PUT", "/api/sets", body=body, token="teacher-token")
    assert status == 200
    status, told = await client.request("GET", "/api/sets")
    assert (status, told["title"]) == (200, "C")
    one, two = told["sets"]
    assert (one["title"], one["due_at"], one["attempts"]) == ("One", 2e9, 3)
    assert one["problems"] == ["double"]  # the other is not published yet
    _, double = await client.request("GET", "/api/problems/double")
    assert one["points"] == double["points"]
    assert two["points"] == 20.0


async def test_a_student_cannot_put_sets(client):
    status, refusal = await client.request("PUT", "/api/sets", body=encode_json(COURSE))
    assert (status, refusal["reason"]) == (403, "instructors_only")


async def test_a_problem_cannot_be_in_two_sets(client):
    sets = tuple(SetOutline(id=name, title=name, problems=("double",)) for name in ("a", "b"))
    body = encode_json(Outline(sets=sets))
    status, refusal = await client.request("PUT", "/api/sets", body=body, token="teacher-token")
    assert (status, refusal["reason"]) == (400, "bad_message")


async def test_everyone_is_told_who_he_is(client):
    assert await client.request("GET", "/api/me") == (200, {"name": "ada", "instructor": False})
    _, teacher = await client.request("GET", "/api/me", token="teacher-token")
    assert teacher["instructor"] is True
    assert (await client.request("GET", "/api/me", token="nobody"))[0] == 401


async def test_the_standing_counts_an_attempt_at_once(client):
    assert (await client.request("GET", "/api/standings"))[1] == {"standings": []}
    await client.submit()
    (standing,) = (await client.request("GET", "/api/standings"))[1]["standings"]
    assert standing == {"problem": "double", "points": 0.0, "status": None, "attempts": 1}


async def test_the_handout_holds_no_test(client):
    status, handout = await client.request("GET", "/api/problems/double/handout")
    assert (status, handout["problem"]) == (200, "double")
    assert any("#| problem: double" in cell["source"] for cell in handout["notebook"]["cells"])
    assert "assert double" not in repr(handout)
    assert (await client.request("GET", "/api/problems/nothing/handout"))[0] == 404


async def test_the_description_names_every_address(client):
    _, document = await client.request("GET", "/api/openapi.json")
    assert {"/api/sets", "/api/me", "/api/standings"} <= document["paths"].keys()
    assert {"Outline", "Standing", "Handout", "Account"} <= document["components"]["schemas"].keys()
