"""Branches: withdraw_notice.tree."""


def test_reverts_when_there_is_no_notice(world, law, refused, active):
    with refused(active.NoticeInvalid, noticedAt=0):
        active.withdrawNotice(law.digest("resumed"), law.NONE, sender=world.account["first"])


def test_reverts_when_caller_is_not_on_the_committee(world, law, refused, active):
    world.decide(active, "noticeDefault", law.digest("stopped"), law.NONE)
    with refused(
        active.CallerNotOnCommittee,
        caller=world.account["supplier"].address,
        participant=world.id["supplier"],
    ):
        active.withdrawNotice(law.digest("resumed"), law.NONE, sender=world.account["supplier"])


def test_withdraws_it(world, law, active):
    world.decide(active, "noticeDefault", law.digest("stopped"), law.NONE)
    receipt = world.decide(active, "withdrawNotice", law.digest("resumed"), law.digest("letter"))
    (cured,) = active.DefaultCured.from_receipt(receipt)
    assert (cured.reason, cured.document) == (law.digest("resumed"), law.digest("letter"))
    # Another notice can be given.
    world.decide(active, "noticeDefault", law.digest("again"), law.NONE)
