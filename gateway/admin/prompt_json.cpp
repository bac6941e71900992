// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/prompt_json.h"

#include "gateway/admin/json_body.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

std::string textOfJson(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A prompt made of a body's part; fields of what is wrong are told from `within` on.
Result<config::Prompt> readWithin(const Json &prompt, std::string_view within)
{
    auto read = config::readPrompt(textOfJson(prompt));
    if (read)
        return std::move(*read);
    const auto wrong = std::ranges::find(read.error(), false, &config::Problem::warning);
    const config::Problem &problem = wrong == read.error().end() ? read.error().front() : *wrong;
    const std::string field = problem.field.starts_with(within) ? problem.field.substr(within.size()) : problem.field;
    return fail(ErrorCode::Invalid, field.empty() ? problem.message : fmt::format("{}: {}", field, problem.message), field);
}

Json millis(const std::optional<std::int64_t> &micros)
{
    return micros ? Json(static_cast<double>(*micros) / 1000) : Json();
}

Json answerJson(const api::PromptAnswer &answer)
{
    Json json {{"route", answer.route}, {"text", answer.text}, {"call_id", answer.callId.empty() ? Json() : Json(answer.callId)}};
    json["error"] = answer.error ? Json(answer.error->message) : Json();
    json["first_text_ms"] = answer.firstTextUs < 0 ? Json() : millis(answer.firstTextUs);
    json["latency_ms"] = millis(answer.latencyUs);
    json["cost"] = answer.cost ? Json(answer.cost->toDecimal()) : Json();
    json["input_tokens"] = answer.inputTokens;
    json["output_tokens"] = answer.outputTokens;
    return json;
}

} // namespace

Result<config::PromptVersion> readVersion(const Json &body, const std::string &prompt)
{
    if (body.contains("version"))
        return fail(ErrorCode::BadRequest, "A new version gets its number by itself. Leave `version` out.", "version");
    Json version = body;
    version["version"] = 1;
    auto read = readWithin(Json {{"name", prompt}, {"versions", Json::array({std::move(version)})}}, "versions[0].");
    if (!read)
        return std::unexpected(read.error());
    return std::move(read->versions.front());
}

Result<config::PromptTestSet> readTestSet(const Json &body, const config::Prompt &prompt)
{
    const Json version {{"version", 1}, {"messages", Json::array({Json {{"role", "user"}, {"content", ""}}})}};
    auto read = readWithin(Json {{"name", prompt.name}, {"versions", Json::array({version})}, {"test_sets", Json::array({body})}}, "test_sets[0].");
    if (!read)
        return std::unexpected(read.error());
    return std::move(read->testSets.front());
}

Result<Feedback> readFeedback(const Json &body)
{
    for (const auto &member : body.items()) {
        constexpr std::array<std::string_view, 5> known {"call_id", "value", "weight", "comment", "metadata"};
        if (std::ranges::find(known, member.key()) == known.end())
            return fail(ErrorCode::BadRequest, fmt::format("{} is nothing of feedback; it has call_id, value, weight, comment and metadata.", jsonQuoted(truncatedUtf8(member.key(), 60))), std::string(truncatedUtf8(member.key(), 60)));
    }
    Feedback feedback;
    const auto given = [&](const char *name) { return body.contains(name) && !body[name].is_null(); };
    if (!given("value") || !body["value"].is_number())
        return fail(ErrorCode::BadRequest, "value is a number from -1 (bad) to 1 (good).", "value");
    feedback.value = body["value"].get<double>();
    if (given("weight") && !body["weight"].is_number())
        return fail(ErrorCode::BadRequest, "weight is a number above 0, to 1.", "weight");
    feedback.weight = given("weight") ? body["weight"].get<double>() : feedback.weight;
    if (given("comment") && !body["comment"].is_string())
        return fail(ErrorCode::BadRequest, "comment is a text.", "comment");
    feedback.comment = textOf(body, "comment");
    if (given("metadata") && !body["metadata"].is_object())
        return fail(ErrorCode::BadRequest, "metadata is a JSON object.", "metadata");
    if (given("metadata"))
        feedback.metadata = textOfJson(body["metadata"]);
    return feedback;
}

Json feedbackJson(const std::vector<Feedback> &feedback)
{
    Json list = Json::array();
    for (const Feedback &one : feedback) {
        Json metadata = one.metadata.empty() ? Json() : Json::parse(one.metadata, nullptr, false);
        list.push_back({{"value", one.value}, {"weight", one.weight}, {"comment", one.comment.empty() ? Json() : Json(one.comment)}, {"metadata", metadata.is_discarded() ? Json() : std::move(metadata)},
                        {"by", one.by}, {"at", config::dateText(std::chrono::floor<std::chrono::seconds>(one.at))}});
    }
    return list;
}

Json diffJson(const std::vector<config::DiffPart> &parts)
{
    constexpr std::array<const char *, 3> kinds {"equal", "removed", "added"};
    Json list = Json::array();
    for (const config::DiffPart &part : parts) {
        Json lines = Json::array();
        for (const DiffLine &line : part.lines)
            lines.push_back({{"kind", kinds[static_cast<std::size_t>(line.kind)]}, {"text", line.text}});
        list.push_back({{"what", part.what}, {"lines", std::move(lines)}});
    }
    return {{"parts", std::move(list)}};
}

Json figuresJson(const std::vector<PromptFigures> &figures, const config::Prompt &prompt)
{
    Json data = Json::array();
    for (const PromptFigures &one : figures) {
        const auto version = std::ranges::find(prompt.versions, one.version, &config::PromptVersion::version);
        Json json {{"version", one.version}, {"labels", version == prompt.versions.end() ? Json::array() : Json(version->labels)}};
        json["calls"] = one.calls;
        json["failed"] = one.failed;
        json["refused"] = one.refused;
        json["cost"] = one.cost.toDecimal();
        json["unpriced"] = one.unpriced;
        json["input_tokens"] = one.inputTokens;
        json["output_tokens"] = one.outputTokens;
        json["p50_ms"] = millis(one.p50Us);
        json["p95_ms"] = millis(one.p95Us);
        json["feedback"] = {{"count", one.feedback}, {"mean", one.value ? Json(*one.value) : Json()}};
        data.push_back(std::move(json));
    }
    return {{"data", std::move(data)}};
}

Json testsJson(const std::vector<api::TestResult> &results)
{
    struct Sums
    {
        std::size_t passed = 0, failed = 0, left = 0;
        Money cost;
    };
    std::map<std::int64_t, Sums> sums;
    Json data = Json::array();
    for (const api::TestResult &result : results) {
        Sums &sum = sums[result.version];
        ++(!result.run ? sum.left : result.passed ? sum.passed : sum.failed);
        sum.cost += result.answer.cost.value_or(Money());
        Json json {{"version", result.version}, {"case", result.testCase}, {"result", !result.run ? "not_run" : result.passed ? "passed" : "failed"}, {"failures", result.failures}};
        json.update(answerJson(result.answer));
        data.push_back(std::move(json));
    }
    Json totals = Json::array();
    for (const auto &[version, sum] : sums)
        totals.push_back({{"version", version}, {"passed", sum.passed}, {"failed", sum.failed}, {"not_run", sum.left}, {"cost", sum.cost.toDecimal()}});
    return {{"data", std::move(data)}, {"totals", std::move(totals)}};
}

} // namespace gateway::admin
