"""The worklist: visits to be done by urgency, the most urgent of them, and the number of all."""

from django.urls import reverse


def test_of_a_group_the_most_urgent_visits_are_shown_with_the_number_of_all(enrolled, lin, client_of, monkeypatch):
    def overdue():
        page = client_of(lin).get(reverse("visits:worklist"))
        group = next(each for each in page.context["groups"] if each["code"] == "overdue")
        return group["count"], [line.visit for line in group["lines"]], page.content.decode()

    count, every, page = overdue()
    assert (len(every) == count > 2, "most urgent are shown" in page) == (True, False)
    assert every == sorted(every, key=lambda visit: (visit.closes, visit.pk))
    monkeypatch.setattr("visits.worklist.SHOWN", count - 1)
    count_then, first, page = overdue()
    assert (count_then, first) == (count, every[:-1])
    assert f"Only the {count - 1} most urgent are shown." in page
