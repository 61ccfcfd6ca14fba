from articles.merge import merge


def test_what_only_one_touched_is_as_that_one_left_it():
    base = {"title": "A", "background": "b", "conclusions": "c"}
    both, conflicts = merge(base, base | {"title": "Mine"}, base | {"conclusions": "Theirs"})
    assert both == {"title": "Mine", "background": "b", "conclusions": "Theirs"}
    assert conflicts == []


def test_of_what_both_changed_mine_is_kept_and_it_is_said():
    both, conflicts = merge({"title": "A"}, {"title": "Mine"}, {"title": "Theirs"})
    assert (both, conflicts) == ({"title": "Mine"}, ["title"])


def test_the_same_change_twice_is_no_conflict():
    assert merge({"title": "A"}, {"title": "B"}, {"title": "B"}) == ({"title": "B"}, [])


def test_a_part_that_older_snapshots_do_not_know_is_kept():
    assert merge({}, {"title": "A"}, {"title": "A", "language": "de"}) == ({"title": "A", "language": "de"}, [])
