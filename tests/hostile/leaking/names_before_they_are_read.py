# /// case
# target = "named"
# never = ["vermilion_quartz"]
# ///
import nbjudge_worker.candidate.answers as answers

answer = answers.Answers.answer


def telling(self, request):
    print(request)
    return answer(self, request)


answers.Answers.answer = telling


def double(n):
    return 0
