// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/money.h"
#include "gateway/core/token_usage.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Prices of one model, in dollars a million tokens. A model without an input price has no Prices at all.
struct Prices
{
    Money input;
    Money output;
    std::optional<Money> cachedInput {};      ///< absent: as input
    std::optional<Money> cacheWrite {};       ///< five minutes; absent: as input
    std::optional<Money> cacheWrite1h {};     ///< absent: as cacheWrite
    std::optional<Money> audioInput {}, audioOutput {}; ///< absent: unknown, where anything costs at all
    std::optional<Money> cachedAudio {};      ///< absent: as cachedInput
    /// A call with more input tokens than `above` pays these prices for all its tokens.
    struct Tier
    {
        std::int64_t above = 0;
        Money input;
        Money output;
        std::optional<Money> cachedInput {}, cacheWrite {}, cacheWrite1h {}; ///< raised as input is, where the catalogue does not say
        bool operator==(const Tier &) const = default;
    };
    std::optional<Tier> tier {};
    bool operator==(const Prices &) const = default;
};

/// What a call costs: uncached, cached, cache-written, audio and output tokens at their own prices (wire.md 4.3), each with a
/// 128-bit product and one half-even rounding to nano-dollars (config.md). Audio without a price of its own costs as text.
[[nodiscard]] Money cost(const Prices &prices, const TokenUsage &usage);
/// The same; nullopt where the price of anything that was used is unknown.
[[nodiscard]] std::optional<Money> cost(const std::optional<Prices> &prices, const TokenUsage &usage);

/// What is known of one model of one provider kind.
struct ModelFacts
{
    std::string id;                            ///< the catalogue's id that answered; empty: the catalogue has none
    bool embedding = false;
    std::optional<Prices> prices {};           ///< nullopt: unknown, never zero
    std::optional<std::int64_t> contextWindow {}, maxOutput {}, embeddingDimensions {};
    std::optional<bool> tools {}, vision {}, jsonSchema {}, reasoning {};
    std::optional<bool> audio {};              ///< the catalogue does not say; a configuration may
    std::string source {}, sourceDate {};      ///< where the row comes from
};

/// What a configuration says of a model instead of the catalogue (providers[].models); absent fields stay.
struct ModelOverrides
{
    std::optional<Money> input {}, output {}, cachedInput {}, cacheWrite {}, cacheWrite1h {};
    std::optional<std::int64_t> contextWindow {}, maxOutput {};
    std::optional<Money> audioInput {}, cachedAudio {}, audioOutput {};
    std::optional<bool> tools {}, vision {}, jsonSchema {}, audio {};
};

/// The price catalogue: prices, limits and capabilities by provider kind and model id. Immutable, thread-safe.
/// Not for the hot path: look a target up when the configuration is compiled.
class PriceBook
{
public:
    PriceBook() = default;

    /// Reads the catalogue's CSV (resources/prices.csv; columns are found by their names, RFC 4180 quoting).
    /// Invalid with line and column for text that is no such table.
    static Result<PriceBook> parse(std::string_view csv);

    /// The first of these that is listed:
    ///   1. the id as it is, under this kind;
    ///   2. without its release ("-2024-08-06", "-20250514", "@20251001", "-0613", "-latest"), except for releases that
    ///      are known to have had a price of their own; and an undated id finds its newest dated row
    ///      ("claude-sonnet-4" -> "claude-sonnet-4-20250514");
    ///   3. openrouter: "vendor/model" under the vendor's kind, "." and "-" in version numbers being alike
    ///      ("anthropic/claude-opus-4.5" -> anthropic's claude-opus-4-5); ":free" costs a known zero;
    ///   4. azure by OpenAI's row, vertex by gemini's, gemini without "models/", bedrock without its region ("eu.").
    /// Local kinds (ollama, vllm, lmstudio, llamacpp) cost a known zero; their limits are unknown.
    /// openai-compatible may be anybody: unknown until the configuration says a price.
    [[nodiscard]] ModelFacts find(std::string_view kind, std::string_view model) const;

    /// The same with a configuration's word over it. Prices need an input and an output price, from either side (an
    /// embedding row has no output to pay): else they stay unknown. An input or output price of the configuration holds
    /// for calls of every length: the catalogue's tier is off. For anthropic, an input price set without cache prices
    /// brings those by Anthropic's ratios (read 0.1, write 1.25, one hour 2).
    [[nodiscard]] ModelFacts find(std::string_view kind, std::string_view model, const ModelOverrides &overrides) const;

    /// Every id listed for a kind, sorted.
    [[nodiscard]] std::vector<std::string> models(std::string_view kind) const;
    [[nodiscard]] std::size_t size() const;

private:
    using Models = std::map<std::string, ModelFacts, std::less<>>;
    std::map<std::string, Models, std::less<>> m_kinds;

    [[nodiscard]] const ModelFacts *listed(std::string_view kind, std::string_view model) const;
    [[nodiscard]] const ModelFacts *listedOrRelease(std::string_view kind, std::string_view model) const;
    [[nodiscard]] const ModelFacts *listedElsewhere(std::string_view kind, std::string_view model) const;
};

/// Kinds that run on the user's own machine: no price but electricity.
[[nodiscard]] bool isLocalKind(std::string_view kind);

} // namespace gateway
