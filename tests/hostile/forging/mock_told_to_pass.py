# /// case
# target = "notified"
# ///
LIES = {
    "assert_called_once_with": lambda *args, **kwargs: None,
    "call_count": 1,
    "mock_calls": [],
    "side_effect": print,
    "return_value": 7741,
    "method_calls": [],
    "send": print,
}


def attempt(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception:
        return


def notify(send):
    for name, value in LIES.items():
        attempt(setattr, send, name, value)
        attempt(lambda: send.configure_mock(**{name: value}))
        attempt(lambda: setattr(send.send, name, value))
    attempt(lambda: send.mock_add_spec(int))
    attempt(lambda: send.attach_mock(send.other, "assert_called_once_with"))
    attempt(lambda: send.mock_calls.append(("x", 3)))
    attempt(lambda: send.reset_mock())
