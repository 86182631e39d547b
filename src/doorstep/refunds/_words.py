"""
The words that come with doorstep.
"""

from __future__ import annotations

from typing import Final

from doorstep.models import RefundReason, RefundStatus
from doorstep.refunds._texts import DecisionField, RefundTexts

#: The explanations are a carrier's, who left three of them open: those of late, early
#: and poor delivery are completed here.
ENGLISH: Final = RefundTexts(
    language="en",
    reasons={
        RefundReason.CANCELLED_ORDER: (
            "Order Cancelled",
            "The order was cancelled by the customer or the merchant.",
        ),
        RefundReason.NEVER_DELIVERED: (
            "Never Delivered",
            "The order was picked up but never delivered.",
        ),
        RefundReason.DELIVERED_LATE: (
            "Order Delivered Late",
            "The order arrived after the time that was agreed.",
        ),
        RefundReason.DELIVERED_EARLY: (
            "Order Delivered Early",
            "The order arrived before the time that was agreed.",
        ),
        RefundReason.POOR_DELIVERY_EXPERIENCE: (
            "Poor Delivery Experience",
            "The courier was unprofessional, or treated the order or the customer badly.",
        ),
        RefundReason.ENTIRE_ORDER_WRONG: (
            "Entire Order Wrong",
            "The wrong order was picked up and delivered to the wrong customer.",
        ),
        RefundReason.MISSING_MAIN: (
            "Missing Main",
            "One main dish was missing from the delivery.",
        ),
        RefundReason.MISSING_SIDE: (
            "Missing Side",
            "One side dish was missing from the delivery.",
        ),
        RefundReason.INCORRECT_ITEMS: (
            "Incorrect Items",
            "Multiple main or side dishes were missing from the delivery.",
        ),
    },
    statuses={
        RefundStatus.FULL: "full refund",
        RefundStatus.PARTIAL: "partial refund",
        RefundStatus.DENIED: "denied",
        RefundStatus.ALREADY_REFUNDED: "refunded before",
        RefundStatus.PENDING: "not decided yet",
        RefundStatus.UNKNOWN: "unknown",
    },
    fields={
        DecisionField.STATUS: "decision",
        DecisionField.REASON: "reason",
        DecisionField.RAW_STATUS: "carrier's status",
        DecisionField.CODE: "code",
        DecisionField.MESSAGE: "message",
        DecisionField.ORDER_VALUE: "order value back",
        DecisionField.TIP: "tip back",
        DecisionField.DELIVERY_FEE: "delivery fee back",
        DecisionField.TOTAL: "back in all",
    },
    not_told="not told",
)

FRENCH: Final = RefundTexts(
    language="fr",
    reasons={
        RefundReason.CANCELLED_ORDER: (
            "Commande annulée",
            "La commande a été annulée par le client ou par le commerçant.",
        ),
        RefundReason.NEVER_DELIVERED: (
            "Jamais livrée",
            "La commande a été ramassée, mais jamais livrée.",
        ),
        RefundReason.DELIVERED_LATE: (
            "Commande livrée en retard",
            "La commande est arrivée après l'heure convenue.",
        ),
        RefundReason.DELIVERED_EARLY: (
            "Commande livrée trop tôt",
            "La commande est arrivée avant l'heure convenue.",
        ),
        RefundReason.POOR_DELIVERY_EXPERIENCE: (
            "Mauvaise expérience de livraison",
            "Le livreur a manqué de professionnalisme, ou a maltraité la commande ou le client.",
        ),
        RefundReason.ENTIRE_ORDER_WRONG: (
            "Commande entièrement erronée",
            "La mauvaise commande a été ramassée et livrée au mauvais client.",
        ),
        RefundReason.MISSING_MAIN: (
            "Plat principal manquant",
            "Un plat principal manquait à la livraison.",
        ),
        RefundReason.MISSING_SIDE: (
            "Accompagnement manquant",
            "Un accompagnement manquait à la livraison.",
        ),
        RefundReason.INCORRECT_ITEMS: (
            "Articles incorrects",
            "Plusieurs plats principaux ou accompagnements manquaient à la livraison.",
        ),
    },
    statuses={
        RefundStatus.FULL: "remboursement intégral",
        RefundStatus.PARTIAL: "remboursement partiel",
        RefundStatus.DENIED: "refusé",
        RefundStatus.ALREADY_REFUNDED: "déjà remboursé",
        RefundStatus.PENDING: "pas encore décidé",
        RefundStatus.UNKNOWN: "inconnu",
    },
    fields={
        DecisionField.STATUS: "décision",
        DecisionField.REASON: "motif",
        DecisionField.RAW_STATUS: "statut du transporteur",
        DecisionField.CODE: "code",
        DecisionField.MESSAGE: "message",
        DecisionField.ORDER_VALUE: "valeur de la commande remboursée",
        DecisionField.TIP: "pourboire remboursé",
        DecisionField.DELIVERY_FEE: "frais de livraison remboursés",
        DecisionField.TOTAL: "remboursé en tout",
    },
    not_told="non communiqué",
)

SPANISH: Final = RefundTexts(
    language="es",
    reasons={
        RefundReason.CANCELLED_ORDER: (
            "Pedido cancelado",
            "El cliente o el comercio canceló el pedido.",
        ),
        RefundReason.NEVER_DELIVERED: (
            "Nunca entregado",
            "El pedido se recogió, pero nunca se entregó.",
        ),
        RefundReason.DELIVERED_LATE: (
            "Pedido entregado tarde",
            "El pedido llegó después de la hora acordada.",
        ),
        RefundReason.DELIVERED_EARLY: (
            "Pedido entregado antes de tiempo",
            "El pedido llegó antes de la hora acordada.",
        ),
        RefundReason.POOR_DELIVERY_EXPERIENCE: (
            "Mala experiencia de entrega",
            "El repartidor no fue profesional, o trató mal el pedido o al cliente.",
        ),
        RefundReason.ENTIRE_ORDER_WRONG: (
            "Pedido completo equivocado",
            "Se recogió el pedido equivocado y se entregó al cliente equivocado.",
        ),
        RefundReason.MISSING_MAIN: (
            "Falta un plato principal",
            "Faltó un plato principal en la entrega.",
        ),
        RefundReason.MISSING_SIDE: (
            "Falta un acompañamiento",
            "Faltó un acompañamiento en la entrega.",
        ),
        RefundReason.INCORRECT_ITEMS: (
            "Artículos incorrectos",
            "Faltaron varios platos principales o acompañamientos en la entrega.",
        ),
    },
    statuses={
        RefundStatus.FULL: "reembolso total",
        RefundStatus.PARTIAL: "reembolso parcial",
        RefundStatus.DENIED: "denegado",
        RefundStatus.ALREADY_REFUNDED: "ya reembolsado",
        RefundStatus.PENDING: "aún sin decidir",
        RefundStatus.UNKNOWN: "desconocido",
    },
    fields={
        DecisionField.STATUS: "decisión",
        DecisionField.REASON: "motivo",
        DecisionField.RAW_STATUS: "estado del transportista",
        DecisionField.CODE: "código",
        DecisionField.MESSAGE: "mensaje",
        DecisionField.ORDER_VALUE: "valor del pedido reembolsado",
        DecisionField.TIP: "propina reembolsada",
        DecisionField.DELIVERY_FEE: "tarifa de entrega reembolsada",
        DecisionField.TOTAL: "reembolsado en total",
    },
    not_told="no informado",
)

SHIPPED: Final = {one.language: one for one in (ENGLISH, FRENCH, SPANISH)}
