"""
Who breaks what, and the one test that must say so.
"""

from __future__ import annotations

import attrs

from broken import booking, flows, following, shop, sweeps
from broken.good import Acme, Shop
from doorstep_contracts.promise import Promise
from doorstep_contracts.suite import ProviderContract

__all__ = ["GOOD", "TABLE", "Row"]


@attrs.frozen
class Row:
    """
    A broken provider.

    Args:
        broken:
            Its class. The docstring says what is wrong with it.

        test:
            The name of the test that fails on it, alone.
    """

    broken: type[Acme]
    test: str

    @property
    def suite(self) -> str:
        """
        The suite that has the test.
        """
        return next(one.__name__ for one in ProviderContract.__mro__ if self.test in vars(one))

    @property
    def promise(self) -> Promise:
        """
        What the test proves.
        """
        marks = getattr(ProviderContract, self.test).pytestmark
        found: Promise = next(one.args[0] for one in marks if one.name == "contract_promise")
        return found


GOOD: tuple[type[Acme], ...] = (Acme, Shop)

TABLE: tuple[Row, ...] = (
    Row(flows.HasNoPublicFields, "test_provider_satisfies_the_protocol"),
    Row(flows.MisspellsAClaim, "test_capability_paths_exist"),
    Row(flows.ClaimsWhatIsAbsent, "test_what_is_claimed_can_be_called"),
    Row(flows.DeniesWhatIsThere, "test_what_can_be_called_is_claimed"),
    Row(flows.NeedsWhatNobodySends, "test_request_fits_the_capabilities"),
    Row(flows.NumbersItsRequests, "test_same_call_yields_the_same_request"),
    Row(flows.ReadsAClock, "test_flow_touches_nothing_outside"),
    Row(flows.OpensASocket, "test_flow_touches_nothing_outside"),
    Row(flows.ReadsAClockLater, "test_answers_are_read_without_the_outside"),
    Row(flows.ForgetsToEscape, "test_ids_stay_one_segment_of_the_path"),
    Row(flows.ChangesTheBody, "test_signing_changes_headers_alone"),
    Row(flows.GoesOnWhenGivenUp, "test_flow_that_is_closed_asks_nothing"),
    Row(flows.KnowsEveryStatus, "test_any_answer_ends_in_a_value_or_a_typed_error"),
    Row(flows.SwallowsTrouble, "test_trouble_is_told_as_trouble"),
    Row(
        flows.TakesTooManyForTrouble,
        "test_refused_credentials_and_too_many_requests_are_told",
    ),
    Row(flows.SignsInTheQuery, "test_signing_shows_no_secret"),
    Row(flows.ShowsItsKey, "test_provider_shows_no_secret"),
    Row(flows.TellsItsKey, "test_errors_show_no_secret"),
    Row(flows.QuotesTheRefusal, "test_errors_quote_nothing_of_an_answer"),
    Row(flows.NamesPeopleInErrors, "test_errors_name_nobody"),
    Row(flows.LogsPeople, "test_flows_log_and_print_nothing"),
    Row(flows.PrintsAnswers, "test_flows_log_and_print_nothing"),
    Row(booking.BooksWhileQuoting, "test_quote_books_nothing"),
    Row(booking.QuotesForAnother, "test_quote_is_for_its_request"),
    Row(booking.AcceptsExpiredQuotes, "test_expired_quote_books_nothing"),
    Row(booking.BooksUnsaid, "test_dispatch_says_that_it_books"),
    Row(booking.MayBookAgain, "test_what_books_is_never_repeated"),
    Row(booking.BelievesAnEmptyAnswer, "test_unusable_answer_is_no_refusal_and_no_success"),
    Row(booking.ForgetsTheReference, "test_delivery_is_the_one_in_the_books"),
    Row(booking.MisreadsTheFee, "test_price_is_the_one_in_the_books"),
    Row(booking.DropsTheTip, "test_tip_arrives"),
    Row(booking.FailsDuplicates, "test_dispatching_twice_books_once"),
    Row(booking.BooksTwice, "test_dispatching_twice_books_once"),
    Row(booking.TakesAnothersDelivery, "test_reference_of_another_request_is_refused"),
    Row(booking.BooksAndDeniesIt, "test_dearer_than_allowed_is_told"),
    Row(booking.FailsWhatItFound, "test_lost_answer_is_doubt_and_never_a_second_courier"),
    Row(booking.BelievesAnotherId, "test_answer_about_another_delivery_is_not_believed"),
    Row(following.TracksUnderAnotherId, "test_track_reads_the_same_delivery"),
    Row(following.BelievesAnothersNews, "test_news_of_another_delivery_are_not_believed"),
    Row(following.HasNoNameForNobody, "test_unknown_delivery_is_not_found"),
    Row(following.RaisesWhatItLooksFor, "test_find_knows_what_was_booked"),
    Row(following.ClaimsNoEnd, "test_delivery_ends"),
    Row(following.GuessesStatuses, "test_unknown_status_is_kept_and_never_guessed"),
    Row(following.RaisesAtNewWords, "test_unknown_status_is_kept_and_never_guessed"),
    Row(following.RefusesNewFields, "test_new_fields_do_no_harm"),
    Row(following.ForgetsTheChange, "test_update_arrives"),
    Row(following.HasNoNameForTooLate, "test_update_after_the_end_is_refused"),
    Row(following.ForgetsTheCancel, "test_cancelled_is_cancelled"),
    Row(following.FailsTheSecondCancel, "test_cancelling_twice_is_cancelling_once"),
    Row(following.LiesOfALateCancel, "test_cancel_after_delivery_is_refused"),
    Row(following.AddsToTheTip, "test_tip_is_set"),
    Row(following.TakesADenialForSuccess, "test_second_refund_gives_nothing_more"),
    Row(following.RefundsTooMuch, "test_refund_is_no_more_than_was_paid"),
    Row(following.ForgetsThePhoto, "test_collected_proof_is_fetched"),
    Row(following.TakesNotYetForGone, "test_proof_that_was_not_collected_is_none"),
    Row(following.UnderstandsHalf, "test_webhooks_of_the_carrier_are_understood"),
    Row(following.BelievesAnybody, "test_unsigned_webhook_is_rejected"),
    Row(following.SignsOverNothing, "test_unsigned_webhook_is_rejected"),
    Row(following.NumbersItsEvents, "test_same_webhook_is_the_same_event"),
    Row(following.BelievesTheLastOne, "test_any_order_ends_in_the_same_state"),
    Row(following.StumblesOverNonsense, "test_nonsense_is_refused_and_never_raises"),
    Row(shop.OpensNothing, "test_closed_store_is_closed_until_it_is_opened"),
    Row(shop.TakesItemsForSet, "test_each_item_has_its_own_result"),
    Row(shop.TakesOptionsForSet, "test_each_option_has_its_own_result"),
    Row(shop.OpensStoresOfNobody, "test_unknown_store_is_told"),
    Row(shop.ForgetsTheNewName, "test_business_is_there_after_it_was_made"),
    Row(shop.TakesAnothersBusiness, "test_registering_twice_is_registering_once"),
    Row(shop.LosesTheBusiness, "test_store_is_there_after_it_was_made"),
    Row(shop.LoopsOverPages, "test_list_asks_once"),
    Row(sweeps.TakesSilenceForNo, "test_dispatch_tells_the_truth_about_every_fault"),
    Row(sweeps.ConfirmsTheUnheard, "test_cancel_tells_the_truth_about_every_fault"),
    Row(sweeps.RefundsAgain, "test_lost_refund_is_not_repeated"),
    Row(sweeps.NeedsEveryField, "test_any_changed_field_ends_in_a_value_or_a_typed_error"),
    Row(
        sweeps.ReadsRefusalsCarelessly,
        "test_any_body_under_any_status_ends_in_a_value_or_a_typed_error",
    ),
    Row(sweeps.BelievesGoodBodies, "test_good_body_under_a_failure_is_no_success"),
    Row(sweeps.CountsInFloats, "test_amounts_are_never_rounded"),
    Row(sweeps.IgnoresTheCurrency, "test_amounts_are_in_the_currency_of_the_answer"),
    Row(sweeps.BelievesNaiveTimes, "test_naive_times_are_not_believed"),
    Row(sweeps.RoundsTips, "test_any_order_of_operations_keeps_the_books_right"),
    Row(sweeps.RecordsNothing, "test_recordings_are_complete"),
    Row(sweeps.DropsTheCourier, "test_answers_are_read"),
    Row(sweeps.DropsTheAnswer, "test_raw_answer_is_kept"),
    Row(sweeps.BelievesInventions, "test_negative_recordings_are_not_believed"),
    Row(sweeps.RenamesEvents, "test_webhooks_are_read"),
)
