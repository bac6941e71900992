// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/catalogue.h"

#include "gateway/pipeline/model_overrides.h"
#include "resources/catalogue.h"

#include <algorithm>

namespace gateway::api {

namespace {

const PriceBook &priceBook()
{
    static const PriceBook book = PriceBook::parse(resources::priceCatalogue()).value_or(PriceBook());
    return book;
}

config::ModelSettings figuresOf(const ModelFacts &facts, std::string_view model)
{
    config::ModelSettings settings;
    settings.id = std::string(model);
    settings.context = facts.contextWindow;
    settings.maxOutput = facts.maxOutput;
    if (facts.prices) {
        settings.inputPerMtok = facts.prices->input;
        settings.outputPerMtok = facts.prices->output;
        settings.cachedInputPerMtok = facts.prices->cachedInput;
        settings.cacheWritePerMtok = facts.prices->cacheWrite;
        settings.cacheWrite1hPerMtok = facts.prices->cacheWrite1h;
        settings.audioInputPerMtok = facts.prices->audioInput;
        settings.cachedAudioPerMtok = facts.prices->cachedAudio;
        settings.audioOutputPerMtok = facts.prices->audioOutput;
    }
    return settings;
}

} // namespace

config::ModelSettings catalogueModel(std::string_view kind, std::string_view model)
{
    return figuresOf(priceBook().find(kind, model), model);
}

std::vector<std::string> catalogueModels(std::string_view kind)
{
    return priceBook().models(kind);
}

ModelPrice effectiveModel(std::string_view kind, const config::ModelSettings &own)
{
    const ModelFacts facts = priceBook().find(kind, own.id, pipeline::overridesOf(own));
    ModelPrice price {.effective = figuresOf(facts, own.id), .source = facts.source, .sourceDate = facts.sourceDate, .priced = facts.prices.has_value()};
    if (facts.prices)
        price.tier = facts.prices->tier;
    price.effective.tools = facts.tools;
    price.effective.vision = facts.vision;
    price.effective.jsonSchema = facts.jsonSchema;
    price.effective.audio = facts.audio;
    return price;
}

std::optional<Prices> pricesOf(const config::Provider &provider, std::string_view model)
{
    const auto own = std::ranges::find(provider.models, model, [](const config::ModelSettings &each) -> std::string_view { return each.id; });
    return own == provider.models.end() ? priceBook().find(provider.kind, model).prices : priceBook().find(provider.kind, model, pipeline::overridesOf(*own)).prices;
}

} // namespace gateway::api
