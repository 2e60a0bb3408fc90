# /// case
# target = "prepared"
# results = ["wrong_answer", "wrong_answer"]
# ///
import nbjudge_worker.candidate.answers as answers

answers.Answers._begin = lambda self, names: [1, 2]


def make():
    return [3, 4]
