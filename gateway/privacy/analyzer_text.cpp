// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/analyzer_text.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/utf8.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace gateway::privacy {

namespace {

/// Where each character of a text begins, and its end: places in characters as places in bytes.
std::vector<std::size_t> characterBegins(std::string_view text)
{
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80)
            begins.push_back(i);
    }
    begins.push_back(text.size());
    return begins;
}

/// nullopt: nobody asked for that entity.
std::optional<std::uint32_t> ruleOf(const ExternalDetector &detector, const std::string &entity)
{
    if (detector.entities.empty())
        return detector.firstRule;
    const auto found = std::ranges::find(detector.entities, entity);
    if (found == detector.entities.end())
        return std::nullopt;
    return detector.firstRule + static_cast<std::uint32_t>(found - detector.entities.begin());
}

} // namespace

std::string analyzerRequest(const ExternalDetector &detector, std::string_view text, std::string_view language)
{
    std::string body;
    wire::JsonWriter json(body);
    json.object().textMember("text", text).textMember("language", language);
    if (!detector.entities.empty()) {
        json.array("entities");
        for (const std::string &entity : detector.entities)
            json.text(entity);
        json.endArray();
    }
    json.endObject();
    return body;
}

Result<std::vector<Hit>> readAnalyzerAnswer(const ExternalDetector &detector, std::string_view text, std::string_view answer)
{
    const auto malformed = [&](std::string_view what) { return fail(ErrorCode::Malformed, "the external detector " + jsonQuoted(detector.name) + " answered with " + std::string(what)); };
    const auto list = nlohmann::json::parse(answer, nullptr, false);
    if (!list.is_array())
        return malformed("something else than a list of findings");
    // Bytes that are no UTF-8 were sent as other characters, and places would be off.
    if (!wire::isUtf8(text))
        return fail(ErrorCode::Invalid, "the external detector " + jsonQuoted(detector.name) + " cannot say where in a text that is no UTF-8");
    const std::vector<std::size_t> begins = characterBegins(text);
    std::vector<Hit> hits;
    for (const auto &each : list) {
        const auto type = each.is_object() ? each.find("entity_type") : each.end();
        if (!each.is_object() || type == each.end() || !type->is_string() || !each.contains("start") || !each["start"].is_number_unsigned() || !each.contains("end") || !each["end"].is_number_unsigned())
            return malformed("a finding without entity_type, start and end");
        const auto from = each["start"].get<std::size_t>(), to = each["end"].get<std::size_t>();
        if (from >= to || to >= begins.size())
            return malformed("a place outside the text");
        const auto score = each.find("score");
        if (const auto rule = ruleOf(detector, type->get<std::string>()))
            hits.push_back({begins[from], begins[to], *rule, score != each.end() && score->is_number() ? score->get<double>() : 1.0});
    }
    return hits;
}

} // namespace gateway::privacy
