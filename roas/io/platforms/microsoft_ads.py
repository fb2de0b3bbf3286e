"""Microsoft Advertising: interface and API reports, connector tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform, range_from_preamble, unbracket_ids

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: API headers are words run together: ``TimePeriod``.
DAY = (
    "Gregorian date",
    "GregorianDate",
    "gregoriandate",
    "timeperiod",
    "TimePeriod",
    "Day",
    "Date",
    "Datum",
    "Tag",
    "Jour",
    "Día",
    "Dia",
    "Dag",
    "Giorno",
)
SPEND = ("Spend", "Ausgaben", "Dépenses", "Dépense", "Gasto", "Gastos", "Spesa", "Uitgaven", "Besteed")

_TITLES = r"^(report aggregation|last completed available (day|hour)|potential incomplete data): ?"
_RANGE = r"^report time: *(?P<start>[\d/]+) *, *(?P<end>[\d/]+)$"


def prepare(table: Mapped) -> None:
    """Take ids out of brackets; a summary report has its range in the preamble."""
    unbracket_ids(table)
    range_from_preamble(table, _RANGE, "mdy")


COLUMNS = {
    "date": DAY, "week": ("Week", "Week start", "Woche", "Semaine", "Semana"),
    "month": ("Month", "Monat", "Mois", "Mes", "Mês"),
    "hour": ("Hour of day", "hourofday", "Hour"),
    "account": ("Account name", "accountname", "Account", "Kontoname", "Nom du compte", "Nombre de cuenta",
                "Account number", "accountnumber",
                "Account ID", "accountid"),
    "campaign": ("Campaign name", "campaignname", "Campaign", "Kampagnenname", "Kampagne",
                 "Nom de la campagne", "Nom de campagne", "Campagne",
                 "Nombre de campaña", "Campaña", "Nome da campanha", "Campanha", "Campagnenaam",
                 "Nome campagna"),
    "campaign_id": ("Campaign ID", "campaignid", "Kampagnen-ID"),
    "ad_group": ("Ad group", "Ad group name", "adgroupname", "Anzeigengruppe", "Groupe d'annonces",
                 "Grupo de anuncios", "Advertentiegroep"),
    "ad_group_id": ("Ad group ID", "adgroupid"), "creative": ("Ad title", "adtitle", "Ad name"),
    "creative_id": ("Ad ID", "adid"),
    "geo": ("Country/Region", "countryorregion", "Country or region", "Country", "State", "City"),
    "device": ("Device type", "devicetype", "Device", "Gerätetyp", "Type d'appareil"),
    "currency": ("Currency code", "currencycode", "Währungscode", "Code devise", "Código de moneda",
                 "Código da moeda", "Valutacode"),
    "spend": SPEND,
    "impressions": ("Impressions", "Impr.", "Impressionen", "Impresiones", "Impressões", "Vertoningen",
                    "Impressioni"),
    "clicks": ("Clicks", "Klicks", "Clics", "Cliques", "Klikken", "Clic"),
    "conversions": ("Conversions", "Conv.", "Conversiones", "Conversões", "Conversies", "Conversioni",
                    "Conversions qualified", "conversionsqualified"),
    "conversion_value": ("Revenue", "Umsatz", "Revenus", "Revenu", "Chiffre d'affaires", "Ingresos",
                         "Receita", "Omzet", "Ricavi"),
}  # fmt: skip

#: Headers that are Microsoft's own, beside "Spend".
OWN = (
    "Gregorian date", "GregorianDate", "gregoriandate", "Top vs. other", "topvsother", "Delivered match type",
    "deliveredmatchtype",
    "Bid match type", "bidmatchtype", "Ad distribution", "addistribution", "Conversions qualified",
    "conversionsqualified",
    "All conversions qualified", "Budget association status",
)  # fmt: skip

REPORT = AdPlatform(
    "microsoft_ads", "Microsoft Ads", "spend", COLUMNS, signs=(SPEND, OWN), titles=_TITLES, habit="mdy",
    prepare=prepare,
)  # fmt: skip

#: ``TimePeriod`` is X's word too, when it is written apart.
TIME_PERIOD = AdPlatform(
    "microsoft_ads", "Microsoft Ads", "spend", COLUMNS,
    signs=(SPEND, ("timeperiod", "TimePeriod"), ("Currency code", "Account ID", "Account name", "Device type",
                                                 "Revenue", "Network")),
    habit="mdy", prepare=prepare,
)  # fmt: skip

DAILY_REPORT = AdPlatform(
    "warehouse", "Microsoft Ads", "spend", COLUMNS,
    signs=(("Spend",), ("Date",), ("Top vs. other", "Delivered match type", "Bid match type",
                                   "Ad distribution", "Conversions qualified"), ("Account ID",)),
    prepare=prepare,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (DAILY_REPORT, REPORT, TIME_PERIOD)
