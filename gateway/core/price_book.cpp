// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/price_book.h"

#include "gateway/core/price_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace gateway {

namespace {

constexpr std::array<std::string_view, 4> localKinds {"ollama", "vllm", "lmstudio", "llamacpp"};

/// Releases whose price is not that of the undated model: unknown is better than wrong.
constexpr std::array<std::string_view, 7> pricedOnTheirOwn {"gpt-4o-2024-05-13",      "gpt-3.5-turbo-0301",                 "gpt-3.5-turbo-0613",             "gpt-3.5-turbo-1106",
                                                            "gpt-3.5-turbo-16k-0613", "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-audio-preview-2024-10-01"};

/// OpenRouter's names for vendors whose own price list is in the catalogue.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> vendors {{{"openai", "openai"},
                                                                                 {"anthropic", "anthropic"},
                                                                                 {"google", "gemini"},
                                                                                 {"mistralai", "mistral"},
                                                                                 {"deepseek", "deepseek"},
                                                                                 {"x-ai", "xai"},
                                                                                 {"perplexity", "perplexity"},
                                                                                 {"moonshotai", "moonshot"},
                                                                                 {"cohere", "cohere"}}};

constexpr std::array<std::string_view, 5> bedrockRegions {"us.", "eu.", "apac.", "global.", "us-gov."};

bool allDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "2024-08-06" or "20250514"
bool isDate(std::string_view text)
{
    if (text.size() == 8)
        return allDigits(text) && text.starts_with("20");
    return text.size() == 10 && text[4] == '-' && text[7] == '-' && allDigits(text.substr(0, 4)) && allDigits(text.substr(5, 2)) && allDigits(text.substr(8, 2));
}

/// How many bytes at the end of an id name its release; 0: none.
std::size_t releaseLength(std::string_view id)
{
    for (const std::size_t length : {std::size_t {10}, std::size_t {8}}) {
        if (id.size() > length + 1 && isDate(id.substr(id.size() - length)) && (id[id.size() - length - 1] == '-' || id[id.size() - length - 1] == '@'))
            return length + 1;
    }
    if (id.size() > 5 && id[id.size() - 5] == '-' && allDigits(id.substr(id.size() - 4)))
        return 5;
    constexpr std::string_view latest = "-latest";
    return id.size() > latest.size() && id.ends_with(latest) ? latest.size() : 0;
}

std::string withDashes(std::string_view id)
{
    std::string dashed(id);
    std::replace(dashed.begin(), dashed.end(), '.', '-');
    return dashed;
}

Money ratio(Money price, std::int64_t numerator, std::int64_t denominator)
{
    // perMillion is the one place that rounds: price * numerator * (million / denominator) / million.
    return price.perMillion(numerator * (1'000'000 / denominator));
}

} // namespace

bool isLocalKind(std::string_view kind)
{
    return std::find(localKinds.begin(), localKinds.end(), kind) != localKinds.end();
}

Money cost(const Prices &prices, const TokenUsage &usage)
{
    const bool high = prices.tier && usage.input > prices.tier->above;
    const Money input = high ? prices.tier->input : prices.input;
    const Money output = high ? prices.tier->output : prices.output;
    const Money cached = (high ? prices.tier->cachedInput : prices.cachedInput).value_or(input);
    const Money write = (high ? prices.tier->cacheWrite : prices.cacheWrite).value_or(input);
    const Money write1h = (high ? prices.tier->cacheWrite1h : prices.cacheWrite1h).value_or(write);

    // A provider's figures may not add up: what is said to be cached, or audio, never makes the rest negative.
    const std::int64_t cachedAudio = std::clamp<std::int64_t>(usage.cachedAudio, 0, std::min(usage.cachedInput, usage.audioInput));
    const std::int64_t freshAudio = usage.audioInput - cachedAudio;
    const std::int64_t fresh = std::max<std::int64_t>(usage.input - usage.cachedInput - usage.cacheWrite - usage.cacheWrite1h - freshAudio, 0);
    const std::int64_t audioOutput = std::clamp<std::int64_t>(usage.audioOutput, 0, usage.output);
    return input.perMillion(fresh) + prices.audioInput.value_or(input).perMillion(freshAudio) + cached.perMillion(usage.cachedInput - cachedAudio)
        + prices.cachedAudio.value_or(cached).perMillion(cachedAudio) + write.perMillion(usage.cacheWrite) + write1h.perMillion(usage.cacheWrite1h)
        + output.perMillion(usage.output - audioOutput) + prices.audioOutput.value_or(output).perMillion(audioOutput);
}

std::optional<Money> cost(const std::optional<Prices> &prices, const TokenUsage &usage)
{
    if (!prices)
        return std::nullopt;
    const bool isFree = prices->input == Money() && prices->output == Money();
    const bool unknownAudio = (usage.audioInput > 0 && !prices->audioInput) || (usage.audioOutput > 0 && !prices->audioOutput);
    return unknownAudio && !isFree ? std::nullopt : std::optional(cost(*prices, usage));
}

Result<PriceBook> PriceBook::parse(std::string_view csv)
{
    auto rows = readPriceTable(csv);
    if (!rows)
        return std::unexpected(std::move(rows.error()));
    PriceBook book;
    for (PriceRow &row : *rows) {
        std::string id = row.facts.id;
        book.m_kinds[row.provider].insert_or_assign(std::move(id), std::move(row.facts));
    }
    return book;
}

const ModelFacts *PriceBook::listed(std::string_view kind, std::string_view model) const
{
    const auto models = m_kinds.find(kind);
    if (models == m_kinds.end())
        return nullptr;
    const auto found = models->second.find(model);
    return found == models->second.end() ? nullptr : &found->second;
}

const ModelFacts *PriceBook::listedOrRelease(std::string_view kind, std::string_view model) const
{
    if (const ModelFacts *exact = listed(kind, model))
        return exact;
    if (std::find(pricedOnTheirOwn.begin(), pricedOnTheirOwn.end(), model) != pricedOnTheirOwn.end())
        return nullptr;
    std::string_view undated = model;
    if (const std::size_t length = releaseLength(model)) {
        undated.remove_suffix(length);
        if (const ModelFacts *found = listed(kind, undated))
            return found;
        if (!model.ends_with("-latest"))
            return nullptr; // another release of a model that is only listed dated: a price of its own
    }
    const auto models = m_kinds.find(kind);
    if (models == m_kinds.end())
        return nullptr;
    const ModelFacts *newest = nullptr;
    for (auto row = models->second.lower_bound(undated); row != models->second.end() && row->first.starts_with(undated); ++row) {
        const std::string_view rest = std::string_view(row->first).substr(undated.size());
        if (rest.size() > 1 && (rest[0] == '-' || rest[0] == '@') && isDate(rest.substr(1)))
            newest = &row->second; // sorted by date, as dates of one form are
    }
    return newest;
}

/// The rules for kinds that offer others' models (3 and 4 of find).
const ModelFacts *PriceBook::listedElsewhere(std::string_view kind, std::string_view model) const
{
    if (kind == "openrouter") {
        const std::size_t slash = model.find('/');
        if (slash == std::string_view::npos)
            return nullptr;
        for (const auto &[name, vendorKind] : vendors) {
            if (name != model.substr(0, slash))
                continue;
            const std::string_view rest = model.substr(slash + 1);
            const ModelFacts *found = listedOrRelease(vendorKind, rest);
            return found ? found : listedOrRelease(vendorKind, withDashes(rest));
        }
    }
    if (kind == "azure")
        return listedOrRelease("openai", model);
    if (kind == "vertex")
        return listedOrRelease("gemini", model);
    if (kind == "gemini" && model.starts_with("models/"))
        return listedOrRelease(kind, model.substr(std::string_view("models/").size()));
    if (kind == "bedrock") {
        for (const std::string_view region : bedrockRegions) {
            if (model.starts_with(region))
                return listedOrRelease(kind, model.substr(region.size()));
        }
    }
    return nullptr;
}

ModelFacts PriceBook::find(std::string_view kind, std::string_view model) const
{
    if (isLocalKind(kind))
        return {.prices = Prices {}};
    constexpr std::string_view free = ":free";
    const bool isFree = kind == "openrouter" && model.ends_with(free);
    if (isFree)
        model.remove_suffix(free.size());

    const ModelFacts *found = listedOrRelease(kind, model);
    if (!found)
        found = listedElsewhere(kind, model);
    ModelFacts facts = found ? *found : ModelFacts {};
    if (isFree)
        facts.prices = Prices {};
    return facts;
}

ModelFacts PriceBook::find(std::string_view kind, std::string_view model, const ModelOverrides &overrides) const
{
    ModelFacts facts = find(kind, model);
    if (overrides.contextWindow)
        facts.contextWindow = overrides.contextWindow;
    if (overrides.maxOutput)
        facts.maxOutput = overrides.maxOutput;
    const auto set = [](std::optional<bool> &fact, const std::optional<bool> &own) { fact = own ? own : fact; };
    set(facts.tools, overrides.tools);
    set(facts.vision, overrides.vision);
    set(facts.jsonSchema, overrides.jsonSchema);
    set(facts.audio, overrides.audio);

    const bool hasInput = overrides.input || facts.prices;
    const bool hasOutput = overrides.output || facts.prices || facts.embedding;
    if (!hasInput || !hasOutput) {
        facts.prices.reset();
        return facts;
    }
    Prices prices = facts.prices.value_or(Prices {});
    if (overrides.input || overrides.output)
        prices.tier.reset();
    if (overrides.input && kind == "anthropic" && !overrides.cachedInput && !overrides.cacheWrite && !overrides.cacheWrite1h) {
        prices.cachedInput = ratio(*overrides.input, 1, 10);
        prices.cacheWrite = ratio(*overrides.input, 5, 4);
        prices.cacheWrite1h = ratio(*overrides.input, 2, 1);
    }
    prices.input = overrides.input.value_or(prices.input);
    prices.output = overrides.output.value_or(prices.output);
    if (overrides.cachedInput)
        prices.cachedInput = overrides.cachedInput;
    if (overrides.cacheWrite)
        prices.cacheWrite = overrides.cacheWrite;
    if (overrides.cacheWrite1h)
        prices.cacheWrite1h = overrides.cacheWrite1h;
    for (const auto &[price, own] : {std::pair(&Prices::audioInput, overrides.audioInput), std::pair(&Prices::cachedAudio, overrides.cachedAudio), std::pair(&Prices::audioOutput, overrides.audioOutput)}) {
        if (own)
            prices.*price = own;
    }
    facts.prices = prices;
    return facts;
}

std::vector<std::string> PriceBook::models(std::string_view kind) const
{
    std::vector<std::string> ids;
    if (const auto models = m_kinds.find(kind); models != m_kinds.end()) {
        for (const auto &[id, facts] : models->second)
            ids.push_back(id);
    }
    return ids;
}

std::size_t PriceBook::size() const
{
    std::size_t count = 0;
    for (const auto &[kind, models] : m_kinds)
        count += models.size();
    return count;
}

} // namespace gateway
