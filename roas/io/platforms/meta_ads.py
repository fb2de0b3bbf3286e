"""Meta: Ads Manager downloads, the Insights API, connector tables."""

from __future__ import annotations

from roas.io.platforms.base import Platform
from roas.io.platforms.meta_steps import WINDOWS, prepare, prepare_insights, say_side_table
from roas.io.platforms.steps import AdPlatform

# Languages in this order: en, de, fr, es, pt, nl, it, vi, sv, da, pl, ja.
DAY = ("Day", "Tag", "Jour", "Día", "Dia", "Dag", "Giorno", "Ngày", "Dzień", "日")
STARTS = (
    "Reporting starts", "Berichtsstart", "Berichtsbeginn", "Début des rapports", "Inicio del informe",
    "Início dos relatórios",
    "Start rapportage", "Inizio dei report", "Inizio report", "Lượt bắt đầu báo cáo", "Bắt đầu báo cáo",
    "Rapporteringsstart",
    "Rapporteringen startar", "Początek raportowania", "レポート開始日",
)  # fmt: skip
ENDS = (
    "Reporting ends", "Berichtsende", "Fin des rapports", "Fin del informe", "Encerramento dos relatórios",
    "Término dos relatórios",
    "Encerramento", "Einde rapportage", "Fine dei report", "Fine report", "Lượt kết thúc báo cáo",
    "Kết thúc báo cáo",
    "Rapporteringsslut", "Rapporteringen slutar", "Koniec raportowania", "レポート終了日",
)  # fmt: skip
CAMPAIGN = (
    "Campaign name", "Kampagnenname", "Name der Kampagne", "Nom de la campagne", "Nombre de la campaña",
    "Nome da campanha",
    "Campagnenaam", "Naam campagne", "Nome della campagna", "Nome campagna", "Tên chiến dịch",
    "Kampanjens namn", "Kampanjnamn",
    "Kampagnenavn", "Nazwa kampanii", "キャンペーン名",
)  # fmt: skip
CAMPAIGN_ID = (
    "Campaign ID", "Kampagnen-ID", "ID de la campagne", "Identificador de la campaña", "ID de la campaña",
    "Identificação da campanha",
    "ID da campanha", "Campagne-ID", "ID campagna", "ID della campagna", "ID chiến dịch", "Kampanj-id",
    "Identyfikator kampanii", "キャンペーンID",
)  # fmt: skip
AD_SET = (
    "Ad set name", "Name der Anzeigengruppe", "Anzeigengruppenname", "Nom de l'ensemble de publicités",
    "Nombre del conjunto de anuncios",
    "Nome do conjunto de anúncios", "Naam advertentieset", "Advertentiesetnaam",
    "Nome del gruppo di inserzioni", "Nome gruppo di inserzioni",
    "Tên nhóm quảng cáo", "Annonsuppsättningens namn", "Annoncesættets navn", "Nazwa zestawu reklam",
    "広告セット名",
)  # fmt: skip
AD_SET_ID = (
    "Ad set ID", "Anzeigengruppen-ID", "ID de l'ensemble de publicités",
    "Identificador del conjunto de anuncios",
    "Identificação do conjunto de anúncios", "Advertentieset-ID", "ID gruppo di inserzioni",
    "ID nhóm quảng cáo", "広告セットID",
)  # fmt: skip
AD = (
    "Ad name", "Anzeigenname", "Name der Werbeanzeige", "Nom de la publicité", "Nombre del anuncio",
    "Nome do anúncio", "Advertentienaam",
    "Naam advertentie", "Nome dell'inserzione", "Nome inserzione", "Tên quảng cáo", "Annonsens namn",
    "Annoncens navn", "Nazwa reklamy",
    "広告名", "広告の名前",
)  # fmt: skip
SPEND = (
    "Amount spent", "Ausgegebener Betrag", "Montant dépensé", "Importe gastado", "Valor usado", "Valor gasto",
    "Quantia gasta",
    "Montante gasto", "Besteed bedrag", "Importo speso", "Số tiền đã chi tiêu", "Số tiền chi tiêu",
    "Spenderat belopp", "Brugt beløb",
    "Wydana kwota", "消化金額",
)  # fmt: skip
CURRENCY = (
    "Currency",
    "Währung",
    "Devise",
    "Divisa",
    "Moneda",
    "Moeda",
    "Valuta",
    "Đơn vị tiền tệ",
    "Waluta",
    "通貨",
)
IMPRESSIONS = (
    "Impressions", "Impressionen", "Impresiones", "Impressões", "Weergaven", "Vertoningen", "Impression",
    "Impressioni", "Lượt hiển thị",
    "Visningar", "Visninger", "Wyświetlenia", "インプレッション",
)  # fmt: skip
REACH = (
    "Reach", "Reichweite", "Portée", "Couverture", "Alcance", "Bereik", "Copertura", "Người tiếp cận",
    "Số người tiếp cận", "Räckvidd",
    "Rækkevidde", "Zasięg", "リーチ",
)  # fmt: skip
LINK_CLICKS = (
    "Link clicks", "Link-Klicks", "Linkklicks", "Clics sur le lien", "Clics sur un lien",
    "Clics en el enlace", "Cliques no link",
    "Cliques na ligação", "Klikken op links", "Klikken op link", "Linkklikken", "Linkkliks", "Clic sul link",
    "Lượt click vào liên kết",
    "Lượt nhấp vào liên kết", "Länkklickningar", "Klik på link", "Kliknięcia linku", "リンクのクリック",
    "リンクのクリック数", "リンククリック",
)  # fmt: skip
ALL_CLICKS = (
    "Clicks (all)", "Klicks (alle)", "Clics (tous)", "Clics (todos)", "Cliques (todos)", "Klikken (alle)",
    "Clic (tutti)",
    "Lượt click (tất cả)", "Lượt nhấp (tất cả)", "Số lần nhấp (tất cả)", "Klick (alla)", "Klik (alle)",
    "Kliknięcia (wszystkie)",
    "クリック(すべて)", "Outbound clicks", "Clicks",
)  # fmt: skip
RESULTS = (
    "Results", "Ergebnisse", "Résultats", "Resultados", "Resultado", "Resultaten", "Risultati", "Kết quả",
    "Resultat", "Resultater", "Wyniki", "結果",
)  # fmt: skip
RESULT_TYPE = (
    "Result indicator", "Result type", "Ergebnisindikator", "Ergebnistyp", "Indicateur de résultat",
    "Indicateur de résultats",
    "Type de résultat", "Tipo de resultado", "Indicador de resultado", "Indicador de resultados",
    "Resultatenindicator",
    "Resultaatindicator", "Resultaattype", "Indicatore dei risultati", "Indicatore del risultato",
    "Indicatore risultato",
    "Tipo di risultato", "Loại kết quả", "Chỉ báo kết quả", "Resultatindikator", "Resultattyp",
    "Wskaźnik wyników", "結果インジケーター",
)  # fmt: skip
PURCHASES = (
    "Purchases", "Meta purchases", "Käufe", "Achats", "Compras", "Aankopen", "Acquisti", "Lượt mua",
    "Tổng số lượt mua", "Lượt mua trên Meta", "Köp", "Køb",
    "Zakupy", "購入", "購入数", "actions:omni_purchase", "actions:purchase", "Website purchases",
    "Website-Käufe", "Käufe auf der Website",
    "Achats sur le site web", "Compras en el sitio web", "Compras no site", "Aankopen op website",
    "Acquisti sul sito web",
    "Lượt mua trên trang web", "ウェブサイトでの購入", "actions:offsite_conversion.fb_pixel_purchase",
)  # fmt: skip
VALUE = (
    "Purchases conversion value", "Purchase conversion value", "Purchases value", "Conversion-Wert für Käufe",
    "Conversion-Wert von Käufen",
    "Wert der Kauf-Conversions", "Kauf-Conversion-Wert", "Valeur de conversion des achats",
    "Valeur de conversion d'achat",
    "Valor de conversión de compras", "Valor de conversión de las compras", "Valor de conversão da compra",
    "Valor de conversão de compra",
    "Valor de conversão de compras", "Conversiewaarde van aankopen", "Conversiewaarde aankopen",
    "Conversiewaarde van aankoop",
    "Valore di conversione degli acquisti", "Valore di conversione dell'acquisto",
    "Giá trị chuyển đổi từ lượt mua",
    "Giá trị chuyển đổi lượt mua", "Konverteringsvärde för köp", "Konverteringsværdi for køb",
    "Wartość konwersji zakupów",
    "購入のコンバージョン値", "action_values:omni_purchase", "action_values:purchase",
    "Website purchases conversion value",
    "Website purchase conversion value", "Valor de conversión de compras en el sitio web",
    "Conversiewaarde van aankopen op website",
    "action_values:offsite_conversion.fb_pixel_purchase",
)  # fmt: skip
PLACEMENT = (
    "Placement",
    "Platform",
    "Plattform",
    "Plateforme",
    "Plataforma",
    "Piattaforma",
    "Nền tảng",
    "Publisher platform",
)

#: Beside "Amount spent", which Snapchat and Reddit write too.
OWN = (
    *DAY, *STARTS, *ENDS, *AD_SET[:1], *LINK_CLICKS, *ALL_CLICKS[:-1], *RESULTS, *RESULT_TYPE, *REACH,
    "Frequency", "Attribution setting",
    "Campaign delivery", "Ad set delivery", "Ad delivery", "Cost per results", "Cost per result", *VALUE[:2],
    *CAMPAIGN[1:],
)  # fmt: skip

INTERFACE = AdPlatform(
    "meta_ads", "Meta", "spend",
    {
        "date": DAY, "range_start": STARTS, "range_end": ENDS, "week": ("Week",), "month": ("Month",),
        "hour": ("Time of day (ad account time zone)", "Time of day (viewer's time zone)"),
        "account": ("Account name", "Kontoname", "Name des Werbekontos", "Nom du compte",
                    "Nombre de la cuenta", "Nome da conta",
                    "Accountnaam", "Nome dell'account", "Tên tài khoản", "アカウント名", "Account ID"),
        "campaign": CAMPAIGN, "campaign_id": CAMPAIGN_ID, "ad_group": AD_SET, "ad_group_id": AD_SET_ID,
        "creative": AD,
        "creative_id": ("Ad ID", "Anzeigen-ID", "ID de la publicité", "Identificador del anuncio",
                        "Advertentie-ID", "ID quảng cáo"),
        "geo": ("Country", "Land", "Pays", "País", "Paese", "Quốc gia", "Region", "DMA region"),
        "device": ("Impression device", "Device platform"), "placement": PLACEMENT, "currency": CURRENCY,
        "spend": SPEND,
        "impressions": IMPRESSIONS, "reach": REACH, "clicks": (*LINK_CLICKS, *ALL_CLICKS),
        "conversions": (*PURCHASES, *(w.format(n) for n in PURCHASES[:3] for w in WINDOWS)),
        "conversion_value": (*VALUE, *(w.format(n) for n in VALUE[:3] for w in WINDOWS)),
        "results": RESULTS, "result_type": RESULT_TYPE, "results_value": ("Results value", "Result value"),
    },
    signs=(SPEND, OWN), numbers=frozenset({"results", "results_value"}), prepare=prepare,
)  # fmt: skip

INSIGHTS = AdPlatform(
    "meta_ads", "Meta", "spend",
    {
        "range_start": ("date start", "datestart"), "range_end": ("date stop", "datestop"),
        "account": ("account name", "account id"), "campaign": ("campaign name",),
        "campaign_id": ("campaign id",),
        "ad_group": ("adset name", "ad set name"), "ad_group_id": ("adset id",), "creative": ("ad name",),
        "creative_id": ("ad id",),
        "geo": ("country", "region", "dma"), "device": ("impression device", "device platform"),
        "placement": ("publisher platform", "platform position", "placement"),
        "currency": ("account currency",), "spend": ("spend",),
        "impressions": ("impressions",), "reach": ("reach",), "clicks": ("inline link clicks", "clicks"),
        "conversions": ("actions:purchase", "actions:omni_purchase",
                        "actions:offsite_conversion.fb_pixel_purchase", "purchases"),
        "conversion_value": ("action_values:purchase", "action_values:omni_purchase",
                             "action_values:offsite_conversion.fb_pixel_purchase",
                             "purchase value", "purchases value"),
        "actions": ("actions",), "action_values": ("action values",),
    },
    signs=(("date start", "datestart"), ("spend",), ("date stop", "datestop", "inline link clicks",
                                                     "adset name", "actions", "account currency")),
    prepare=prepare_insights,
)  # fmt: skip

BASIC_AD = AdPlatform(
    "warehouse", "Meta", "spend",
    {**INSIGHTS.columns, "range_start": (), "range_end": (), "date": ("date", "date day")},
    signs=(("spend",), ("inline link clicks",), ("date", "date day")), prepare=prepare_insights,
)  # fmt: skip

#: Actions beside the ads, one row an action type: their values and counts
#: cannot be told apart by the header.
ACTIONS = Platform(
    "warehouse", "Meta", "other",
    {"date": ("date",), "creative_id": ("ad id",), "campaign_id": ("campaign id",),
     "result_type": ("action type",), "results": ("value",)},
    signs=(("action type",), ("value",), ("7 d click", "1 d view", "fivetran id"),
           ("ad id", "adset id", "campaign id", "account id")),
    numbers=frozenset({"results"}), prepare=say_side_table,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (INTERFACE, INSIGHTS, BASIC_AD, ACTIONS)
