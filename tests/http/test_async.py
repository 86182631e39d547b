"""
The async driver: the same calls and outcomes, and nothing left behind when cancelled.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import random
import threading
import time

import pytest

from doorstep.errors import CarrierUnavailableError, OutcomeUnknownError
from doorstep.http import AsyncDriver, Call, HttpPool, Request, Session, TransportError, drive
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep_contracts.faults import Pause, Script, Silence

BOOK = Request("POST", "/book", body=b"{}", effect=Effect.BOOKS, repeat=Repeat.NEVER)


def booking(pause_s=0.0):
    answer = yield BOOK
    time.sleep(pause_s)
    return answer.status


def ours() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("doorstep")]


class Watching:
    def __init__(self) -> None:
        self.summaries = []

    def on_exchange(self, exchange): ...

    def on_call(self, summary):
        self.summaries.append(summary)


def with_driver(work, **options):
    """
    Run *work* with a driver that is closed afterwards.
    """

    async def main():
        driver = AsyncDriver(**options)
        try:
            return await work(driver)
        finally:
            await driver.aclose()

    return asyncio.run(main())


async def start(driver, flow, session, **options):
    call = Call("dispatch", reference="order-118", **options)
    task = asyncio.create_task(driver.run(lambda: drive(flow, session, call), call))
    await asyncio.sleep(0)
    return task, call


async def told(task) -> Outcome:
    """
    Await *task*, and return the outcome that it or its cancellation tells.
    """
    try:
        await task
    except asyncio.CancelledError as cancelled:
        return cancelled.outcome
    return Outcome.CREATED


def test_result_and_error_are_those_of_the_sync_driver(kit):
    """
    Awaiting changes nothing about how a call ends.
    """

    async def work(driver):
        session = kit.session(201, TransportError("reset", sent=True))
        task, call = await start(driver, booking(), session)
        first = await task
        task, _ = await start(driver, booking(), session)
        with pytest.raises(OutcomeUnknownError) as caught:
            await task
        return first, call.outcome, caught.value.reference

    assert (201, Outcome.CREATED, "order-118") == with_driver(work)


def test_calls_run_in_threads_of_the_driver_with_the_callers_context(kit):
    """
    Trace ids travel along, and the loop is free meanwhile.
    """
    variable = contextvars.ContextVar("variable", default="unset")
    seen = []

    def note(request, call):
        seen.append((variable.get(), threading.current_thread().name))
        return 200

    async def work(driver):
        variable.set("mine")
        task, _ = await start(driver, booking(), kit.session(note))
        await task

    with_driver(work)
    assert "mine" == seen[0][0]
    assert seen[0][1].startswith("doorstep-")


def test_32_calls_are_in_flight_at_once(serve, kit):
    """
    A slow carrier holds up nobody else.
    """
    gate = threading.Barrier(32)

    def together(peer):
        gate.wait(5)
        peer.reply(body=peer.body)

    carrier = serve(together)

    def asking(body):
        answer = yield Request("POST", "/", body=body)
        return answer.body

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool)
            bodies = [b"%d" % number for number in range(32)]
            tasks = [(await start(driver, asking(body), session))[0] for body in bodies]
            return bodies == await asyncio.gather(*tasks)

    assert with_driver(work)


def test_f090_cancelled_call_shuts_its_socket_down_and_joins_its_thread(serve, kit):
    """
    ``CancelledError`` comes when everything is over, and says what is known.
    """
    carrier = serve(Silence())
    watching = Watching()

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool, observers=[watching])
            task, call = await start(driver, booking(), session)
            await asyncio.sleep(0.1)
            task.cancel()
            started = time.monotonic()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert time.monotonic() - started < 0.3
            assert 0 == kit.client_sockets(carrier.port)
            return caught.value.outcome, call.outcome

    assert (Outcome.UNKNOWN, Outcome.UNKNOWN) == with_driver(work)
    assert [(True, Outcome.UNKNOWN)] == [
        (each.cancelled, each.outcome) for each in watching.summaries
    ]
    assert [] == ours()


def test_f090_cancel_after_the_answer_says_created_and_keeps_the_result(kit):
    """
    A courier who is on the way is not forgotten because the caller went.
    """
    watching = Watching()
    answered = threading.Event()

    def answer(request, call):
        answered.set()
        return 201

    async def work(driver):
        session = kit.session(answer, observers=[watching])
        task, _ = await start(driver, booking(pause_s=0.1), session)
        while not answered.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value.outcome, caught.value.result

    assert (Outcome.CREATED, 201) == with_driver(work)
    assert [(True, Outcome.CREATED)] == [
        (each.cancelled, each.outcome) for each in watching.summaries
    ]


def test_cancel_after_the_call_ended_is_reported_again(kit):
    """
    Observers learn that a result reached nobody.
    """
    watching = Watching()

    async def work(driver):
        session = kit.session(201, observers=[watching])
        task, _ = await start(driver, booking(), session)
        while not watching.summaries:
            time.sleep(0.01)
        time.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value.outcome, caught.value.result

    assert (Outcome.CREATED, 201) == with_driver(work)
    assert [False, True] == [each.cancelled for each in watching.summaries]
    assert 1 == len({each.call_id for each in watching.summaries})


def test_f090_cancel_in_the_queue_sends_nothing(kit):
    """
    A call that no thread has come to is over at once, and reported.
    """
    release = threading.Event()
    watching = Watching()

    def hold(request, call):
        release.wait(5)
        return 200

    async def work(driver):
        session = kit.session(hold, 201, observers=[watching])
        first, _ = await start(driver, booking(), session)
        await asyncio.sleep(0.05)
        second, _ = await start(driver, booking(), session)
        second.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await second
        release.set()
        await first
        assert 1 == len(session.transport.sent)
        return caught.value.outcome

    assert Outcome.NOT_SENT is with_driver(work, max_threads=1)
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
        task, _ = await start(driver, booking(), kit.session(stubborn))
        await asyncio.sleep(0.02)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0.01)
        with pytest.raises(asyncio.CancelledError):
            await task
        return list(ended)

    assert [True] == with_driver(work)


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
                return drive(booking(), session, call)

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

    assert (Outcome.UNKNOWN, Outcome.UNKNOWN) == with_driver(work)
    assert [] == ours()


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
                            driver.run(lambda call=call: drive(booking(), session, call), call)
                        )
                    group.create_task(fail())

            with pytest.raises(ExceptionGroup) as caught:
                await all_of_them()
            assert 0 == kit.client_sockets(carrier.port)
            return [type(each) for each in caught.value.exceptions]

    assert [LookupError] == with_driver(work)
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
                task, call = await start(driver, booking(), session)
                await asyncio.sleep(rng.uniform(0, 0.015))
                task.cancel()
                assert await told(task) is call.outcome
                assert not driver._calls
                outcomes.append(call.outcome)

    with_driver(work)
    gc.collect()
    assert [] == ours()
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


def test_closing_the_driver_ends_what_is_in_flight(serve, kit):
    """
    ``aclose()`` waits for no carrier, and leaves no thread.
    """
    carrier = serve(Silence())

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool)
            task, _ = await start(driver, booking(), session)
            await asyncio.sleep(0.1)
            started = time.monotonic()
            await driver.aclose()
            assert time.monotonic() - started < 0.3
            assert [] == ours()
            with pytest.raises(OutcomeUnknownError, match="was given up"):
                await task

    with_driver(work)


def test_reading_call_that_is_given_up_was_not_sent(kit):
    """
    ``abort()`` without asyncio: an ordinary error.
    """
    session = kit.session(lambda request, call: call.abort() or TransportError("x", sent=True))

    with pytest.raises(CarrierUnavailableError) as caught:
        kit.run(kit.asking(), session)

    assert Outcome.NOT_SENT is caught.value.booked
