// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/problem.h"
#include "gateway/config/values.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// What config.md has of the cache: the section `cache`, and a route's own `cache` and `prompt_cache`.
namespace gateway::config {

struct ExactCache
{
    std::int64_t maxEntries = 100'000;
    std::int64_t maxBytes = std::int64_t {256} * 1024 * 1024;
    bool persist = true; ///< answers are kept over a restart
    bool operator==(const ExactCache &) const = default;
};

/// What makes vectors of questions: a provider's embeddings model, or the built-in vectoriser, written `lexical`.
struct EmbedWith
{
    bool lexical = false;
    std::string provider, model; ///< empty where it is lexical
    bool operator==(const EmbedWith &) const = default;
};

struct SemanticCache
{
    EmbedWith embedWith;
    double threshold = 0.92; ///< the smallest likeness (cosine) that is a hit
    std::int64_t maxEntries = 100'000;
    bool operator==(const SemanticCache &) const = default;
};

struct CacheSettings
{
    ExactCache exact;
    std::optional<SemanticCache> semantic;
    bool operator==(const CacheSettings &) const = default;
};

enum class CacheMode : std::uint8_t { Off, Exact, Semantic };

/// Who shares answers.
enum class CacheShare : std::uint8_t {
    Team,    ///< keys of one team; a key without a team with nobody
    Key,     ///< nobody but the key itself
    Everyone ///< all who may call the route
};

struct RouteCache
{
    CacheMode mode = CacheMode::Exact;
    Millis ttl = std::chrono::minutes {10};
    CacheShare share = CacheShare::Team;
    std::string nameSpace;           ///< `namespace`: answers of two are apart
    std::optional<double> threshold; ///< in place of the section's
    bool operator==(const RouteCache &) const = default;
};

/// Whether a route's requests get marks for the provider's own cache of prompts, where their callers set none.
enum class CacheMarks : std::uint8_t {
    Off, ///< they go out as they came
    Auto ///< where the provider wants marks, and they pay (stages/attempts/cache_marking.h)
};

/// How long the provider keeps what is marked, counted from its last use.
enum class PromptLife : std::uint8_t { FiveMinutes, OneHour };

/// A route's `prompt_cache`: of the provider's cache of what prompts begin with, not of answers.
struct PromptCache
{
    CacheMarks marks = CacheMarks::Off;
    PromptLife life = PromptLife::FiveMinutes; ///< `ttl`
    bool operator==(const PromptCache &) const = default;
};

std::string_view toText(CacheMode mode);
std::string_view toText(CacheShare share);
std::string_view toText(CacheMarks marks);
std::string_view toText(PromptLife life); ///< "5m", "1h", as Anthropic writes them too
/// The same as a time.
Millis lifeOf(PromptLife life);

/// Reads the section alone, of JSON with the fields of the configuration file, with its values checked; texts are literal.
/// Never throws. @return what is wrong, all of it
std::expected<CacheSettings, Problems> readCacheSettings(std::string_view json);
/// The same of a route's own.
std::expected<RouteCache, Problems> readRouteCache(std::string_view json);
/// The same of a route's `prompt_cache`.
std::expected<PromptCache, Problems> readPromptCache(std::string_view json);

} // namespace gateway::config
