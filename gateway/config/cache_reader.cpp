// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/cache_text.h"
#include "gateway/config/section_json.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::string_view lexical = "lexical";

void readWhole(MapReader &map, std::string_view key, std::int64_t &out)
{
    std::optional<std::int64_t> value;
    map.read(key, value);
    out = value.value_or(out);
}

void readExact(Reading &reading, const Node &node, const std::string &field, ExactCache &out)
{
    MapReader map(reading, node, field, "exact cache");
    readWhole(map, "max_entries", out.maxEntries);
    map.readSize("max_bytes", out.maxBytes);
    map.read("persist", out.persist);
    map.finish();
}

void readEmbedWith(Reading &reading, const Node &node, const std::string &field, EmbedWith &out)
{
    if (node.kind == Node::Kind::Scalar) {
        out.lexical = node.text == lexical;
        if (!out.lexical)
            reading.error(node, field, fmt::format("`{}`: {} is no vectoriser; write lexical, or {{ provider: NAME, model: NAME }}", field, jsonQuoted(node.text)));
        return;
    }
    MapReader map(reading, node, field, "embed_with");
    map.read("provider", out.provider);
    map.read("model", out.model);
    map.finish();
}

SemanticCache readSemantic(Reading &reading, const Node &node, const std::string &field)
{
    SemanticCache semantic;
    MapReader map(reading, node, field, "semantic cache");
    if (const Node *with = map.take("embed_with"))
        readEmbedWith(reading, *with, map.at("embed_with"), semantic.embedWith);
    else if (map.isMap())
        reading.error(node, map.at("embed_with"), fmt::format("`{}` is missing; write lexical, or {{ provider: NAME, model: NAME }}", map.at("embed_with")));
    map.read("threshold", semantic.threshold);
    readWhole(map, "max_entries", semantic.maxEntries);
    map.finish();
    return semantic;
}

void checkThreshold(Checks &checks, const std::string &field, double threshold)
{
    if (!(threshold > 0 && threshold <= 1))
        checks.error(field, fmt::format("{} is no likeness; write one above 0 and at most 1, such as 0.92", threshold));
    else if (threshold < 0.7)
        checks.warn(field, fmt::format("at {} questions count as the same that are not; 0.9 and more is usual", threshold));
}

constexpr std::int64_t mostEntries = 10'000'000;
constexpr std::int64_t mostBytes = std::int64_t {1} << 40;
constexpr std::size_t longestNameSpace = 100;

} // namespace

std::string_view toText(CacheMode mode)
{
    switch (mode) {
    case CacheMode::Off: return "off";
    case CacheMode::Exact: return "exact";
    case CacheMode::Semantic: return "semantic";
    }
    return {};
}

std::string_view toText(CacheShare share)
{
    switch (share) {
    case CacheShare::Team: return "team";
    case CacheShare::Key: return "key";
    case CacheShare::Everyone: return "everyone";
    }
    return {};
}

std::string_view toText(CacheMarks marks)
{
    return marks == CacheMarks::Auto ? "auto" : "off";
}

std::string_view toText(PromptLife life)
{
    return life == PromptLife::OneHour ? "1h" : "5m";
}

Millis lifeOf(PromptLife life)
{
    return life == PromptLife::OneHour ? Millis(std::chrono::hours {1}) : Millis(std::chrono::minutes {5});
}

CacheSettings readCacheSettings(Reading &reading, const Node &node, const std::string &field)
{
    CacheSettings settings;
    MapReader map(reading, node, field, "cache");
    if (const Node *exact = map.takeMap("exact"))
        readExact(reading, *exact, map.at("exact"), settings.exact);
    if (const Node *semantic = map.takeMap("semantic"))
        settings.semantic = readSemantic(reading, *semantic, map.at("semantic"));
    map.finish();
    return settings;
}

RouteCache readRouteCache(Reading &reading, const Node &node, const std::string &field)
{
    RouteCache cache;
    MapReader map(reading, node, field, "route's cache");
    map.readChoice("mode", cache.mode, {CacheMode::Off, CacheMode::Exact, CacheMode::Semantic});
    map.read("ttl", cache.ttl);
    map.readChoice("share", cache.share, {CacheShare::Team, CacheShare::Key, CacheShare::Everyone});
    map.read("namespace", cache.nameSpace);
    if (map.node().find("threshold") != nullptr)
        map.read("threshold", cache.threshold.emplace(0));
    map.finish();
    return cache;
}

PromptCache readPromptCache(Reading &reading, const Node &node, const std::string &field)
{
    PromptCache cache;
    MapReader map(reading, node, field, "route's prompt_cache");
    map.readChoice("marks", cache.marks, {CacheMarks::Off, CacheMarks::Auto});
    map.readChoice("ttl", cache.life, {PromptLife::FiveMinutes, PromptLife::OneHour});
    map.finish();
    return cache;
}

void checkCacheSettings(Checks &checks, const std::string &field, const CacheSettings &settings)
{
    checks.range(field + ".exact.max_entries", settings.exact.maxEntries, 0, mostEntries);
    checks.size(field + ".exact.max_bytes", settings.exact.maxBytes, 0, mostBytes);
    if (!settings.semantic)
        return;
    const EmbedWith &with = settings.semantic->embedWith;
    if (!with.lexical && (with.provider.empty() || with.model.empty()))
        checks.error(field + ".semantic.embed_with", "`embed_with` names a provider and its embeddings model; write { provider: NAME, model: NAME }, or lexical");
    checkThreshold(checks, field + ".semantic.threshold", settings.semantic->threshold);
    checks.range(field + ".semantic.max_entries", settings.semantic->maxEntries, 1, mostEntries);
}

void checkRouteCache(Checks &checks, const std::string &field, const RouteCache &cache)
{
    checks.duration(field + ".ttl", cache.ttl, std::chrono::seconds {1}, std::chrono::days {365});
    if (cache.threshold)
        checkThreshold(checks, field + ".threshold", *cache.threshold);
    if (cache.nameSpace.size() > longestNameSpace || hasBlank(cache.nameSpace))
        checks.error(field + ".namespace", fmt::format("{} is no namespace; write at most {} characters without blanks", jsonQuoted(cache.nameSpace), longestNameSpace));
}

std::expected<CacheSettings, Problems> readCacheSettings(std::string_view json)
{
    return readSection<CacheSettings>(
        json, [](Reading &reading, const Node &node) { return readCacheSettings(reading, node, "cache"); },
        [](Checks &checks, const CacheSettings &settings) { checkCacheSettings(checks, "cache", settings); });
}

std::expected<RouteCache, Problems> readRouteCache(std::string_view json)
{
    return readSection<RouteCache>(
        json, [](Reading &reading, const Node &node) { return readRouteCache(reading, node, "cache"); },
        [](Checks &checks, const RouteCache &cache) { checkRouteCache(checks, "cache", cache); });
}

std::expected<PromptCache, Problems> readPromptCache(std::string_view json)
{
    return readSection<PromptCache>(
        json, [](Reading &reading, const Node &node) { return readPromptCache(reading, node, "prompt_cache"); },
        [](Checks &, const PromptCache &) {}); // its words are all that can be wrong, and were looked at while reading
}

} // namespace gateway::config
