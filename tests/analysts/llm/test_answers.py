"""A question through the whole pipeline with a model that answers over real HTTP."""

import pytest

PROVIDERS = {"openai": "openai:fake", "responses": "openai-responses:fake", "anthropic": "anthropic:fake"}


@pytest.mark.parametrize("name", PROVIDERS)
async def test_each_provider_plans_and_speaks(provider, asked, replies, name):
    provider.replies = [
        replies["plan"](),
        replies["say"]("Grão comes ", "first with 3,678. ", "Then come ", "the others."),
    ]
    url = provider.url.removesuffix("/v1") if name == "anthropic" else provider.url
    answer, events = await asked(model=PROVIDERS[name], model_url=url)
    assert answer.status == "answered", answer.failure
    assert answer.text == "Grão comes first with 3,678. Then come the others."
    assert answer.table.rows[0] == ("Grão", 3678)
    assert answer.blocks[0].spans[0].confirmed
    assert events[-1].tokens == 240
    assert all("secret-key" in key for key in provider.keys)
    assert "secret-key" not in provider.told
