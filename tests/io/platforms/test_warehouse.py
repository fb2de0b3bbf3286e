"""Warehouse tables and cost uploads: platforms and sources become channels."""

from __future__ import annotations

import pytest

from roas.io.platforms.channel_names import channel_name, channel_of_source
from tests.io.platforms.reading import read


def test_warehouse_platforms_become_channels():
    named = {
        "google_ads": "Google Ads",
        "facebook_ads": "Meta",
        "microsoft_ads": "Microsoft Ads",
        "tiktok_ads": "TikTok",
        "linkedin_ads": "LinkedIn",
        "pinterest_ads": "Pinterest",
        "snapchat_ads": "Snapchat",
        "amazon_ads": "Amazon Ads",
        "reddit_ads": "Reddit",
        "twitter_ads": "X",
        "apple_search_ads": "Apple Search Ads",
        "criteo": "criteo",
    }
    content = "date_day,platform,campaign_name,spend\n" + "".join(f"2025-01-01,{n},c,1\n" for n in named)
    table = read(content, "warehouse")
    assert table.frame["channel"].tolist() == list(named.values())
    assert table.frame["platform"].tolist() == list(named)


@pytest.mark.parametrize("name", ["facebook-ads", "Facebook Ads", "FACEBOOK", "meta_ads", "Instagram"])
def test_a_channel_is_known_in_any_spelling(name):
    assert channel_name(name) == "Meta"


def test_a_source_is_a_channel_only_where_it_was_paid():
    assert channel_of_source("bing", "cpc") == "Microsoft Ads"
    assert channel_of_source("bing", "organic") == "bing / organic"
    assert channel_of_source("facebook", "paid_social") == "Meta"


def test_a_cost_upload_reads_source_and_medium():
    table = read(
        "date,source,medium,campaign,adContent,keyword,adCost,adClicks,impressions,currency\n"
        "2025-01-01,google,cpc,Brand,,,12.5,3,100,EUR\n2025-01-01,criteo,display,All,,,2.5,1,50,EUR\n",
        "warehouse",
    )
    assert table.frame["channel"].tolist() == ["Google Ads", "criteo"]
    assert table.frame["spend"].tolist() == [12.5, 2.5]
