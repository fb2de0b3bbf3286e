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

#: One row a path with counts, or one row a journey. A number of ``journeys``
#: with a count or a flag beside it says how many converted.
PATHS = Platform(
    "paths", None, "journeys",
    {
        "path": (
            "path", "paths", "channel path", "conversion path", "journey path", "touchpoint path", "customer journey",
            "user journey", "channel grouping path", "default channel grouping path", "default channel group path",
            "mcf channel grouping path", "source path", "source / medium path", "medium path", "campaign path",
            "transformed path", "path of channels", "channels agg", "journey",
        ),
        "conversions": (
            "conversions", "total conversions", "conversion", "converted", "total conversion", "conversions agg",
            "converted agg", "is conversion", "is converted", "conversion flag", "key events",
        ),
        "value": (
            "value", "total conversion value", "conversion value", "total value", "conversions value", "total conversions value",
            "conversion values", "revenue", "total revenue", "purchase revenue",
        ),
        "nulls": (
            "nulls", "null", "total null", "total nulls", "non conversions", "total non conversions", "nonconversions",
            "no conversions", "not converted", "non converting", "null journeys",
        ),
        "journeys": ("journeys", "total journeys", "frequency", "freq", "count", "number of journeys", "occurrences", "n"),
        "currency": CURRENCY,
    },
    signs=(
        (
            "path", "paths", "channel path", "conversion path", "journey path", "touchpoint path", "customer journey",
            "user journey", "channel grouping path", "default channel grouping path", "default channel group path",
            "mcf channel grouping path", "source path", "source / medium path", "medium path", "campaign path",
            "transformed path", "path of channels", "channels agg",
        ),
        (
            "conversions", "total conversions", "total conversion value", "conversion", "converted", "total conversion",
            "conversions agg", "converted agg", "is conversion", "is converted", "conversion flag", "key events",
            "nulls", "total null", "total nulls", "non conversions", "journeys", "frequency", "freq", "count",
        ),
    ),
    rowwise=True,
)  # fmt: skip

#: One row a journey, one touch a column: ``touch_1``, ``touch_2``. `recognise` finds those
#: columns itself; the first ones are named here so that a header row is known by them.
WIDE_JOURNEYS = Platform(
    "paths", None, "journeys",
    {
        "touch 1": ("touch 1", "touchpoint 1", "channel 1", "step 1", "touch1", "touchpoint1", "channel1", "step1"),
        "touch 2": ("touch 2", "touchpoint 2", "channel 2", "step 2", "touch2", "touchpoint2", "channel2", "step2"),
        "conversions": ("conversion", "converted", "conversions", "is conversion", "is converted", "conversion flag", "outcome", "output"),
        "value": ("value", "conversion value", "revenue", "total value"),
        "currency": CURRENCY,
    },
    rowwise=True,
)  # fmt: skip

#: Who: the ids of shops, analytics, customer data platforms and warehouses.
PERSON = (
    "user id", "user pseudo id", "visitor id", "client id", "cookie", "cookie id", "anonymous id", "distinct id",
    "customer id", "journey id", "user", "visitor", "customer", "userid", "person id", "profile id", "contact id",
    "full visitor id", "device id", "member id", "uid", "kunden id", "kundennummer", "klant id", "klantnummer",
    "id client", "id cliente", "ma khach hang", "session user id", "hashed user id", "cid", "anonymousId", "distinctId",
    "visitorId", "clientId", "customerId", "journeyId", "userPseudoId", "cookieId", "personId", "deviceId", "fullVisitorId",
)  # fmt: skip

#: When, to the second; `DATE` has days as well.
MOMENT = (
    "event timestamp", "timestamp", "event time", "time", "datetime", "date time", "ts", "touch time", "touchpoint time",
    "touch timestamp", "occurred at", "event datetime", "event at", "created at", "sent at", "received at",
    "original timestamp", "session start", "session start time", "visit start time", "visit time", "click time",
    "interaction time", "date hour and minute", "date hour", "time stamp", "zeitstempel", "zeitpunkt", "tijdstip",
    "horodatage", "fecha hora", "data hora", "data e hora", "thoi gian", "eventTimestamp", "eventTime", "occurredAt",
    "createdAt", "visitStartTime",
)  # fmt: skip

#: One row a touch, conversions among them. A flag says what converted before the name of an event does.
JOURNEYS = Platform(
    "journeys", None, "journeys",
    {
        "user": PERSON,
        "time": MOMENT,
        "date": (*DATE, "event day", "touch date", "session date"),
        "channel": (
            "channel", "channel name", "marketing channel", "touchpoint", "touch point", "channel grouping",
            "channel group", "channelGrouping", "default channel grouping", "default channel group",
            "session default channel grouping", "session default channel group", "session primary channel group", "media channel", "kanal", "kanaal", "canal",
            "canale", "kenh", "source medium", "source / medium", "session source medium", "session source / medium",
        ),
        "source": (
            "source", "utm source", "session source", "traffic source source", "traffic source", "manual source",
            "collected traffic source manual source", "event source", "referrer source", "utmSource", "trafficSource",
        ),
        "medium": (
            "medium", "utm medium", "session medium", "traffic source medium", "manual medium",
            "collected traffic source manual medium", "utmMedium",
        ),
        "campaign": (
            *CAMPAIGN, "session campaign", "traffic source name", "collected traffic source manual campaign name",
            "manual campaign name",
        ),
        "conversion": (
            "conversion", "converted", "is conversion", "is converted", "conversion flag", "has converted", "conversions",
            "is purchase", "key event", "is key event", "conversie", "konversion", "chuyen doi",
        ),
        "event": (
            "event name", "eventName", "event", "event type", "eventType", "interaction", "interaction type", "touchpoint type", "touch type",
            "event action", "action", "activity", "type", "conversion type", "conversion event", "goal",
        ),
        "conversion_value": (
            "conversion value", "conversions value", "purchase revenue", "ecommerce purchase revenue", "revenue",
            "order value", "purchase value", "value", "event value", "conversion revenue", "total revenue", "amount",
            "transaction revenue", "order total", "total value", "conversionValue", "eventValue", "orderValue", "umsatz", "omzet", "doanh thu",
        ),
        "currency": CURRENCY,
    },
    signs=(
        PERSON,
        ("channel", "channel name", "marketing channel", "touchpoint", "touch point", "channel grouping", "channel group",
         "default channel grouping", "default channel group", "session default channel grouping",
         "session default channel group", "media channel", "source", "medium", "utm source", "utm medium",
         "session source", "traffic source source", "traffic source medium", "source medium", "source / medium",
         "session source medium", "session source / medium", "collected traffic source manual source",
         "collected traffic source manual medium", "channelGrouping", "utmSource", "kanal", "kanaal", "canal", "canale", "kenh"),
        (*MOMENT, *DATE),
    ),
)  # fmt: skip

PLATFORMS = (LONG, WIDE, DAILY_REVENUE, ORDER_ROWS, EXPERIMENTS, PATHS, WIDE_JOURNEYS, JOURNEYS)
