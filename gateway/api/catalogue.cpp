// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/catalogue.h"

#include "gateway/core/price_book.h"
#include "resources/catalogue.h"

namespace gateway::api {

config::ModelSettings catalogueModel(std::string_view kind, std::string_view model)
{
    static const Result<PriceBook> book = PriceBook::parse(resources::priceCatalogue());
    config::ModelSettings settings;
    settings.id = std::string(model);
    if (!book)
        return settings;
    const ModelFacts facts = book->find(kind, model);
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

} // namespace gateway::api
