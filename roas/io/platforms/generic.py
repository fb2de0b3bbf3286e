"""Tables that people and pipelines make: long, wide, revenue, orders, journeys, experiments."""

from __future__ import annotations

from roas.io.platforms.base import Platform

DATE = (
    "date", "day", "date day", "report date", "c date", "ds", "event date", "datum", "tag", "dag", "fecha",
    "dia", "data", "jour", "giorno",
    "ngay", "time", "timestamp", "datetime", "period", "date start", "order date", "created at", "created",
    "transaction date",
)  # fmt: skip
WEEK = (
    "week", "week start", "week starting", "week of", "week commencing", "week ending", "wk strt dt",
    "week start date", "calendar week",
    "woche", "kw", "kalenderwoche", "semaine", "semana", "settimana", "weeknummer", "tuan",
)  # fmt: skip
MONTH = ("month", "monat", "mois", "mes", "maand", "mese", "thang")
CHANNEL = (
    "channel", "channel name", "marketing channel", "media channel", "kanal", "kanaal", "canal", "canale",
    "kenh", "platform", "source",
    "ad platform", "publisher", "network name", "medium", "category", "plattform", "plateforme",
    "plataforma", "data source",
)  # fmt: skip
CAMPAIGN = (
    "campaign", "campaign name", "campaigns", "kampagne", "kampagnenname", "campagne", "nom de la campagne",
    "campana", "campanha",
    "campagna", "campagnenaam", "chien dich", "ten chien dich", "utm campaign",
)  # fmt: skip
SPEND = (
    "spend", "cost", "costs", "amount spent", "ad spend", "adspend", "ad cost", "media spend", "media cost",
    "marketing spend",
    "campaign cost", "total spend", "total cost", "total spent", "spend amount", "budget spent",
    "investment", "media investment", "kosten", "ausgaben", "werbekosten",
    "werbeausgaben", "uitgaven", "besteed bedrag", "depense", "depenses", "cout", "couts", "gasto",
    "gastos", "coste", "costo", "costi", "inversion",
    "custo", "investimento", "spesa", "spese", "chi phi", "chi tieu",
)  # fmt: skip
REVENUE = (
    "revenue", "sales", "total revenue", "net revenue", "net sales", "total sales", "turnover", "revenues",
    "shop revenue", "umsatz", "omzet",
    "chiffre d'affaires", "ventes", "ingresos", "ventas", "receita", "faturamento", "vendas", "ricavi",
    "fatturato", "vendite", "doanh thu", "doanh so", "gmv",
)  # fmt: skip
VALUE = (
    "conversion value", "conversions value", "conv value", "attributed revenue", "claimed revenue",
    "purchase value", "total conversion value",
    "platform revenue", "attributed sales", "conversion revenue", "valor de conversion", "conversiewaarde",
    "conversionswert", "gia tri chuyen doi",
)  # fmt: skip
ORDERS = (
    "orders", "# of orders", "number of orders", "order count", "transactions", "total orders",
    "bestellungen", "bestellingen", "commandes", "pedidos",
    "ordini", "don hang", "so don hang",
)  # fmt: skip
NEW = (
    "new customers", "new customer", "new customer count", "first time customers", "neukunden",
    "nieuwe klanten", "nouveaux clients", "nuevos clientes",
    "novos clientes", "nuovi clienti", "khach hang moi",
)  # fmt: skip
SESSIONS = (
    "sessions",
    "visits",
    "site sessions",
    "website sessions",
    "web sessions",
    "sitzungen",
    "sessies",
    "sesiones",
    "sessoes",
    "sessioni",
    "phien",
)
CURRENCY = (
    "currency",
    "currency code",
    "wahrung",
    "wahrungscode",
    "valuta",
    "devise",
    "moneda",
    "divisa",
    "moeda",
    "don vi tien te",
)
GEO = (
    "geo",
    "region",
    "country",
    "state",
    "market",
    "dma",
    "city",
    "land",
    "pays",
    "pais",
    "paese",
    "bang",
    "quoc gia",
    "territory",
)
PROMO = ("promo", "promotion", "is promo", "on promotion", "sale", "aktion")
IMPRESSIONS = (
    "impressions",
    "impression",
    "impr",
    "impressionen",
    "vertoningen",
    "weergaven",
    "impresiones",
    "impressoes",
    "impressioni",
    "luot hien thi",
    "views",
)
CLICKS = (
    "clicks",
    "click",
    "link clicks",
    "klicks",
    "klikken",
    "clics",
    "clic",
    "cliques",
    "luot nhap",
    "luot click",
)
CONVERSIONS = (
    "conversions", "conversion", "purchases", "conv", "conversiones", "conversoes", "conversioni",
    "conversies", "luot chuyen doi", "orders attributed", *ORDERS,
)  # fmt: skip

LONG = Platform(
    "generic_long", None, "spend",
    {
        "date": DATE, "week": WEEK, "month": MONTH, "channel": CHANNEL,
        "account": ("account", "account name", "account id"), "campaign": CAMPAIGN,
        "campaign_id": ("campaign id", ),
        "ad_group": ("ad group", "ad group name", "adgroup", "ad set", "adset", "ad set name", "adset name"),
        "creative": ("creative", "creative name", "ad", "ad name"),
        "geo": GEO, "device": ("device", "device type"), "currency": CURRENCY, "spend": SPEND,
        "impressions": IMPRESSIONS, "reach": ("reach", "reichweite", "bereik", "portee", "alcance",
        "copertura", "nguoi tiep can"),
        "clicks": CLICKS, "conversions": CONVERSIONS, "conversion_value": VALUE, "revenue": REVENUE,
        "new_conversions": ("new conversions", "new customer conversions", *NEW),
    },
    numbers=frozenset({"revenue"}),
)  # fmt: skip

#: Spend is one column per channel; `recognise` finds those columns itself.
WIDE = Platform(
    "generic_wide", None, "spend",
    {"date": DATE, "week": WEEK, "month": MONTH, "geo": GEO, "currency": CURRENCY},
)  # fmt: skip

#: The outcome columns of a revenue table, and of a wide table that carries them.
DAILY_REVENUE = Platform(
    "generic_wide", None, "revenue",
    {
        "date": DATE, "week": WEEK, "month": MONTH, "geo": GEO, "currency": CURRENCY, "revenue": REVENUE,
        "orders": ORDERS, "sessions": SESSIONS,
        "new_customers": NEW, "promo": PROMO,
    },
    numbers=frozenset({"promo"}),
)  # fmt: skip

ORDER_ROWS = Platform(
    "orders", None, "revenue",
    {
        "date": ("order date", "created at", "date", "purchase date", "order created at", "timestamp",
        "time", "datetime", "day"),
        "order_id": ("order id", "order", "order number", "order no", "transaction id", "invoice",
        "invoice no", "bestellnummer"),
        "revenue": ("amount", "total", "order total", "order value", "price", "revenue", "net amount",
        "grand total", "value", "total price", "subtotal",
                    "betrag", "bedrag", "montant", "importe", "valor"),
        "currency": CURRENCY, "geo": GEO,
    },
)  # fmt: skip

EXPERIMENTS = Platform(
    "experiments", None, "experiments",
    {
        "channel": ("channel", ), "start": ("start", "start date"), "end": ("end", "end date"),
        "incremental_revenue": ("incremental revenue", ),
        "standard_error": ("standard error", "se", "std error"), "spend_change": ("spend change", ),
        "geo": ("geo", ),
    },
    signs=(("incremental revenue", "standard error", "std error"), ("start", "start date", "end", "end date")),
)  # fmt: skip

PATHS = Platform(
    "paths", None, "journeys",
    {
        "path": ("path", "journey", "channel path"), "conversions": ("conversions", "total conversions",
        "conversion"),
        "value": ("value", "total conversion value", "conversion value"), "nulls": ("nulls", "null",
        "total null"),
    },
    signs=(("path", "channel path"), ("conversions", "total conversions", "total conversion value")),
)  # fmt: skip

JOURNEYS = Platform(
    "journeys", None, "journeys",
    {
        "user": ("user id", "user", "journey id", "customer id", "visitor id", "cookie", "client id",
        "user pseudo id"),
        "time": ("time", "timestamp", "date", "datetime", "event time"),
        "channel": ("channel", "touchpoint", "source"), "conversion": ("conversion", "converted", "event"),
        "conversion_value": ("conversion value", "value"),
    },
    signs=(("user id", "user", "journey id", "visitor id", "cookie", "client id", "user pseudo id", "customer id"),
           ("channel", "touchpoint"),
           ("time", "timestamp", "datetime", "event time", "date")),
)  # fmt: skip

PLATFORMS = (LONG, WIDE, DAILY_REVENUE, ORDER_ROWS, EXPERIMENTS, PATHS, JOURNEYS)
