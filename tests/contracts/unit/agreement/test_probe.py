import time
def test_a(world, law, chain, active):
    print("now", int(time.time()), chain.blocks.head.timestamp, chain.pending_timestamp)
    t = 2_000_000_000
    chain.pending_timestamp = t
    print("pending", chain.pending_timestamp, "head", chain.blocks.head.timestamp)
    r = world.submit(active, 0)
    print(r.timestamp, chain.pending_timestamp)
    chain.pending_timestamp = t + 100
    print("paused", active.pausedBetween(0, 10))
    r = world.submit(active, 1)
    print(r.timestamp, chain.pending_timestamp)

def test_b(world, law, chain, active):
    print("now", int(time.time()), chain.blocks.head.timestamp, chain.pending_timestamp)
    r = world.submit(active, 1)
    print(r.timestamp, chain.pending_timestamp)

def test_c(world, chain, signed, emitted):
    t0 = time.time()
    for i in range(20):
        world.token.approve(signed, i, sender=world.account["treasury"])
    t1 = time.time()
    print("per tx", (t1 - t0) / 20)
    for i in range(20):
        signed.money()
    print("per call", (time.time() - t1) / 20)
    t1 = time.time()
    for i in range(5):
        world.milestones(signed)
    print("per milestones", (time.time() - t1) / 5)
