"""
Cancelling an awaited call: what is known is told, and nothing is left behind.
"""

from __future__ import annotations

import asyncio
import gc
import random
import threading
import time

import pytest

from doorstep.http import Call, HttpPool, Session, drive
from doorstep.outcome import Outcome
from doorstep_contracts.faults import Pause, Script, Silence


async def told(task) -> Outcome:
    """
    Await *task*, and return the outcome that it or its cancellation tells.
    """
    try:
        await task
    except asyncio.CancelledError as cancelled:
        return cancelled.outcome
    return Outcome.CREATED


def test_f090_cancelled_call_shuts_its_socket_down_and_joins_its_thread(serve, kit):
    """
    ``CancelledError`` comes when everything is over, and says what is known.
    """
    carrier = serve(Silence())
    watching = kit.Watching()

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool, observers=[watching])
            task, call = await kit.start(driver, kit.booking(), session)
            await asyncio.sleep(0.1)
            task.cancel()
            started = time.monotonic()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert time.monotonic() - started < 0.3
            assert 0 == kit.client_sockets(carrier.port)
            return caught.value.outcome, call.outcome

    assert (Outcome.UNKNOWN, Outcome.UNKNOWN) == kit.with_driver(work)
    assert [(True, Outcome.UNKNOWN)] == [
        (each.cancelled, each.outcome) for each in watching.summaries
    ]
    assert [] == kit.ours()


def test_f090_cancel_after_the_answer_says_created_and_keeps_the_result(kit):
    """
    A courier who is on the way is not forgotten because the caller went.
    """
    watching = kit.Watching()
    answered = threading.Event()

    def answer(request, call):
        answered.set()
        return 201

    async def work(driver):
        session = kit.session(answer, observers=[watching])
        task, _ = await kit.start(driver, kit.booking(pause_s=0.1), session)
        while not answered.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value.outcome, caught.value.result

    assert (Outcome.CREATED, 201) == kit.with_driver(work)
    assert [(True, Outcome.CREATED)] == [
        (each.cancelled, each.outcome) for each in watching.summaries
    ]


def test_cancel_after_the_call_ended_is_reported_again(kit):
    """
    Observers learn that a result reached nobody.
    """
    watching = kit.Watching()

    async def work(driver):
        session = kit.session(201, observers=[watching])
        task, _ = await kit.start(driver, kit.booking(), session)
        while not watching.summaries:
            time.sleep(0.01)
        time.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value.outcome, caught.value.result

    assert (Outcome.CREATED, 201) == kit.with_driver(work)
    assert [False, True] == [each.cancelled for each in watching.summaries]
    assert 1 == len({each.call_id for each in watching.summaries})


def test_f090_cancel_in_the_queue_sends_nothing(kit):
    """
    A call that no thread has come to is over at once, and reported.
    """
    release = threading.Event()
    watching = kit.Watching()

    def hold(request, call):
        release.wait(5)
        return 200

    async def work(driver):
        session = kit.session(hold, 201, observers=[watching])
        first, _ = await kit.start(driver, kit.booking(), session)
        await asyncio.sleep(0.05)
        second, _ = await kit.start(driver, kit.booking(), session)
        second.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await second
        release.set()
        await first
        assert 1 == len(session.transport.sent)
        return caught.value.outcome

    assert Outcome.NOT_SENT is kit.with_driver(work, max_threads=1)
    assert [(True, Outcome.NOT_SENT), (False, Outcome.CREATED)] == [
        (each.cancelled, each.outcome) for each in watching.summaries
    ]


def test_second_cancel_does_not_leave_the_thread_alone(kit):
    """
    Impatience does not orphan what is under way.
    """
    ended = []

    def stubborn(request, call):
        time.sleep(0.15)
        ended.append(True)
        return 201

    async def work(driver):
        task, _ = await kit.start(driver, kit.booking(), kit.session(stubborn))
        await asyncio.sleep(0.02)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0.01)
        with pytest.raises(asyncio.CancelledError):
            await task
        return list(ended)

    assert [True] == kit.with_driver(work)


@pytest.mark.parametrize("how", ["wait_for", "timeout"])
def test_f090_timeouts_of_asyncio_end_a_call(how, serve, kit):
    """
    ``TimeoutError`` carries the cancellation, and that the outcome.
    """
    carrier = serve(Silence())

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool)
            call = Call("dispatch")

            def run():
                return drive(kit.booking(), session, call)

            async def within_a_timeout():
                async with asyncio.timeout(0.1):
                    await driver.run(run, call)

            awaited = within_a_timeout()
            if how == "wait_for":
                awaited.close()
                awaited = asyncio.wait_for(driver.run(run, call), 0.1)
            with pytest.raises(TimeoutError) as caught:
                await awaited
            return call.outcome, caught.value.__cause__.outcome

    assert (Outcome.UNKNOWN, Outcome.UNKNOWN) == kit.with_driver(work)
    assert [] == kit.ours()


def test_task_group_ends_the_calls_of_a_failed_sibling(serve, kit):
    """
    One failure cancels the rest, and all of them are over when the group is.
    """
    carrier = serve(Silence())
    calls = [Call("dispatch") for _ in range(5)]

    async def fail():
        await asyncio.sleep(0.1)
        raise LookupError

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool)

            async def all_of_them():
                async with asyncio.TaskGroup() as group:
                    for call in calls:
                        group.create_task(
                            driver.run(lambda call=call: drive(kit.booking(), session, call), call)
                        )
                    group.create_task(fail())

            with pytest.raises(ExceptionGroup) as caught:
                await all_of_them()
            assert 0 == kit.client_sockets(carrier.port)
            return [type(each) for each in caught.value.exceptions]

    assert [LookupError] == kit.with_driver(work)
    assert [Outcome.UNKNOWN] * 5 == [call.outcome for call in calls]


def test_f090_call_cancelled_at_50_points_says_what_is_known(serve, kit):
    """
    Wherever a call is cancelled, what is known of it is told, and no thread or socket is left.
    """
    pause = Pause(0.003)
    head = b"HTTP/1.1 201 Created\r\n"
    slow = Script(pause, head, pause, b"Content-Length: 2\r\n\r\n{", pause, b"}", keep=True)
    carrier = serve(slow)
    outcomes = []
    rng = random.Random(90)

    async def work(driver):
        for _ in range(50):
            with HttpPool() as pool:
                session = Session(kit.Acme(carrier.url), pool)
                task, call = await kit.start(driver, kit.booking(), session)
                await asyncio.sleep(rng.uniform(0, 0.015))
                task.cancel()
                assert await told(task) is call.outcome
                assert not driver._calls
                outcomes.append(call.outcome)

    kit.with_driver(work)
    gc.collect()
    assert [] == kit.ours()
    assert 0 == kit.client_sockets(carrier.port)
    assert 50 == len(outcomes)
    assert (
        {Outcome.UNKNOWN}
        <= set(outcomes)
        <= {
            Outcome.NOT_SENT,
            Outcome.UNKNOWN,
            Outcome.CREATED,
        }
    )
