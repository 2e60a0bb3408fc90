"""The settings of the service: wrong ones are named, not obeyed."""

import msgspec
import pytest
from nbjudge_grader_service.settings import VARIABLES, Settings


def test_what_is_not_set_has_its_default():
    assert Settings.from_environment({}) == Settings()


def test_settings_come_from_the_environment():
    settings = Settings.from_environment({"NBJUDGE_SERVICE_PORT": "9", "NBJUDGE_WINDOW": "2"})
    assert (settings.port, settings.window) == (9, 2)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NBJUDGE_SERVICE_PORT", "65536"),
        ("NBJUDGE_WINDOW", "0"),
        ("NBJUDGE_RATE_PER_MINUTE", "0"),
        ("NBJUDGE_BURST", "many"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(variable, value):
    field = next(field for field, name in VARIABLES.items() if name == variable)
    with pytest.raises(msgspec.ValidationError, match=field):
        Settings.from_environment({variable: value})
