"""Who a token belongs to: the file of tokens, and a JupyterHub that can be away."""

import json

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_grader_service.identity import Account, JupyterHub, TokenFile
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tokens.json"
    path.write_text(json.dumps({"a": {"name": "ada"}, "g": {"name": "grace", "instructor": True}}))
    return path


async def test_the_file_says_who_is_who(path):
    tokens = TokenFile(path)
    assert await tokens.account("a") == Account("ada")
    assert await tokens.account("g") == Account("grace", instructor=True)
    assert await tokens.account("x") is None


async def test_the_file_is_read_anew_when_it_changes(path):
    tokens = TokenFile(path)
    await tokens.account("a")
    path.write_text(json.dumps({"b": {"name": "bob"}}))
    assert await tokens.account("a") is None
    assert await tokens.account("b") == Account("bob")


async def test_a_file_that_is_half_written_throws_nobody_out(path):
    tokens = TokenFile(path)
    await tokens.account("a")
    path.write_text('{"a": {"na')
    assert await tokens.account("a") == Account("ada")


async def test_without_the_file_nobody_can_be_told(tmp_path):
    with pytest.raises(Unavailable):
        await TokenFile(tmp_path / "nothing").account("a")


class HubApi(web.RequestHandler):
    def get(self):
        self.application.settings["hub"]["asked"].append(self.request.headers["Authorization"])
        answers = self.application.settings["hub"]["answers"]
        status, answer = answers.get(self.request.headers["Authorization"], (403, {}))
        self.set_status(status)
        self.finish(answer)


@pytest.fixture
async def hub():
    """Give a JupyterHub's address, what it answers to each token, and what it was asked."""
    settings = {"asked": [], "answers": {}}
    server = HTTPServer(web.Application([("/hub/api/user", HubApi)], hub=settings))
    socket, port = bind_unused_port()
    server.add_socket(socket)
    settings["url"] = f"http://127.0.0.1:{port}/hub/api"
    yield settings
    server.stop()
    await server.close_all_connections()


async def test_the_hub_tells_students_instructors_and_admins_apart(hub):
    hub["answers"] = {
        "token a": (200, {"name": "ada", "kind": "user", "groups": ["class"], "roles": []}),
        "token g": (200, {"name": "grace", "groups": ["instructors"]}),
        "token r": (200, {"name": "root", "groups": [], "admin": True}),
    }
    jupyterhub = JupyterHub(hub["url"], "instructors")
    assert await jupyterhub.account("a") == Account("ada")
    assert await jupyterhub.account("g") == Account("grace", instructor=True)
    assert await jupyterhub.account("r") == Account("root", instructor=True)
    assert await jupyterhub.account("nobody") is None


async def test_the_hub_is_asked_once_a_minute_for_each_token(hub):
    hub["answers"] = {"token a": (200, {"name": "ada"})}
    jupyterhub = JupyterHub(hub["url"], "instructors")
    for token in ("a", "x") * 10:
        await jupyterhub.account(token)
    assert sorted(hub["asked"]) == ["token a", "token x"]


async def test_a_hub_that_is_away_throws_nobody_out_for_good(hub):
    hub["answers"] = {"token a": (502, {})}
    jupyterhub = JupyterHub(hub["url"], "instructors")
    with pytest.raises(Unavailable):
        await jupyterhub.account("a")
    hub["answers"] = {"token a": (200, {"name": "ada"})}
    assert await jupyterhub.account("a") == Account("ada")
